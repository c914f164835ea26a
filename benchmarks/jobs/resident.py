"""How much memory the bot's own process holds once it is ready, as `backchat run` makes it; run apart."""

import asyncio
import os
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module

from benchmarks.jobs.state import forkserver_pid, memory
from benchmarks.jobs.watched_engine import Found
from bot import config
from bot.cli.session import open_service
from bot.jobs.local import PRELOAD
from bot.memory import give_back


async def measure(encoder: bool) -> Found:  # noqa: FBT001  comes as JSON
    """Open the service, start what runs jobs, and look: with the encoder that reads questions, or before."""
    import_module("bot.discord.running")  # as `backchat run` does

    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"BACKCHAT_DATA": folder})
        async with open_service(settings, PRELOAD, remember=True) as service:
            await service.jobs.start()
            if encoder:
                await asyncio.to_thread(service.matcher.warm)
            give_back()
            server = forkserver_pid()
            return {
                "bot": asdict(memory(os.getpid())),
                "server": asdict(memory(server)) if server else None,
                "torch": "torch" in sys.modules,
            }
