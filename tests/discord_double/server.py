"""The double itself: Discord on a loopback port, with people in it that a test moves."""

# The timeouts are part of the double's interface: every wait of a test says how long it may last.
# ruff: noqa: ASYNC109
# Who acts, where and with what right are independent of each other, so their methods have many arguments.
# ruff: noqa: PLR0913

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import events, messages, payloads
from .faults import Delay, Fault
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, INVALID_SESSION, RECONNECT, Gateway
from .handles import Interaction, Posted, Request, Sent
from .rest import PREFIX, Rest
from .world import World, now_text

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from .judge import Judge
    from .payloads import Json

_MAX_BODY = 32 * 1024 * 1024


class DiscordDouble:
    """A Discord of one guild on 127.0.0.1, for an unmodified client in this or in another process.

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
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
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

    async def slash(
        self,
        name: str,
        options: Json | None = None,
        *,
        user_id: int = payloads.STUDENT,
        guild: bool = True,
        channel_id: str = payloads.GENERAL_ID,
        permissions: int | None = None,
    ) -> Interaction:
        """Use a slash command, `"answer edit"` for a subcommand."""
        data = events.slash_data(self.world, name, options or {})
        return await self._interact(
            events.COMMAND, data, user_id, channel_id, guild=guild, permissions=permissions
        )

    async def autocomplete(
        self, name: str, options: Json, *, focused: str, user_id: int = payloads.STUDENT, guild: bool = True
    ) -> Interaction:
        """Type into the `focused` option; the choices are in the handle's `callback_body`."""
        data = events.slash_data(self.world, name, options, focused=focused)
        return await self._interact(events.AUTOCOMPLETE, data, user_id, payloads.GENERAL_ID, guild=guild)

    async def menu(
        self, name: str, message: Json | Sent | Posted, *, user_id: int = payloads.STUDENT
    ) -> Interaction:
        """Use a command of a message's context menu."""
        target = _plain(message)
        data = events.menu_data(self.world, name, target)
        return await self._interact(events.COMMAND, data, user_id, target["channel_id"])

    async def press(
        self,
        custom_id: str,
        message: Json | Sent,
        *,
        user_id: int = payloads.STUDENT,
        values: list[str] | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Press a button, or choose `values` from a menu, of a message as it is now."""
        # The message may have been edited since the test got hold of it.
        now = self.world.messages.get(_plain(message)["id"], _plain(message))
        data = events.press_data(now, custom_id, values)
        guild = "guild_id" in self.world.channels[now["channel_id"]]
        return await self._interact(
            events.COMPONENT,
            data,
            user_id,
            now["channel_id"],
            guild=guild,
            permissions=permissions,
            message=now,
        )

    async def submit(
        self, interaction: Interaction, values: Json, *, user_id: int = payloads.STUDENT, guild: bool = True
    ) -> Interaction:
        """Fill in and send the modal that an interaction opened."""
        data = events.modal_data(interaction.modal, values)
        source = {"message": interaction.payload["message"]} if "message" in interaction.payload else {}
        return await self._interact(
            events.MODAL_SUBMIT, data, user_id, interaction.payload["channel"]["id"], guild=guild, **source
        )

    async def mention(
        self,
        content: str,
        *,
        user_id: int = payloads.STUDENT,
        channel_id: str = payloads.GENERAL_ID,
        guild: bool = True,
        **more: Any,
    ) -> Posted:
        """Write a message that mentions the bot, in a channel or in private."""
        return await self.say(
            content, user_id=user_id, channel_id=channel_id, guild=guild, mention=guild, **more
        )

    async def say(
        self,
        content: str,
        *,
        user_id: int = payloads.STUDENT,
        channel_id: str = payloads.GENERAL_ID,
        guild: bool = True,
        mention: bool = False,
        **more: Any,
    ) -> Posted:
        """Write a message; `more` are further fields of it."""
        place = channel_id if guild else self.world.direct_channel(user_id)["id"]
        mark = len(self.world.sent)
        message = events.message(self.world, place, content, user_id=user_id, mention=mention, **more)
        await self._gateway.message("MESSAGE_CREATE", message)
        return Posted(world=self.world, message=message, mark=mark)

    async def forum_post(self, title: str, content: str, *, user_id: int = payloads.STUDENT) -> Posted:
        """Open a post in the forum."""
        thread = payloads.thread(self.world.new_id(), payloads.FORUM_ID, title, user_id, now_text())
        self.world.channels[thread["id"]] = thread
        await self.emit("THREAD_CREATE", thread | {"newly_created": True}, intents=GUILDS)
        # A forum post and its first message share one id.
        return await self.say(content, user_id=user_id, channel_id=thread["id"], id=thread["id"])

    async def repeat(self, handle: Interaction | Posted) -> None:
        """Send the same event once more, as Discord sometimes does."""
        if isinstance(handle, Interaction):
            await self.emit("INTERACTION_CREATE", handle.payload)
        else:
            await self._gateway.message("MESSAGE_CREATE", handle.message)

    async def emit(self, name: str, data: Any, *, intents: int = 0) -> None:
        """Send any gateway event."""
        await self._gateway.dispatch(name, data, intents=intents)

    def fail_next(
        self,
        method: str,
        path_regex: str,
        status: int = 500,
        *,
        times: int = 1,
        body: Any = None,
        headers: dict[str, str | None] | None = None,
        uploads: bool | None = None,
    ) -> None:
        """Answer the next matching requests with an error; status 0 hangs up, a None header is left out."""
        pattern = re.compile(path_regex)
        fault = Fault(
            method=method,
            path=pattern,
            status=status,
            times=times,
            uploads=uploads,
            body=body,
            headers=headers or {},
        )
        self._rest.faults.waiting.append(fault)

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

    async def remove(self, message: Json | Sent | Posted) -> None:
        """Delete a message, as a moderator or its author does."""
        found = _plain(message)
        messages.delete(self.world, found["id"])
        gone = {"id": found["id"], "channel_id": found["channel_id"]}
        if "guild_id" in self.world.channels[found["channel_id"]]:
            gone["guild_id"] = payloads.GUILD_ID
        await self.emit("MESSAGE_DELETE", gone, intents=GUILD_MESSAGES | DIRECT_MESSAGES)

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

    async def _interact(
        self,
        kind: int,
        data: Json,
        user_id: int,
        channel_id: str,
        *,
        guild: bool = True,
        permissions: int | None = None,
        **more: Any,
    ) -> Interaction:
        payload = events.interaction(
            self.world,
            kind,
            data,
            user_id=user_id,
            guild=guild,
            channel_id=channel_id,
            permissions=permissions,
        )
        payload |= more
        interaction = Interaction(world=self.world, payload=payload, sent_at=self.world.clock())
        self.world.interactions[payload["token"]] = interaction
        await self.emit("INTERACTION_CREATE", payload)
        return interaction

    async def _attachment(self, request: web.Request) -> web.Response:
        data = self.world.files.get(request.match_info["id"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    def _state(self) -> str:
        last = [str(request) for request in self.requests[-5:]]
        return f"sessions {dict(self.sessions)}, last requests {last or 'none'}"


def _plain(message: Json | Sent | Posted) -> Json:
    return message.message if isinstance(message, Sent | Posted) else message
