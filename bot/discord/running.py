"""Running the bot until it is told to stop."""

import asyncio
import logging
import signal

import discord

from bot.config import Settings
from bot.discord.client import BackchatClient
from bot.discord.endpoint import redirect
from bot.errors import ConfigurationError
from bot.service import Service

_log = logging.getLogger(__name__)


async def run(settings: Settings, token: str, service: Service) -> None:
    """Connect and serve until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: Discord refuses the token, or the API is not where the settings say.
    """
    # The bot has no voice, so what voice would need is not worth two warnings at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    await redirect(settings.discord_api)
    client = BackchatClient(service, settings.data)
    async with client:
        serving = asyncio.create_task(client.start(token))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, serving.cancel)
        try:
            await serving
        except asyncio.CancelledError:
            _log.info("stopping")
        except discord.LoginFailure:
            msg = "Discord refuses the token; reset it in the developer portal and set DISCORD_TOKEN again."
            raise ConfigurationError(msg) from None
