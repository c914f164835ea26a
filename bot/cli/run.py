"""`backchat run`: the Discord bot."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator

import click

from bot import config
from bot.cli.session import open_service
from bot.jobs.local import PRELOAD
from bot.logs import configure
from bot.service import Service
from bot.thinking import SWITCH_SECONDS
from bot.warming import warm


@click.command("run")
def command() -> None:
    """Run the Discord bot until it is stopped; the token comes from DISCORD_TOKEN or DISCORD_TOKEN_FILE."""
    settings = config.load()
    configure(settings.log_format)
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(_run(settings, settings.token()))


async def _run(settings: config.Settings, token: str) -> None:
    from bot.discord.running import run  # noqa: PLC0415  no other command needs discord.py

    async with open_service(settings, PRELOAD, remember=True) as service:
        await service.jobs.start()
        await asyncio.to_thread(service.matcher.warm)
        logging.getLogger(__name__).info("%d answers, %d jobs at once", len(service.catalog), settings.jobs)
        async with _warming(service) if settings.warming else contextlib.nullcontext():
            await run(settings, token, service)


@contextlib.asynccontextmanager
async def _warming(service: Service) -> AsyncGenerator[None]:
    """Prepare the answers' plots meanwhile."""
    task = asyncio.create_task(warm(service.catalog, service.laboratory))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
