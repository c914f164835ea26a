"""The double itself: Discord on a loopback port, with people in it that a test moves."""

# The timeouts are part of the double's interface: every wait of a test says how long it may last.
# ruff: noqa: ASYNC109

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Delay, Fault
from .gateway import INVALID_SESSION, RECONNECT, Gateway
from .people import People
from .places import Places
from .rest import PREFIX, Rest
from .world import World

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from .handles import Request, Sent
    from .judge import Judge
    from .payloads import Json

_MAX_BODY = 32 * 1024 * 1024


class DiscordDouble(People, Places):
    """A Discord of two guilds on 127.0.0.1, for an unmodified client in this or in another process.

    `acknowledge_within` is the time after which an unanswered interaction is unknown, as on Discord.
    """

    def __init__(
        self,
        judge: Judge | None = None,
        *,
        acknowledge_within: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.world = World(clock=clock, acknowledge_within=acknowledge_within)
        self._gateway = Gateway(self.world)
        self._rest = Rest(self.world, self._gateway, judge)
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_get("/gateway", self._gateway.handle)
        for kind in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"/{kind}/{{owner}}/{{id}}/{{name:.*}}", self._attachment)
        app.router.add_route("*", PREFIX + "/{path:.*}", self._rest.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port: int = self._runner.addresses[0][1]
        self.world.base = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Clients that are still connected would hold up the end.
        await self._gateway.drop()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """The address to give to the client."""
        return self.world.base + PREFIX

    @property
    def gateway_url(self) -> str:
        """The address of the gateway, as `/gateway` answers it."""
        return self.world.base.replace("http", "ws", 1) + "/gateway"

    @property
    def token(self) -> str:
        """The only token that is let in."""
        return self.world.token

    @property
    def allow_message_content(self) -> bool:
        """Whether a client may ask for the content of messages; else its IDENTIFY is closed with 4014."""
        return self.world.allow_message_content

    @allow_message_content.setter
    def allow_message_content(self, allowed: bool) -> None:
        self.world.allow_message_content = allowed

    @property
    def allow_members(self) -> bool:
        """Whether a client may ask for events about members; else its IDENTIFY is closed with 4014."""
        return self.world.allow_members

    @allow_members.setter
    def allow_members(self, allowed: bool) -> None:
        self.world.allow_members = allowed

    @property
    def logins(self) -> int:
        """How many more logins Discord allows today."""
        return self.world.logins

    @logins.setter
    def logins(self, remaining: int) -> None:
        self.world.logins = remaining

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far, in order."""
        return self.world.requests

    @property
    def sent(self) -> list[Sent]:
        """Every message the bot made visible so far, edits too, in order."""
        return self.world.sent

    @property
    def commands(self) -> list[Json] | None:
        """The body of the last PUT of application commands."""
        return self.world.commands

    @property
    def sessions(self) -> Counter[str]:
        """How often clients sent IDENTIFY and RESUME, and how often a RESUME worked (RESUMED)."""
        return self._gateway.sessions

    @property
    def sessions_open(self) -> int:
        """How many clients are connected."""
        return len(self._gateway.live)

    def problems(self) -> list[str]:
        """Say what was wrong with any request."""
        return [f"{r.method} {r.path}: {problem}" for r in self.requests for problem in r.problems]

    async def until(self, look: Callable[[], bool], timeout: float = 20, wanted: str = "a state") -> None:
        """Wait until `look` is true, looking again after every request and every change of a session."""
        await self.world.changes.until(lambda: look() or None, timeout, lambda: f"{wanted}; {self._state()}")

    async def ready(self, timeout: float = 20) -> None:
        """Wait until a client has identified, or resumed, and was sent READY and GUILD_CREATE."""
        await self.until(lambda: bool(self._gateway.live), timeout, "a client to become ready")

    async def resumed(self, times: int = 1, timeout: float = 20) -> None:
        """Wait until sessions were resumed so many times."""
        await self.until(lambda: self.sessions["RESUMED"] >= times, timeout, f"{times} resumed sessions")

    async def emit(self, name: str, data: Any, *, intents: int = 0) -> None:
        """Send any gateway event."""
        await self._gateway.dispatch(name, data, intents=intents)

    def fail_next(  # noqa: PLR0913 - which requests, and with what
        self,
        method: str,
        path_regex: str,
        status: int = 500,
        *,
        times: int = 1,
        body: Any = None,
        headers: dict[str, str | None] | None = None,
        uploads: bool | None = None,
        acted: bool = False,
    ) -> None:
        """Answer the next matching requests with an error; status 0 hangs up, a None header is left out.

        With `acted` what they ask for is done all the same.
        """
        pattern = re.compile(path_regex)
        fault = Fault(
            method=method,
            path=pattern,
            status=status,
            times=times,
            uploads=uploads,
            body=body,
            headers=headers or {},
            acted=acted,
        )
        self._rest.faults.waiting.append(fault)

    @property
    def faults(self) -> int:
        """How many requests are still to be answered with an error."""
        return sum(fault.times for fault in self._rest.faults.waiting)

    def heal(self) -> None:
        """Answer everything rightly and at once from now on."""
        self._rest.faults.waiting.clear()
        self._rest.faults.delays.clear()

    def delay_next(
        self, method: str, path_regex: str, seconds: float, *, times: int = 1, uploads: bool = False
    ) -> None:
        """Act on the next matching requests, with files or without, only after some time."""
        pattern = re.compile(path_regex)
        self._rest.faults.delays.append(
            Delay(method=method, path=pattern, seconds=seconds, times=times, uploads=uploads)
        )

    async def drop(self, code: int | None = None) -> None:
        """Cut the gateway's connection, or close it with a code."""
        await self._gateway.drop(code)

    async def op7(self) -> None:
        """Ask the client to reconnect and resume."""
        await self._gateway.tell_all(RECONNECT)

    async def op9(self, resumable: bool = False) -> None:  # noqa: FBT001, FBT002 - the value is the event's data
        """Tell the client that its session is invalid."""
        if not resumable:
            self._gateway.forget()
        await self._gateway.tell_all(INVALID_SESSION, resumable)

    async def _attachment(self, request: web.Request) -> web.Response:
        id_ = request.match_info["id"]
        if id_ in self.world.unavailable or id_ not in self.world.files:
            return web.Response(status=self.world.unavailable.get(id_, 404))
        return web.Response(body=self.world.files[id_])

    def _state(self) -> str:
        last = [str(request) for request in self.requests[-5:]]
        return f"sessions {dict(self.sessions)}, last requests {last or 'none'}"
