"""What a command needs for its one run: settings, the library and an engine, opened and closed."""

import asyncio
import contextlib
import math
import sys
from collections.abc import AsyncGenerator, Sequence

import click

from answers.catalog import Catalog, load
from answers.matching import Matcher
from answers.matching.glossary import load_glossary
from bot import config
from bot.jobs.cache import FileCache, NoCache
from bot.jobs.cluster.open import cluster_engine
from bot.jobs.cluster.security import TlsFiles
from bot.jobs.job import Engine, Job, OnProgress, Result
from bot.jobs.local import PRELOAD_ONCE, LocalEngine
from bot.jobs.service import JobService
from bot.jobs.status import Running, Status
from bot.laboratory import Laboratory
from bot.service import Service
from sim.cost import this_machine

CACHE = "results.sqlite3"
"""The file in the data folder that holds what was computed; it may be deleted at any time."""

_BAR = 24


class _OnDemand(Engine):
    """An engine that starts with its first job: what is refused, remembered or has no answer starts none."""

    def __init__(self, engine: LocalEngine) -> None:
        self.capacity = engine.capacity
        self.build = engine.build
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
    settings: config.Settings, preload: Sequence[str] = PRELOAD_ONCE, *, remember: bool = False
) -> AsyncGenerator[Service]:
    """Load the library and close the engine afterwards; job processes start with the first job.

    Args:
        settings: of the operator.
        preload: modules that each job finds imported; the more jobs, the more it pays.
        remember: whether results are taken from, and kept in, the cache in the data folder.
    """
    async with open_laboratory(settings, preload, remember=remember) as laboratory:
        catalog = load_catalog(settings)
        matcher = Matcher(catalog, glossary=load_glossary(settings.answers))
        yield Service(catalog=catalog, matcher=matcher, laboratory=laboratory)


@contextlib.asynccontextmanager
async def open_laboratory(
    settings: config.Settings, preload: Sequence[str], *, remember: bool
) -> AsyncGenerator[Laboratory]:
    """Open an engine that starts with its first job, and close it afterwards; the rest as `open_service`."""
    engine = await _engine(settings, preload)
    cache = FileCache(settings.data / CACHE, settings.cache_mb * 2**20) if remember else NoCache()
    jobs = JobService(engine, cache, quotas=settings.quotas)
    try:
        # Measured before anybody asks, and beside the event loop, which has to answer platforms in time.
        machine = await asyncio.to_thread(this_machine)
        yield Laboratory(jobs=jobs, limits=settings.limits, machine=machine)
    finally:
        await jobs.aclose()


async def _engine(settings: config.Settings, preload: Sequence[str]) -> Engine:
    """Return an engine on this machine, which starts with its first job, or one on a cluster, started."""
    if settings.scheduler is None:
        return _OnDemand(LocalEngine(slots=settings.jobs, preload=preload))
    files = TlsFiles.of(ca=settings.cluster_ca, cert=settings.cluster_cert, key=settings.cluster_key)
    engine = cluster_engine(settings.scheduler, files)
    await engine.start()  # what its machines compute with is part of every key
    return engine


def load_catalog(settings: config.Settings) -> Catalog:
    """Load the library; say on stderr what could not be read."""
    catalog = load(settings.answers)
    for problem in catalog.problems:
        click.echo(f"backchat: left out: {problem}", err=True)
    return catalog


def show_progress(status: Status) -> None:
    """Draw a bar on stderr where that is a terminal."""
    if sys.stderr.isatty() and isinstance(status, Running):
        done = round(_BAR * status.fraction)
        sys.stderr.write(f"\r{'█' * done}{'░' * (_BAR - done)} {_time(status.seconds)} {status.text:<30.30}")
        sys.stderr.flush()


def at(fraction: float, text: str) -> Running:
    """Say how far a command is that makes several requests."""
    return Running(fraction=fraction, text=text, seconds=0.0)


def end_progress() -> None:
    """Wipe the bar."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (_BAR + 40) + "\r")
        sys.stderr.flush()


def _time(seconds: float) -> str:
    return f"{f'{math.ceil(seconds)} s' if seconds >= 1 else '':<8.8}"
