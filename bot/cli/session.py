"""What a command needs for its one run: settings, the library and an engine, opened and closed."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Sequence

import click

from answers.catalog import Catalog, load
from answers.matching import Matcher
from answers.matching.glossary import load_glossary
from bot import config
from bot.jobs.job import Engine, Job, OnProgress, Progress, Result
from bot.jobs.local import PRELOAD_ONCE, LocalEngine
from bot.service import Service
from sim.cost import this_machine

_BAR = 24


class _OnDemand(Engine):
    """An engine that starts with its first job: what is refused or has no answer starts none."""

    def __init__(self, engine: LocalEngine) -> None:
        self.capacity = engine.capacity
        self._engine = engine
        self._starting = asyncio.Lock()
        self._started = False

    async def start(self) -> None:
        async with self._starting:
            if not self._started:
                await self._engine.start()
                self._started = True

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        await self.start()
        return await self._engine.run(job, on_progress)

    async def aclose(self) -> None:
        await self._engine.aclose()


@contextlib.asynccontextmanager
async def open_service(
    settings: config.Settings, preload: Sequence[str] = PRELOAD_ONCE
) -> AsyncGenerator[Service]:
    """Load the library and close the engine afterwards; job processes start with the first job.

    Args:
        settings: of the operator.
        preload: modules that each job finds imported; the more jobs, the more it pays.
    """
    engine = _OnDemand(LocalEngine(slots=settings.jobs, preload=preload))
    catalog = load_catalog(settings)
    # Measured before anybody asks, and beside the event loop, which has to answer platforms in time.
    machine = await asyncio.to_thread(this_machine)
    matcher = Matcher(catalog, glossary=load_glossary(settings.answers))
    service = Service(
        catalog=catalog, matcher=matcher, engine=engine, limits=settings.limits, machine=machine
    )
    try:
        yield service
    finally:
        await engine.aclose()


def load_catalog(settings: config.Settings) -> Catalog:
    """Load the library; say on stderr what could not be read."""
    catalog = load(settings.answers)
    for problem in catalog.problems:
        click.echo(f"backchat: left out: {problem}", err=True)
    return catalog


def show_progress(progress: Progress) -> None:
    """Draw a bar on stderr where that is a terminal."""
    if sys.stderr.isatty():
        done = round(_BAR * progress.fraction)
        sys.stderr.write(f"\r{'█' * done}{'░' * (_BAR - done)} {progress.text:<30.30}")
        sys.stderr.flush()


def end_progress() -> None:
    """Wipe the bar."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (_BAR + 31) + "\r")
        sys.stderr.flush()
