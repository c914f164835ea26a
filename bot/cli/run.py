"""`backchat run`: the Discord bot."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from typing import Any

import click

from bot import config
from bot.cli.servers import open_hub
from bot.errors import ConfigurationError
from bot.hub import Hub
from bot.jobs.local import PRELOAD
from bot.logs import configure
from bot.memory import give_back, in_one_go
from bot.storage.errors import StorageError
from bot.storage.location import locate
from bot.storage.lock import hold, lock_files
from bot.thinking import SWITCH_SECONDS
from bot.warming import rehearse, warm

_log = logging.getLogger(__name__)


@click.command("run")
def command() -> None:
    """Run the Discord bot until it is stopped; the token comes from DISCORD_TOKEN or DISCORD_TOKEN_FILE."""
    settings = config.load()
    configure(settings.log_format)
    sys.setswitchinterval(SWITCH_SECONDS)
    token = settings.token()
    asyncio.run(_run(settings, token))


@contextlib.contextmanager
def _alone(settings: config.Settings) -> Generator[None]:
    """Hold the data folder and the database: a second bot would run the first one's requests again."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold(lock_files(settings.data, locate(settings))))
        except StorageError as error:
            raise ConfigurationError(str(error)) from None
        yield


async def _run(settings: config.Settings, token: str) -> None:
    with in_one_go():
        from bot.discord.running import prepare, run  # noqa: PLC0415  no other command needs discord.py

    await prepare(settings, token)  # what is wrong with them is said before anything slow is started
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_alone(settings))
        with in_one_go():
            hub = await stack.enter_async_context(open_hub(settings, PRELOAD))
            started = await stack.enter_async_context(_engine(hub))
            service = hub.service
            await asyncio.to_thread(service.matcher.warm)
        give_back()
        _log.info("%d answers, %d jobs at once", len(service.catalog), service.jobs.engine.capacity)
        if settings.warming:
            await stack.enter_async_context(_warming(hub))
        await _until_either(run(settings, token, hub), started)


@contextlib.asynccontextmanager
async def _engine(hub: Hub) -> AsyncGenerator[asyncio.Task[None]]:
    """Start the engine meanwhile: it takes longest, and people can be acknowledged without it."""
    task = asyncio.create_task(hub.service.jobs.start())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _until_either(serving: Coroutine[Any, Any, None], started: asyncio.Task[None]) -> None:
    """Serve to the end; should the engine not start, end with its error."""
    task = asyncio.create_task(serving)
    try:
        await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            await started
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])


@contextlib.asynccontextmanager
async def _warming(hub: Hub) -> AsyncGenerator[None]:
    """Prepare the answers' plots meanwhile."""
    task = asyncio.create_task(_warm(hub))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _warm(hub: Hub) -> None:
    try:
        await warm(hub.service.catalog, hub.service.laboratory)
        await rehearse(hub.service)
    except Exception:  # noqa: BLE001  the bot can do without
        _log.exception("could not prepare all plots; each is made when it is asked for")
