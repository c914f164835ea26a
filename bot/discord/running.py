"""Running the bot until it is told to stop."""

import asyncio
import logging
from itertools import chain, repeat
from pathlib import Path

import aiohttp
import discord

from bot.config import Settings
from bot.discord.client import BackchatClient
from bot.discord.endpoint import redirect
from bot.discord.login import REFUSED, TooManyLogins, ask_logins, pause_before_login
from bot.discord.places import reads_messages
from bot.discord.stopping import Signals, leave
from bot.errors import ConfigurationError
from bot.hub import Hub
from bot.storage.errors import StorageError

_log = logging.getLogger(__name__)

_PAUSES = (5, 15, 60)
_PROBE_BYTES = 2**16
_LAST_PAUSE = 300
"""Seconds between attempts to connect: an attempt that reaches Discord counts against its daily limit."""
_AUTHENTICATION_FAILED = 4004
_REFUSED = (
    "Discord refuses the Message Content Intent, which some servers' settings need to answer questions that "
    "nobody addressed to the bot; it goes on without. Switch the intent on in the developer portal "
    "(Bot, Privileged Gateway Intents) and restart the bot."
)


async def prepare(settings: Settings, token: str) -> None:
    """Find out what of the settings is wrong before anything slow is started.

    Raises:
        ConfigurationError: the data folder cannot be written, the API is not where the settings say, or
            Discord refuses the token.
    """
    require_writable(settings.data)
    await redirect(settings.discord_api)
    await ask_logins(token)


async def run(settings: Settings, token: str, hub: Hub) -> None:
    """Connect and serve until SIGTERM or SIGINT; while Discord cannot be reached, try again.

    Raises:
        ConfigurationError: Discord refuses the token.
    """
    # The bot has no voice, so what voice would need is not worth two warnings at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    signals = Signals()
    server = _Server(settings, token, hub)
    serving = asyncio.create_task(server.serve())
    asked = asyncio.create_task(signals.stop.wait())
    try:
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done() and server.client is not None:
            await leave(server.client.requests, hub.service.jobs, signals.now)
    finally:
        serving.cancel()
        asked.cancel()
    try:
        await serving
    except asyncio.CancelledError:
        _log.info("stopped")
    except discord.LoginFailure:
        raise ConfigurationError(REFUSED) from None


async def wants_words(hub: Hub) -> bool:
    """Tell whether any server wants the bot to read messages that nobody addressed to it."""
    try:
        everywhere = await hub.storage.settings.everywhere(("channels", "elsewhere", "forums"))
    except StorageError as error:
        _log.warning("only mentions and commands are answered, as the settings cannot be read: %s", error)
        return False
    return any(reads_messages(settings) for settings in everywhere.values())


def require_writable(folder: Path) -> None:
    """Make the data folder; raise ConfigurationError if nothing can be written there."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(bytes(_PROBE_BYTES))  # a full disk still takes an empty file
        probe.unlink()
    except OSError as error:
        msg = (
            f"BACKCHAT_DATA is a folder the bot can write to; got {folder} ({error.strerror}); name another."
        )
        raise ConfigurationError(msg) from None


class _Server:
    """One client after the other, each until Discord cannot be reached."""

    def __init__(self, settings: Settings, token: str, hub: Hub) -> None:
        self.client: BackchatClient | None = None
        self._settings = settings
        self._token = token
        self._hub = hub
        self._refused = False
        """Whether Discord keeps the words of other people's messages from the bot."""

    async def serve(self) -> None:
        """Go on until cancelled, or refused."""
        for pause in chain(_PAUSES, repeat(_LAST_PAUSE)):
            await asyncio.sleep(await pause_before_login(self._token))
            reading = not self._refused and await wants_words(self._hub)
            client = BackchatClient(
                self._hub,
                self._settings.data,
                rates=self._settings.rates,
                reading=reading,
                refused=self._refused,
            )
            async with client as self.client:
                await self._connect(self.client, pause)
                if reading and self._refused:
                    continue  # it was never there, and may come at once without
                # Discord's other half may be there, and what is under way can be answered.
                ended = asyncio.get_running_loop().time()
                await self.client.requests.settle(pause)
            self.client = None
            await asyncio.sleep(ended + pause - asyncio.get_running_loop().time())

    async def _connect(self, client: BackchatClient, pause: int) -> None:
        try:
            await client.start(self._token)
        except (discord.LoginFailure, ConfigurationError):
            raise
        except TooManyLogins:
            _log.warning("the connection to Discord was given up, to have logins left")
        except discord.PrivilegedIntentsRequired:
            self._refused = True
            _log.warning(_REFUSED)
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise discord.LoginFailure from None
            _log.warning("Discord closed the connection (%s); next try in %d s", error.code, pause)
        except (aiohttp.ClientConnectionError, OSError) as error:
            _log.warning("Discord cannot be reached (%s); next try in %d s", type(error).__name__, pause)
        except Exception:  # noqa: BLE001  an event that discord.py cannot parse ends its client
            _log.exception("the connection to Discord ended; next try in %d s", pause)
