"""The bot without a platform: ask and simulate."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from answers.catalog import Catalog
from answers.entry import Entry, Simulation
from answers.matching import Answer, Candidate, Matcher, Offer
from answers.parameters import parameters, written
from answers.pipeline import finish, plan
from answers.tailoring import offered, tailor
from bot.errors import BadRequest
from bot.jobs.job import Engine, Job, Limits, Progress, Result
from bot.jobs.together import together
from bot.reply import (
    AnswerReply,
    AskReply,
    Image,
    OfferReply,
    SilentReply,
    SimulationReply,
    VariantLine,
)
from sim import report
from sim.asked import read_simulation
from sim.cost import REFERENCE, Allowance, Machine, require_affordable
from sim.measurements import Measurements, Variant
from sim.request import request
from sim.spec import Spec
from sim.summaries import SUMMARIES
from sim.support import require_runnable

MAX_QUESTION = 2_000
"""Characters of a question that are read; Discord's longest message."""
_KNOWN_TITLES = 5
_NOTHING: Mapping[str, str] = MappingProxyType({})

OnProgress = Callable[[Progress], None]


def ignore(_progress: Progress) -> None:
    """Take no interest in progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Answers questions and runs configurations on an engine."""

    catalog: Catalog
    matcher: Matcher
    engine: Engine
    limits: Limits
    machine: Machine = REFERENCE
    """On which the jobs run; how long one takes is estimated for it."""

    async def ask(self, question: str, *, theme: str = "dark", on_progress: OnProgress = ignore) -> AskReply:
        """Answer a question, offer a few answers, or say that there is none.

        Raises:
            BadRequest: there is no question.
            JobError: a simulation that the answer needs did not end well.
        """
        question = question.strip()
        if not question:
            msg = "A question has at least one word; got none; for example: why do gradients vanish?"
            raise BadRequest(msg)
        found = self.matcher.match(question[:MAX_QUESTION])
        wanted = parameters(question)
        if isinstance(found, Answer):
            entry = self.catalog.entries[found.id]
            return await self.answer(
                entry, question, wanted, theme=theme, candidates=found.candidates, on_progress=on_progress
            )
        if isinstance(found, Offer):
            entries = (self.catalog.entries[candidate.id] for candidate in found.candidates)
            knobs = {entry.id: written(offered(entry, wanted)) for entry in entries}
            return OfferReply(question=question, candidates=found.candidates, knobs=knobs)
        known = tuple(entry.title for entry in self.catalog)[:_KNOWN_TITLES]
        return SilentReply(question=question, candidates=found.candidates, known=known)

    async def answer(  # noqa: PLR0913  what is asked, and how it is shown
        self,
        entry: Entry,
        question: str,
        wanted: Mapping[str, str] = _NOTHING,
        *,
        theme: str = "dark",
        candidates: Sequence[Candidate] = (),
        on_progress: OnProgress = ignore,
    ) -> AnswerReply:
        """Run the simulations of an entry and render it.

        Args:
            entry: the answer.
            question: what was asked.
            wanted: what the question sets for its own network, as `parameters` finds it.
            theme: of the plots.
            candidates: the entries that the question might have meant.
            on_progress: is told how far the runs are.

        Raises:
            JobError: a simulation did not end well.
        """
        start = time.monotonic()
        tailored = tailor(entry, wanted, self.allowance)
        simulations = plan(tailored.entry)
        results = await together(self._run_simulation(one, theme, on_progress) for one in simulations)
        rendered = finish(tailored.entry, [_measurements(result) for result in results])
        named = zip(simulations, results, strict=True)
        images = tuple(image for run, result in named for image in _images(result, theme, run.name))
        # A claim that fails on the asker's own network is no fault of the answer.
        own = tailored.entry is not entry
        problems = [one for one in rendered.problems if not (own and one.code == "claim-fails")]
        return AnswerReply(
            id=entry.id,
            question=question,
            title=entry.title,
            short=rendered.short,
            body=rendered.body,
            more=rendered.more,
            misconception=rendered.misconception,
            markdown=rendered.markdown,
            verdicts=rendered.verdicts,
            images=images,
            finding=_finding(results[0], theme),
            sources=entry.sources,
            try_next=entry.try_next,
            candidates=tuple(candidates),
            problems=tuple(str(problem) for problem in problems),
            seconds=time.monotonic() - start,
            note=tailored.note,
        )

    async def simulate(
        self,
        text: str,
        *,
        experiment: str | None = None,
        theme: str = "dark",
        on_progress: OnProgress = ignore,
    ) -> SimulationReply:
        """Run the configurations of `SPEC [vs SPEC…]` in an experiment, the one named or that suits.

        Raises:
            SimulationError: the text cannot be read, makes no sense, or is too expensive.
            JobError: the run did not end well.
        """
        start = time.monotonic()
        experiment, specs = self.require_simulation(text, experiment)
        result = await self._run(experiment, specs, theme, on_progress)
        measurements = _measurements(result)
        return SimulationReply(
            title=_finding(result, theme),
            lines=[_line(experiment, variant) for variant in measurements.variants],
            images=_images(result, theme, "simulation"),
            document=report.to_json(measurements),
            seconds=time.monotonic() - start,
        )

    def require_simulation(self, text: str, experiment: str | None = None) -> tuple[str, tuple[Spec, ...]]:
        """Read a simulation, choose its experiment and check that it can be run.

        Raises:
            SimulationError: it cannot be read, makes no sense, or is too expensive.
        """
        experiment, specs = read_simulation(text, experiment)
        require_runnable(experiment, specs)
        require_affordable(experiment, specs, self.allowance)
        return experiment, specs

    async def measure(self, simulation: Simulation, *, draw: bool) -> Measurements:
        """Run one simulation of an entry for its numbers; `draw` its cards too, to see that they can be."""
        specs = tuple(simulation.variants.values())
        return _measurements(await self._run(simulation.experiment, specs, "dark" if draw else None, ignore))

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

    @property
    def allowance(self) -> Allowance:
        """What one run may take."""
        memory = self.limits.memory_mb * 2**20
        return Allowance(seconds=self.limits.wall_seconds, bytes=memory, machine=self.machine)

    async def _run_simulation(self, simulation: Simulation, theme: str, on_progress: OnProgress) -> Result:
        return await self._run(simulation.experiment, tuple(simulation.variants.values()), theme, on_progress)

    async def _run(
        self, experiment: str, specs: tuple[Spec, ...], theme: str | None, on_progress: OnProgress
    ) -> Result:
        themes = [] if theme is None else [theme]
        job = Job(task="measure", request=request(experiment, specs, themes), limits=self.limits)
        return await self.engine.run(job, on_progress)


def _measurements(result: Result) -> Measurements:
    return Measurements.from_json(result.data["measurements"])


def _cards(result: Result, theme: str) -> Sequence[dict[str, Any]]:
    return result.data["cards"][theme]


def _images(result: Result, theme: str, run: str) -> tuple[Image, ...]:
    """Name the images after the run: two of one answer may be of the same experiment."""
    return tuple(
        Image(
            name=f"{run}-{card['file']}",
            png=result.files[card["file"]],
            alt=card["alt"],
            leading=number == 0,
        )
        for number, card in enumerate(_cards(result, theme))
    )


def _finding(result: Result, theme: str) -> str:
    return _cards(result, theme)[0]["title"]


def _line(experiment: str, variant: Variant) -> VariantLine:
    return VariantLine(label=variant.label, spec=variant.spec.text, lines=SUMMARIES[experiment](variant))
