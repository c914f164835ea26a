"""The bot without a platform: ask and simulate."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from answers.catalog import Catalog
from answers.entry import Entry, Simulation
from answers.matching import Answer, Candidate, Matcher, Offer
from answers.pipeline import finish, plan
from answers.tailoring import tailor
from bot.errors import BadRequest
from bot.jobs.errors import JobError
from bot.jobs.job import Engine, Job, Limits, Progress, Result
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
from sim.cost import Allowance, require_affordable, this_machine
from sim.measurements import Measurements, Variant
from sim.request import request
from sim.spec import Spec, parse_variants, require_words
from sim.summaries import SUMMARIES
from sim.support import natural, require_runnable

MAX_QUESTION = 2_000
"""Characters of a question that are read; Discord's longest message."""
_KNOWN_TITLES = 5

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
        if isinstance(found, Answer):
            tailored = tailor(self.catalog.entries[found.id], question, self.allowance)
            reply = await self.answer(
                tailored.entry, question, theme=theme, candidates=found.candidates, on_progress=on_progress
            )
            if tailored.entry is not self.catalog.entries[found.id]:
                # A claim that fails on the asker's own network is no fault of the answer.
                own = tuple(problem for problem in reply.problems if not problem.endswith("[claim-fails]"))
                reply = replace(reply, problems=own)
            return replace(reply, note=tailored.note)
        if isinstance(found, Offer):
            return OfferReply(question=question, candidates=found.candidates)
        known = tuple(entry.title for entry in self.catalog)[:_KNOWN_TITLES]
        return SilentReply(question=question, candidates=found.candidates, known=known)

    async def answer(
        self,
        entry: Entry,
        question: str,
        *,
        theme: str = "dark",
        candidates: Sequence[Candidate] = (),
        on_progress: OnProgress = ignore,
    ) -> AnswerReply:
        """Run the simulations of an entry and render it."""
        start = time.monotonic()
        results = await self._run_all(plan(entry), theme, on_progress)
        rendered = finish(entry, [_measurements(result) for result in results])
        named = zip(plan(entry), results, strict=True)
        images = tuple(image for run, result in named for image in _images(result, theme, run.name))
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
            problems=tuple(str(problem) for problem in rendered.problems),
            seconds=time.monotonic() - start,
        )

    async def simulate(
        self,
        text: str,
        *,
        experiment: str | None = None,
        theme: str = "dark",
        on_progress: OnProgress = ignore,
    ) -> SimulationReply:
        """Run the configurations of `SPEC [vs SPEC…]` in an experiment, or in the one that suits them.

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
        require_words(text)
        specs = parse_variants(text)
        experiment = experiment or natural(specs)
        require_runnable(experiment, specs)
        require_affordable(experiment, specs, self.allowance)
        return experiment, specs

    async def measure(self, simulation: Simulation, *, draw: bool) -> Measurements:
        """Run one simulation of an entry for its numbers; `draw` its cards too, to see that they can be."""
        specs = tuple(simulation.variants.values())
        return _measurements(await self._run(simulation.experiment, specs, "dark" if draw else None, ignore))

    @property
    def allowance(self) -> Allowance:
        """What one run may take."""
        memory = self.limits.memory_mb * 2**20
        return Allowance(seconds=self.limits.wall_seconds, bytes=memory, machine=this_machine())

    async def _run_all(
        self, simulations: Sequence[Simulation], theme: str, on_progress: OnProgress
    ) -> list[Result]:
        """Run several simulations at once; the first that fails ends the others."""
        try:
            async with asyncio.TaskGroup() as group:
                runs = [
                    group.create_task(self._run_simulation(simulation, theme, on_progress))
                    for simulation in simulations
                ]
        except* JobError as errors:
            raise errors.exceptions[0] from None
        return [run.result() for run in runs]

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
