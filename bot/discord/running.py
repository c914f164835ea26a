"""Running the bot until it is told to stop."""

import asyncio
import logging
import signal
from itertools import chain, repeat
from pathlib import Path

import aiohttp
import discord

from bot.config import Settings
from bot.discord.client import BackchatClient
from bot.discord.endpoint import redirect
from bot.errors import ConfigurationError
from bot.service import Service

_log = logging.getLogger(__name__)

_PAUSES = (5, 15, 60)
_LAST_PAUSE = 300
_AUTHENTICATION_FAILED = 4004
"""Seconds between attempts to connect: an attempt that reaches Discord counts against its daily limit."""
_FAREWELL_SECONDS = 5.0


async def run(settings: Settings, token: str, service: Service) -> None:
    """Connect and serve until SIGTERM or SIGINT; while Discord cannot be reached, try again.

    Raises:
        ConfigurationError: Discord refuses the token, the API is not where the settings say, or the data
            folder cannot be written.
    """
    # The bot has no voice, so what voice would need is not worth two warnings at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    require_writable(settings.data)
    await redirect(settings.discord_api)
    serving = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.cancel if serving else loop.stop)
    try:
        await _serve(settings, token, service)
    except asyncio.CancelledError:
        _log.info("stopped")
    except discord.LoginFailure:
        msg = "Discord refuses the token; reset it in the developer portal and set DISCORD_TOKEN again."
        raise ConfigurationError(msg) from None


def require_writable(folder: Path) -> None:
    """Make the data folder; raise ConfigurationError if nothing can be written there."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        msg = (
            f"BACKCHAT_DATA is a folder the bot can write to; got {folder} ({error.strerror}); name another."
        )
        raise ConfigurationError(msg) from None


async def _serve(settings: Settings, token: str, service: Service) -> None:
    """Run one client after the other, each until it is cancelled or Discord cannot be reached."""
    for pause in chain(_PAUSES, repeat(_LAST_PAUSE)):
        client = BackchatClient(service, settings.data)
        async with client:
            try:
                await client.start(token)
            except asyncio.CancelledError:
                # While the connection is open, those who wait are told.
                await service.engine.aclose()
                await client.settle(_FAREWELL_SECONDS)
                raise
            except discord.LoginFailure:
                raise
            except discord.ConnectionClosed as error:
                if error.code == _AUTHENTICATION_FAILED:
                    raise discord.LoginFailure from None
                _log.warning("Discord closed the connection (%s); next try in %d s", error.code, pause)
            except (aiohttp.ClientConnectionError, OSError) as error:
                _log.warning("Discord cannot be reached (%s); next try in %d s", type(error).__name__, pause)
            except Exception:  # noqa: BLE001  an event that discord.py cannot parse ends its client
                _log.exception("the connection to Discord ended; next try in %d s", pause)
        await asyncio.sleep(pause)
