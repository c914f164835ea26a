"""Before a login: whether Discord knows the token, and how many logins it still allows today.

After a thousand logins in a day Discord resets the token, and somebody has to put a new one in place; so a
bot that is started again and again by its supervisor has to become slower by itself.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
from discord.http import Route

from bot.errors import ConfigurationError

_log = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_UNAUTHORIZED = 401
_BETWEEN_SECONDS = 5.0
"""Discord takes no two logins within this time."""
_PLENTY = 0.2
"""The share of a day's logins above which none has to wait."""
_RESERVE = 10
"""Kept for whoever has to repair something."""

REFUSED = "Discord refuses the token; reset it in the developer portal and set DISCORD_TOKEN again."


class TooManyLogins(Exception):
    """The connection is given up rather than another login used for it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """What Discord says of logins."""

    total: int
    remaining: int
    reset_after: float
    """Seconds until there are `total` again."""

    @property
    def pause(self) -> float:
        """Seconds to wait before the next, so that they last until there are more."""
        if self.remaining > self.total * _PLENTY:
            return 0.0
        return self.reset_after / max(1, self.remaining - _RESERVE)


async def ask_logins(token: str) -> Logins | None:
    """Ask Discord; None if it cannot be reached or says nothing of it.

    Raises:
        ConfigurationError: Discord refuses the token.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(f"{Route.BASE}/gateway/bot", headers={"Authorization": f"Bot {token}"}) as response,
        ):
            if response.status == _UNAUTHORIZED:
                raise ConfigurationError(REFUSED)
            response.raise_for_status()
            return _logins(await response.json())
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        _log.info("Discord did not say how many logins are left (%s)", type(error).__name__)
        return None


async def pause_before_login(token: str) -> float:
    """Return the seconds to wait before the next login, and say why in the log.

    Raises:
        ConfigurationError: Discord refuses the token.
    """
    logins = await ask_logins(token)
    if logins is None or not logins.pause:
        return 0.0
    _log.warning(
        "Discord lets this bot log in %d more times in the next %.1f h; the next time is in %.0f s. "
        "Find out why it logs in so often: the log before this says what ended the last connections.",
        logins.remaining,
        logins.reset_after / 3600,
        logins.pause,
    )
    return logins.pause


async def spare(token: str, *, initial: bool) -> None:
    """Wait before discord.py logs in again by itself, as after a session that Discord has ended.

    Args:
        token: the bot's.
        initial: whether it is the first login of a connection, for which somebody has waited already.

    Raises:
        TooManyLogins: it would have to wait longer than a connection lasts without a login.
    """
    if initial:
        return
    await asyncio.sleep(_BETWEEN_SECONDS)
    if await pause_before_login(token):
        raise TooManyLogins


def _logins(found: Any) -> Logins:
    limit = found["session_start_limit"]
    return Logins(
        total=int(limit["total"]),
        remaining=int(limit["remaining"]),
        reset_after=int(limit["reset_after"]) / 1000,
    )
