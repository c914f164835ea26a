"""Running experiments as jobs: what they cost, in which order, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from answers.entry import Simulation
from bot.jobs.asker import Asker
from bot.jobs.combined import Combined
from bot.jobs.job import Job, Limits, Result
from bot.jobs.service import JobService
from bot.jobs.status import OnStatus, ignore
from bot.jobs.together import together
from sim.asked import read_simulation
from sim.cost import REFERENCE, Allowance, Machine, estimate, require_affordable
from sim.measurements import Measurements
from sim.request import request
from sim.spec import Spec
from sim.support import require_runnable

_DRAWING_SECONDS = 0.1
_TIMED = frozenset({"speed"})
"""Experiments whose results are times: true only of the moment at which they were measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An experiment on a few networks, drawn in a theme or not at all."""

    experiment: str
    specs: tuple[Spec, ...]
    theme: str | None = None

    @property
    def lasting(self) -> bool:
        """Whether the same run gives the same numbers at any time."""
        return self.experiment not in _TIMED

    @classmethod
    def of(cls, simulation: Simulation, theme: str | None) -> "Run":
        """Take over what an answer wants to be run."""
        return cls(experiment=simulation.experiment, specs=tuple(simulation.variants.values()), theme=theme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """Where experiments are run, and what one may take."""

    jobs: JobService
    limits: Limits
    machine: Machine = REFERENCE
    """On which the jobs run; how long one takes is estimated for it."""

    @property
    def allowance(self) -> Allowance:
        """What one run may take."""
        memory = self.limits.memory_mb * 2**20
        return Allowance(seconds=self.limits.wall_seconds, bytes=memory, machine=self.machine)

    async def run(
        self, runs: Sequence[Run], asker: Asker | None = None, on_status: OnStatus = ignore
    ) -> list[Result]:
        """Run experiments at once, as far as there is room; the first that fails ends the others.

        Raises:
            JobError: one did not end well.
        """
        asker = asker or Asker()
        jobs = [self._job(one) for one in runs]
        combined = Combined([job.seconds for job in jobs], on_status)

        async def one(number: int, job: Job) -> Result:
            result = await self.jobs.run(job, asker, combined.listener(number))
            combined.end(number)
            return result

        return await together(one(number, job) for number, job in enumerate(jobs))

    async def measure(self, simulation: Simulation, *, draw: bool) -> Measurements:
        """Run one simulation of an entry for its numbers; `draw` its cards too, to see that they can be."""
        [result] = await self.run([Run.of(simulation, "dark" if draw else None)])
        return measurements(result)

    async def measure_rounds(self, rounds: Sequence[Sequence[Simulation]]) -> list[list[Measurements]]:
        """Run several rounds of simulations for their numbers, all at once; the cards of the first are drawn.

        Raises:
            JobError: a simulation did not end well.
        """
        found = iter(
            await together(
                self.measure(one, draw=not number) for number, round_ in enumerate(rounds) for one in round_
            )
        )
        return [[next(found) for _ in round_] for round_ in rounds]

    def require_simulation(self, text: str, experiment: str | None = None) -> Run:
        """Read `SPEC [vs SPEC…]`, choose its experiment and check that it can be run.

        Raises:
            SimulationError: it cannot be read, makes no sense, or is too expensive.
        """
        experiment, specs = read_simulation(text, experiment)
        require_runnable(experiment, specs)
        require_affordable(experiment, specs, self.allowance)
        return Run(experiment=experiment, specs=specs)

    def _job(self, run: Run) -> Job:
        themes = [] if run.theme is None else [run.theme]
        computing = estimate(run.experiment, run.specs, self.machine).seconds
        return Job(
            task="measure",
            request=request(run.experiment, run.specs, themes),
            limits=self.limits,
            seconds=computing + _DRAWING_SECONDS * len(themes),
            lasting=run.lasting,
        )


def measurements(result: Result) -> Measurements:
    """Read what a run measured."""
    return Measurements.from_json(result.data["measurements"])
