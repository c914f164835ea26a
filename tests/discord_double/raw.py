"""Requests that discord.py would not make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from .payloads import Json
    from .server import DiscordDouble


async def raw(
    double: DiscordDouble, method: str, path: str, body: Any = None, token: str | None = None
) -> tuple[int, Json]:
    """Make one request, with the right token unless told otherwise, and return status and body."""
    headers = {"Authorization": f"Bot {token or double.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, double.api + path, json=body, headers=headers) as response,
    ):
        answer = await response.read()
        # discord.py reads only what has exactly this type as JSON.
        if answer and response.headers["Content-Type"] != "application/json":
            raise ValueError(f"{method} {path} is answered as {response.headers['Content-Type']}")
        return response.status, json.loads(answer) if answer else {}
