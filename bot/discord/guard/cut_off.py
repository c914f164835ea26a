"""Requests whose connection ended before Discord said anything, as idle ones do.

Neither aiohttp nor discord.py makes such a POST again, and whoever used a command would read that the
application did not respond.  An interaction can be acknowledged only once, an edit makes of a message what it
is anyway, and of one nonce there is one message, so these may be sent again; any other new message may not.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import discord

_log = logging.getLogger(__name__)

_CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback")
_REPEATABLE = frozenset({"GET", "PATCH", "DELETE"})
_ACKNOWLEDGED = 40060


async def through(
    send: Callable[[], Awaitable[Any]],
    method: str,
    path: str,
    files: Sequence[discord.File],
    *,
    once: bool = False,
) -> Any:
    """Send a request, and again if it was cut off and may be; return what Discord says.

    Args:
        send: the request.
        method: its method.
        path: its path.
        files: what it uploads.
        once: whether Discord acts on it once, however often it gets it.
    """
    callback = _CALLBACK.fullmatch(path)
    try:
        try:
            return await send()
        except aiohttp.ClientConnectionError as error:
            if not (once or callback or method in _REPEATABLE):
                raise
            _log.info("a connection ended without an answer (%s); once more", type(error).__name__)
        for file in files:
            file.reset()
        return await send()
    except discord.HTTPException as error:
        if callback is None or error.code != _ACKNOWLEDGED:
            raise
        # An earlier try did get there.
        return {"interaction": {"id": callback[1], "type": 0}}
