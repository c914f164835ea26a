"""The gate itself: under discord.py, where every request of every kind comes by.

A function that everybody has to remember to call is one that somebody forgets.  discord.py sends with two
methods only: `HTTPClient.request`, and `AsyncWebhookAdapter.request` for what belongs to an interaction; the
third way out is `one_try`.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord.guard.cut_off import through
from bot.discord.guard.mended import Json, Part
from bot.discord.guard.requests import mend

_FILE = re.compile(r"files\[(\d+)\]")
_ENVELOPE = "payload_json"

Form = list[dict[str, Any]]
_Request = Callable[..., Awaitable[Any]]


def guard(client: discord.Client) -> None:
    """Let everything that a client sends pass the gate, from this task and those that it starts."""
    http: Any = client.http
    http.request = _guarded(http.request)
    async_context.set(_GuardedWebhooks())


def _guarded(request: _Request) -> _Request:
    async def guarded(route: Route, *, form: Iterable[dict[str, Any]] | None = None, **more: Any) -> Any:
        mended = _mended_form(route.method, route.url, form) if form else None
        if isinstance(more.get("json"), dict):
            more["json"] = _mended(route.method, route.url, more["json"])

        async def send() -> Any:
            # It takes its arguments out of the dictionary that it is given.
            return await request(route, form=mended, **more)

        once = _is_made_once(mended, more.get("json"))
        return await through(send, route.method, _path(route.url), more.get("files") or (), once=once)

    return guarded


def _is_made_once(form: Form | None, body: Any) -> bool:
    """Tell whether Discord makes one message of this request, however often it gets it."""
    if form is not None:
        body = next((json.loads(part["value"]) for part in form if part["name"] == _ENVELOPE), None)
    return isinstance(body, dict) and bool(cast("Json", body).get("enforce_nonce"))


class _GuardedWebhooks(AsyncWebhookAdapter):
    """What sends the answers to interactions."""

    async def request(
        self,
        route: Route,
        session: Any,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> Any:
        """Mend a request and send it."""
        if multipart:
            multipart = _mended_form(route.method, route.url, multipart)
        elif payload is not None:
            payload = _mended(route.method, route.url, payload)

        async def send() -> Any:
            return await super(_GuardedWebhooks, self).request(
                route, session, payload=payload, multipart=multipart, **more
            )

        return await through(send, route.method, _path(route.url), more.get("files") or ())


def _path(url: str) -> str:
    return urlsplit(url).path.removeprefix(urlsplit(Route.BASE).path)


def _mended(method: str, url: str, body: Mapping[str, Any]) -> Json:
    return mend(method, _path(url), dict(body))[0]


def _mended_form(method: str, url: str, form: Iterable[dict[str, Any]]) -> Form:
    """Mend the message of a form, and take out the files that it cannot carry."""
    parts = list(form)
    files = [
        Part(number=int(found[1]), name=part["filename"], size=_size(part["value"]))
        for part in parts
        if (found := _FILE.fullmatch(part["name"]))
    ]
    sent: Form = []
    left_out: set[str] = set()
    for part in parts:  # discord.py puts the message first
        if part["name"] == _ENVELOPE:
            body, numbers = mend(method, _path(url), cast("Json", json.loads(part["value"])), files)
            left_out = {f"files[{number}]" for number in numbers}
            sent.append({**part, "value": json.dumps(body)})
        elif part["name"] not in left_out:
            sent.append(part)
    return sent


def _size(file: Any) -> int:
    at = file.tell()
    end: int = file.seek(0, 2)
    file.seek(at)
    return end - at
