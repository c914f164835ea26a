"""What a command needs for its one run: settings, the library and an engine, opened and closed."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator

import click

from answers.catalog import Catalog, load
from answers.matching import Matcher
from bot import config
from bot.jobs.job import Progress
from bot.jobs.local import LocalEngine
from bot.service import Service

_BAR = 24


@contextlib.asynccontextmanager
async def open_service(settings: config.Settings) -> AsyncGenerator[Service]:
    """Start the job processes and load the library side by side; end both afterwards."""
    engine = LocalEngine(slots=settings.jobs)
    starting = asyncio.create_task(engine.start())
    try:
        catalog = load_catalog(settings)
        service = Service(catalog=catalog, matcher=Matcher(catalog), engine=engine, limits=settings.limits)
        await starting
        yield service
    finally:
        await _settle(starting)
        await engine.aclose()


def load_catalog(settings: config.Settings) -> Catalog:
    """Load the library; say on stderr what could not be read."""
    catalog = load(settings.answers)
    for problem in catalog.problems:
        click.echo(f"backchat: left out: {problem}", err=True)
    return catalog


def show_progress(progress: Progress) -> None:
    """Draw a bar on stderr where that is a terminal."""
    stream = sys.stderr
    if stream.isatty():
        done = round(_BAR * progress.fraction)
        stream.write(f"\r{'█' * done}{'░' * (_BAR - done)} {progress.text:<30.30}")
        stream.flush()


def end_progress() -> None:
    """Wipe the bar."""
    stream = sys.stderr
    if stream.isatty():
        stream.write("\r" + " " * (_BAR + 31) + "\r")
        stream.flush()


async def _settle(task: asyncio.Task[None]) -> None:
    """Let a start end before the engine is closed, whatever came of it."""
    with contextlib.suppress(Exception):
        await task
