"""The REST side: every request is recorded, judged, perhaps disturbed, then handled."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from . import application_routes as app
from . import call as codes
from . import channel_routes as places
from . import components
from . import interaction_routes as talk
from .body import Body, read_body
from .call import ApiError, Call
from .faults import Faults
from .handles import Request
from .modal_rules import modal_problems
from .problem import Problem
from .rules import message_problems

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .gateway import Gateway
    from .judge import Judge
    from .payloads import Json
    from .world import World

    Handler = Callable[[Call], Awaitable[tuple[int, Any]]]

PREFIX = "/api/v10"
_REACTION = "/channels/{}/messages/{}/reactions/{}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/gateway", app.gateway),
    ("GET", "/gateway/bot", app.gateway_bot),
    ("GET", "/users/@me", app.me),
    ("POST", "/users/@me/channels", places.direct_channel),
    ("GET", "/users/{}", app.user),
    ("GET", "/oauth2/applications/@me", app.application),
    ("GET", "/applications/@me", app.application),
    ("GET", "/applications/{}/commands", app.commands),
    ("PUT", "/applications/{}/commands", app.put_commands),
    ("GET", "/applications/{}/guilds/{}/commands", app.commands),
    ("PUT", "/applications/{}/guilds/{}/commands", app.put_commands),
    ("GET", "/guilds/{}", app.guild),
    ("GET", "/guilds/{}/channels", app.channels),
    ("GET", "/guilds/{}/roles", app.roles),
    ("GET", "/guilds/{}/members/{}", app.member),
    ("POST", "/interactions/{}/{}/callback", talk.callback),
    ("POST", "/webhooks/{}/{}", talk.execute),
    ("GET", "/webhooks/{}/{}/messages/{}", talk.read),
    ("PATCH", "/webhooks/{}/{}/messages/{}", talk.edit),
    ("DELETE", "/webhooks/{}/{}/messages/{}", talk.delete),
    ("GET", "/channels/{}", places.channel),
    ("PATCH", "/channels/{}", places.change_channel),
    ("GET", "/channels/{}/messages", places.history),
    ("POST", "/channels/{}/messages", places.post),
    ("GET", "/channels/{}/messages/{}", places.message),
    ("PATCH", "/channels/{}/messages/{}", places.edit),
    ("DELETE", "/channels/{}/messages/{}", places.delete),
    ("POST", "/channels/{}/typing", places.known_channel),
    ("POST", "/channels/{}/threads", places.thread),
    ("POST", "/channels/{}/messages/{}/threads", places.thread_from_message),
    ("PUT", "/channels/{}/thread-members/@me", places.known_channel),
    ("DELETE", "/channels/{}/thread-members/@me", places.known_channel),
    ("PUT", f"{_REACTION}/@me", places.react),
    ("DELETE", f"{_REACTION}/{{}}", places.unreact),
    ("DELETE", _REACTION, places.unreact),
]
# These carry their own secret in the path, or are public.
_OPEN = re.compile(r"/gateway|/interactions/.*|/webhooks/[^/]+/.+")


class Rest:
    """Discord's REST API as far as the double knows it."""

    def __init__(self, world: World, gateway: Gateway, judge: Judge | None) -> None:
        self._world = world
        self._gateway = gateway
        self._judge = judge
        self.faults = Faults()
        self._routes = [
            (method, re.compile(re.escape(path).replace(r"\{\}", "([^/]+)")), handler)
            for method, path, handler in ROUTES
        ]

    async def handle(self, web_request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        at = self._world.clock()
        body = await read_body(web_request)
        request = Request(
            method=web_request.method,
            path=web_request.path.removeprefix(PREFIX),
            query=dict(web_request.query),
            json=body.json,
            files={upload.name: upload.data for upload in body.uploads},
            headers=web_request.headers.copy(),
            at=at,
        )
        problems = self._problems(request, body)
        request.problems = [problem.text for problem in problems]
        self._world.requests.append(request)
        self._world.changes.notify()
        if seconds := self.faults.delay(request.method, request.path, uploads=bool(body.uploads)):
            await asyncio.sleep(seconds)
        fault = self.faults.take(request.method, request.path, uploads=bool(body.uploads))
        if fault is not None:
            if fault.acted:
                await self._answer(request, body, problems)
            request.status, raw, headers = fault.answer()
            if request.status == 0 and web_request.transport is not None:
                web_request.transport.abort()
        else:
            request.status, answer = await self._answer(request, body, problems)
            raw = b"" if answer is None else json.dumps(answer).encode()
            # Without a charset: discord.py compares the whole header.
            headers = {"Content-Type": "application/json"} if raw else {}
            headers |= self._rate_limit_headers(request)
        self._world.changes.notify()
        return web.Response(status=request.status or 500, body=raw, headers=headers)

    async def _answer(self, request: Request, body: Body, problems: list[Problem]) -> tuple[int, Any]:
        if (
            not _OPEN.fullmatch(request.path)
            and request.headers.get("Authorization") != f"Bot {self._world.token}"
        ):
            return 401, {"message": "401: Unauthorized", "code": 0}
        refused = [problem.text for problem in problems if problem.refused]
        if refused:
            details = {"_errors": [{"code": "BASE_TYPE", "message": text} for text in refused]}
            return 400, {"message": "Invalid Form Body", "code": codes.INVALID_FORM_BODY, "errors": details}
        found = self._route(request)
        if found is None:
            return 404, {"message": "404: Not Found", "code": 0}
        handler, params = found
        call = Call(
            world=self._world,
            gateway=self._gateway,
            request=request,
            params=params,
            data=body.json if body.present else {},
            uploads=body.uploads,
        )
        try:
            return await handler(call)
        except ApiError as error:
            return error.status, error.body

    def _route(self, request: Request) -> tuple[Handler, tuple[str, ...]] | None:
        for method, pattern, handler in self._routes:
            if method == request.method and (found := pattern.fullmatch(request.path)):
                return handler, tuple(found.groups())
        return None

    def _rate_limit_headers(self, request: Request) -> dict[str, str]:
        """Say that there is room: limits are injected as faults, never reached by accident."""
        found = next(
            (p for m, p, _ in self._routes if m == request.method and p.fullmatch(request.path)), None
        )
        # Interaction callbacks have no rate limit.
        if found is None or request.path.startswith("/interactions/"):
            return {}
        bucket = hashlib.md5(f"{request.method}{found.pattern}".encode(), usedforsecurity=False).hexdigest()
        return {
            "X-RateLimit-Limit": "50",
            "X-RateLimit-Remaining": "49",
            "X-RateLimit-Reset-After": "1.000",
            "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
            "X-RateLimit-Bucket": bucket,
        }

    def _problems(self, request: Request, body: Body) -> list[Problem]:
        problems = [Problem(text) for text in body.problems]
        if self._route(request) is None:
            problems.append(Problem("the double does not know this route", refused=False))
        if self._judge is not None:
            problems += self._judge.judge(
                request.method, request.path, request.query, body.json, present=body.present
            )
        if (modal := _modal(request)) is not None:
            problems += modal_problems(modal)
        message = self._message(request)
        if message is not None:
            data, edited = message
            held = [] if edited is None else self._world.attachments.get(edited["id"], [])
            problems += message_problems(data, body.uploads, edited=edited, held=held)
        return problems

    def _message(self, request: Request) -> tuple[Json, Json | None] | None:
        """Find the message that a request would make, and the stored one that it changes."""
        parts, body = request.path.strip("/").split("/"), request.json
        if not isinstance(body, dict):
            return None
        data = cast("Json", body)
        match request.method, *parts:
            case "POST", "interactions", _, token, "callback":
                inner = data.get("data")
                if data.get("type") == components.CALLBACK_MESSAGE:
                    return (cast("Json", inner) if isinstance(inner, dict) else {}), None
                if data.get("type") == components.CALLBACK_UPDATE and isinstance(inner, dict):
                    interaction = self._world.interactions.get(token)
                    source = interaction.payload.get("message", {}).get("id") if interaction else None
                    return cast("Json", inner), self._world.messages.get(source or "")
            case "POST", "webhooks", _, token:
                interaction = self._world.interactions.get(token)
                waiting = interaction.original_id if interaction and interaction.loading else None
                return data, self._world.messages.get(waiting or "")
            case "PATCH", "webhooks", _, token, "messages", message_id:
                interaction = self._world.interactions.get(token)
                original = (
                    interaction.original_id if interaction and message_id == "@original" else message_id
                )
                return data, self._world.messages.get(original or "")
            case "POST", "channels", _, "messages":
                return data, None
            case "PATCH", "channels", _, "messages", message_id:
                return data, self._world.messages.get(message_id)
            case "POST", "channels", _, "threads" if isinstance(data.get("message"), dict):
                return data["message"], None
            case _:
                pass
        return None


def _modal(request: Request) -> Json | None:
    """Find the modal that a request would open."""
    bodies = components.dicts([request.json]) if request.path.endswith("/callback") else []
    opened = [body.get("data") for body in bodies if body.get("type") == components.CALLBACK_MODAL]
    return next(iter(components.dicts(opened)), None)
