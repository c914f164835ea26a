"""Saving, reviewing and previewing every shipped answer at the desk as an instructor does, and publishing it.

The first review finds nothing computed, as if every simulation had been changed.  An instructor who only
changed words waits for no run; that is measured after it.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.report import number, table
from benchmarks.storage import NOW
from bot.jobs import launch
from bot.jobs.asker import Asker
from bot.jobs.cache import Cache
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.local import PRELOAD, LocalEngine
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.libraries import Libraries
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author
from bot.teaching.desk import Desk
from bot.teaching.office import Office
from bot.teaching.outcomes import Kept, Published
from bot.teaching.review import Client, Review, Reviewer
from bot.teaching.roles import Person, Role
from sim.cost import this_machine

SLOTS = 2
GOAL_SECONDS, LIVE_GOAL_SECONDS = 3.0, 0.1
_GUILD = "118279181234567890"
_ADA = Person(author=Author(id="1", name="Ada"), role=Role.INSTRUCTOR)
_SLOWEST = 8


@dataclass(slots=True, kw_only=True)
class Timing:
    """What one answer took, in seconds."""

    slug: str
    saved: float = 0.0
    looked: float = 0.0
    """Until everything was said that can be seen without a run."""
    card: float = 0.0
    whole: float = 0.0
    again: float = 0.0
    """After a change of words."""
    live: float = 0.0
    jobs: list[float] = field(default_factory=list[float])
    """How long each job held its slot."""
    processor: float = 0.0
    """What the jobs took of the processors, which another load of the machine hardly changes."""
    faults: Sequence[str] = ()


class Bench:
    """A desk with an engine, and what was computed so far."""

    def __init__(self, desk: Desk, engine: "TimedEngine", cache: "ShortMemory") -> None:
        self.desk = desk
        self.engine = engine
        self.cache = cache


class TimedEngine(Engine):
    """An engine that notes how long its jobs take."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.capacity = engine.capacity
        self.build = engine.build
        self.seconds: list[float] = []

    async def start(self) -> None:
        """Start the engine."""
        await self._engine.start()

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        """Run a job."""
        start = time.perf_counter()
        try:
            return await self._engine.run(job, on_progress)
        finally:
            self.seconds.append(time.perf_counter() - start)

    async def aclose(self) -> None:
        """Close the engine."""
        await self._engine.aclose()


class ShortMemory(Cache):
    """Remembers results until it is told to forget them."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}

    async def get(self, key: str) -> Result | None:
        """Return a result."""
        return self.results.get(key)

    async def put(self, key: str, result: Result) -> None:
        """Keep a result."""
        self.results[key] = result

    async def aclose(self) -> None:
        """Hold nothing."""


def run(rounds: int) -> str:
    """Review every answer, and return how long it took."""
    del rounds
    found = asyncio.run(measure())
    return "\n\n".join([_table(found), _slowest(found)])


async def measure(slugs: Sequence[str] | None = None) -> list[Timing]:
    """Review the shipped answers of these ids, or all, one after the other."""
    async with opened() as bench:
        wanted = slugs or sorted(bench.desk.office.libraries.of(_GUILD).catalog.entries)
        return [await _one(bench, slug) for slug in wanted]


@asynccontextmanager
async def opened(slots: int = SLOTS) -> AsyncGenerator[Bench]:
    """Open a desk with an engine as the bot's."""
    engine, cache = TimedEngine(LocalEngine(slots, preload=PRELOAD)), ShortMemory()
    jobs = JobService(engine, cache)
    try:
        machine = await asyncio.to_thread(this_machine)
        await jobs.start()
        laboratory = Laboratory(jobs=jobs, limits=Limits(memory_mb=1536), machine=machine)
        with tempfile.TemporaryDirectory() as folder:
            async with open_storage(at_file(Path(folder) / "backchat.sqlite"), now=NOW) as storage:
                libraries = Libraries(storage=storage)
                desk = Desk(Office(storage, libraries, Reviewer(laboratory=laboratory)))
                await asyncio.to_thread((await libraries.at(_GUILD)).matcher.warm)
                yield Bench(desk, engine, cache)
    finally:
        await jobs.aclose()


async def _one(bench: Bench, slug: str) -> Timing:
    text = (await bench.desk.drafting.open(_GUILD, _ADA, slug)).text.rstrip()
    bench.cache.results.clear()
    bench.engine.seconds.clear()
    gc.collect()
    before = _processor_seconds()
    found = await _review(bench, slug, f"{text} So much for that.\n")
    found.jobs, found.processor = list(bench.engine.seconds), _processor_seconds() - before
    found.again = (await _review(bench, slug, f"{text} So much for this.\n")).whole
    return found


async def _review(bench: Bench, slug: str, text: str) -> Timing:
    drafting, found = bench.desk.drafting, Timing(slug=slug)
    opened_ = await drafting.open(_GUILD, _ADA, slug)
    start = time.perf_counter()

    def on_found(review: Review) -> None:
        if review.reply is None:
            found.looked = time.perf_counter() - start
        else:
            found.card = time.perf_counter() - start

    kept = await drafting.save(_GUILD, _ADA, opened_, text)
    require(isinstance(kept, Kept))
    found.saved = time.perf_counter() - start
    client = Client(on_found=on_found, asker=Asker(person=1, place=2))
    reviewed = await drafting.review(_GUILD, _ADA, slug, client=client)
    found.whole = time.perf_counter() - start
    found.faults = [problem.message for problem in reviewed.review.faults]
    if reviewed.review.passed:
        found.live = await _publish(bench, slug, head=reviewed.head, revision=reviewed.revision)
    return found


def _processor_seconds() -> float:
    """Return what all job processes that have ended used, as their forkserver was told."""
    fields = Path(f"/proc/{launch.server()}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    of_children = sum(map(int, fields[13:15]))
    return of_children / os.sysconf("SC_CLK_TCK")


async def _publish(bench: Bench, slug: str, *, head: int, revision: int) -> float:
    """Publish it and wait until a question of a student would get it."""
    libraries = bench.desk.office.libraries
    before = libraries.of(_GUILD).catalog.entries[slug]
    start = time.perf_counter()
    made = await bench.desk.publishing.publish(_GUILD, _ADA, slug, head=head, revision=revision)
    took = time.perf_counter() - start
    require(isinstance(made, Published) and libraries.of(_GUILD).catalog.entries[slug] is not before)
    return took


def require(fact: object) -> None:
    """End the benchmark if something did not happen that is measured."""
    if not fact:
        msg = "what was measured did not happen"
        raise RuntimeError(msg)


def _table(found: Sequence[Timing]) -> str:
    rows = [
        _row("saved", found, lambda one: one.saved),
        _row("what needs no run is said", found, lambda one: one.looked),
        _row("the card is there", found, lambda one: one.card, GOAL_SECONDS),
        _row("every claim was tried", found, lambda one: one.whole, GOAL_SECONDS),
        _row("processor time of its jobs", found, lambda one: one.processor),
        _row("the same after a change of words", found, lambda one: one.again, GOAL_SECONDS),
        _row("publish → live", [one for one in found if one.live], lambda one: one.live, LIVE_GOAL_SECONDS),
    ]
    passed = sum(not one.faults for one in found)
    head = f"{len(found)} answers, one after the other, {SLOTS} jobs at once; {passed} passed"
    return f"{head}\n\n" + table(["s", "median", "p95", "longest", "goal"], rows)


def _row(
    name: str, found: Sequence[Timing], take: Callable[[Timing], float], goal: float | None = None
) -> list[str]:
    seconds = np.array([take(one) for one in found])
    said = ""
    if goal is not None:
        said = f"≤ {goal:g} s: {int((seconds <= goal).sum())} of {len(seconds)}"
    shown = (float(np.median(seconds)), float(np.quantile(seconds, 0.95)), float(seconds.max()))
    return [name, *map(number, shown), said]


def _slowest(found: Sequence[Timing]) -> str:
    """Show where the time goes in those that take longest."""
    rows = [
        [
            one.slug,
            number(one.whole),
            number(one.card),
            str(len(one.jobs)),
            number(sum(one.jobs)),
            number(one.processor),
            number(sum(one.jobs) / SLOTS / one.whole),
        ]
        for one in sorted(found, key=lambda one: -one.whole)[:_SLOWEST]
    ]
    head = ["slowest", "s", "card s", "jobs", "their s", "processor s", "slots used"]
    return table(head, rows)
