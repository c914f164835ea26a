"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats and events over a WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from . import payloads
from .compression import encoder
from .ids import APPLICATION_ID
from .permissions import VIEW_CHANNEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from .payloads import Json
    from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, BAD_TOKEN = 4001, 4002, 4003, 4004
DISALLOWED_INTENTS = 4014
HEARTBEAT_INTERVAL_MS = 41_250

GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT, GUILDS = 1 << 9, 1 << 12, 1 << 15, 1 << 0
GUILD_MEMBERS = 1 << 1


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """One open WebSocket."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    encode: Callable[[str], str | bytes]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(
        self, op: int, data: Any = None, *, name: str | None = None, sequence: int | None = None
    ) -> None:
        """Send one event; a stream compressor needs them encoded in the order in which they are sent."""
        async with self.lock:
            message = self.encode(json.dumps({"op": op, "d": data, "t": name, "s": sequence}))
            try:
                if isinstance(message, str):
                    await self.socket.send_str(message)
                else:
                    await self.socket.send_bytes(message)
            except ConnectionError:
                # The client is gone; the session keeps the event for a RESUME.
                return


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """What survives of a connection until it is resumed."""

    id: str
    intents: int
    connection: Connection | None
    events: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    ready: bool = False

    async def dispatch(self, name: str, data: Any) -> None:
        """Send an event now, or when the session is resumed."""
        self.events.append((name, data))
        if self.connection is not None:
            await self.connection.send(DISPATCH, data, name=name, sequence=len(self.events))


class Gateway:
    """Every session of every client; each gets all events that its intents ask for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._connections: set[Connection] = set()
        self._sessions: dict[str, Session] = {}
        self.sessions: Counter[str] = Counter()

    @property
    def known(self) -> bool:
        """Whether there is any session that an event could reach, now or when it is resumed."""
        return bool(self._sessions)

    @property
    def live(self) -> list[Session]:
        """The sessions that have a connection and were sent everything of the start."""
        return [
            session for session in self._sessions.values() if session.connection is not None and session.ready
        ]

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one WebSocket until it closes."""
        try:
            encode = encoder(request.query.get("compress"))
        except LookupError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket=socket, transport=request.transport, encode=encode)
        self._connections.add(connection)
        try:
            await connection.send(HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS, "_trace": []})
            async for message in socket:
                if message.type is WSMsgType.TEXT and not await self._receive(connection, message.data):
                    break
        finally:
            self._lose(connection)
        return socket

    async def dispatch(self, name: str, data: Any, *, intents: int = 0) -> None:
        """Send an event to every session that asked for it, keeping it for those that will resume."""
        if not self._sessions:
            raise RuntimeError("no client has identified: await double.ready() first")
        for session in list(self._sessions.values()):
            if not intents or session.intents & intents:
                await session.dispatch(name, data)

    async def message(self, name: str, message: Json) -> None:
        """Send an event about a message, without its content where the intents hide it."""
        event = self._world.event_message(message)
        if "guild_id" in event:
            channel = self._world.channels[message["channel_id"]]
            if not self._world.permissions(channel, APPLICATION_ID) & VIEW_CHANNEL:
                return
        intents = GUILD_MESSAGES if "guild_id" in event else DIRECT_MESSAGES
        for session in list(self._sessions.values()):
            if session.intents & intents:
                content = bool(session.intents & MESSAGE_CONTENT)
                await session.dispatch(name, self._world.for_bot(event, content=content))

    async def tell_all(self, op: int, data: Any = None) -> None:
        """Send an operation that is no event."""
        for connection in list(self._connections):
            await connection.send(op, data)

    async def drop(self, code: int | None = None) -> None:
        """Cut every connection, or close it with a code; sessions stay and can be resumed."""
        for connection in list(self._connections):
            self._lose(connection)
            if code is not None:
                await connection.socket.close(code=code)
            elif connection.transport is not None:
                connection.transport.abort()

    def forget(self) -> None:
        """Make every session impossible to resume."""
        self._sessions.clear()
        self._world.changes.notify()

    def _lose(self, connection: Connection) -> None:
        self._connections.discard(connection)
        for session in self._sessions.values():
            if session.connection is connection:
                session.connection = None
        self._world.changes.notify()

    async def _receive(self, connection: Connection, raw: str) -> bool:
        """Act on one message of the client; False ends the connection."""
        try:
            message = json.loads(raw)
            op, data = message["op"], message.get("d")
        except (ValueError, TypeError, KeyError):
            return await self._close(connection, DECODE_ERROR, "Decode error")
        if op == HEARTBEAT:
            await connection.send(HEARTBEAT_ACK)
            return True
        if op in (IDENTIFY, RESUME):
            if data.get("token") != self._world.token:
                return await self._close(connection, BAD_TOKEN, "Authentication failed.")
            if op == IDENTIFY and data["intents"] & self._disallowed():
                return await self._close(connection, DISALLOWED_INTENTS, "Disallowed intent(s).")
            await (self._identify(connection, data) if op == IDENTIFY else self._resume(connection, data))
            return True
        session = next((s for s in self._sessions.values() if s.connection is connection), None)
        if session is None:
            return await self._close(connection, NOT_AUTHENTICATED, "Not authenticated")
        if op == REQUEST_MEMBERS:
            await session.dispatch("GUILD_MEMBERS_CHUNK", self._members_chunk(data))
        # Presence (3) and voice (4) have no answer.
        return True

    def _disallowed(self) -> int:
        """Say which privileged intents the application may not ask for."""
        content = 0 if self._world.allow_message_content else MESSAGE_CONTENT
        return content | (0 if self._world.allow_members else GUILD_MEMBERS)

    async def _close(self, connection: Connection, code: int, reason: str) -> bool:
        await connection.socket.close(code=code, message=reason.encode())
        return False

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.sessions["IDENTIFY"] += 1
        self._world.logins -= 1
        session = Session(id=f"session{self._world.new_id()}", intents=data["intents"], connection=connection)
        # A client has one session: the one it leaves behind gets no more events.
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.connection is not None}
        self._sessions[session.id] = session
        ready = {
            "v": 10,
            "user": payloads.own_user(),
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in self._world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self._world.base.replace("http", "ws", 1) + "/gateway",
            "application": {"id": APPLICATION_ID, "flags": self._world.application_flags},
            "session_type": "normal",
            "_trace": [],
        }
        if "shard" in data:
            ready["shard"] = data["shard"]
        await session.dispatch("READY", ready)
        if session.intents & GUILDS:
            for guild_id, guild in self._world.guilds.items():
                inside = payloads.guild_create(
                    guild, self._world.members(guild_id), self._world.channels.values()
                )
                await session.dispatch("GUILD_CREATE", inside)
        session.ready = True
        self._world.changes.notify()

    async def _resume(self, connection: Connection, data: Json) -> None:
        self.sessions["RESUME"] += 1
        session = self._sessions.get(data.get("session_id", ""))
        if session is None:
            self.sessions["RESUME refused"] += 1
            await connection.send(INVALID_SESSION, data=False)
        else:
            missed = data.get("seq") or 0
            # More events may come while these are sent.
            while missed < len(session.events):
                name, event = session.events[missed]
                missed += 1
                await connection.send(DISPATCH, event, name=name, sequence=missed)
            session.connection = connection
            await session.dispatch("RESUMED", {"_trace": []})
            self.sessions["RESUMED"] += 1
        self._world.changes.notify()

    def _members_chunk(self, data: Json) -> Json:
        guild_id = str(data["guild_id"])
        chunk: Json = {
            "guild_id": guild_id,
            "members": self._world.members(guild_id),
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        return chunk | ({"nonce": data["nonce"]} if "nonce" in data else {})
