"""Requests to Discord that are made once or not at all.

discord.py repeats a request that fails for up to half a minute and queues what is over a limit.  That is
right for answers and wrong for progress, which is stale by then and would stand in an answer's way.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
from discord.http import HTTPClient, Route

from bot.discord.guard import mend

_TIMEOUT = aiohttp.ClientTimeout(total=5)
_DONE, _REFUSED, _FAILED = 300, 400, 500
TOO_MANY = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a request; status 0 is none at all."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def done(self) -> bool:
        """Whether Discord did what was asked."""
        return 0 < self.status < _DONE

    @property
    def refused(self) -> bool:
        """Whether asking again is in vain: the place is gone, or closed to us."""
        return _REFUSED <= self.status < _FAILED and self.status != TOO_MANY

    @property
    def retry_after(self) -> float:
        """For how many seconds Discord wants to hear no more of this."""
        wait = self.body.get("retry_after")
        return float(wait) if self.status == TOO_MANY and isinstance(wait, int | float) else 0.0


class OneTry:
    """A connection beside discord.py's own, for requests that are made once."""

    def __init__(self, http: HTTPClient) -> None:
        self._http = http
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, signed: bool
    ) -> Outcome:
        """Make one request; `signed` with the bot's token where the path holds none. It never raises."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=_TIMEOUT, headers={"User-Agent": self._http.user_agent}
            )
        headers = {"Authorization": f"Bot {self._http.token}"} if signed else {}
        body = None if body is None else mend(method, path, dict(body))[0]
        try:
            async with self._session.request(
                method, Route.BASE + path, json=body, headers=headers
            ) as response:
                return Outcome(status=response.status, body=_object(await response.read()))
        except (aiohttp.ClientError, OSError, TimeoutError, RuntimeError):
            return Outcome(status=0)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found: Any = json.loads(raw)
    except ValueError:  # empty, or a page of some proxy
        return {}
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}
