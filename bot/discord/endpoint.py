"""Where Discord is: its own address, or a proxy, a compatible server or a test double."""

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import ConfigurationError

_TIMEOUT = aiohttp.ClientTimeout(total=15)


async def redirect(api: str) -> None:
    """Send discord.py's REST calls to `api`, and its websocket to what `api`/gateway answers.

    discord.py reads both addresses from class attributes, also after a session that cannot be resumed,
    so they are set once for the process.

    Raises:
        ConfigurationError: the API does not answer with a gateway.
    """
    if api == Route.BASE:
        return
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(f"{api}/gateway") as response,
        ):
            response.raise_for_status()
            gateway = yarl.URL((await response.json())["url"])
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        msg = (
            f"BACKCHAT_DISCORD_API is the address of an API that answers /gateway; got {api} "
            f"({type(error).__name__}); check the address."
        )
        raise ConfigurationError(msg) from None
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = gateway
