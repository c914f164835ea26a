"""Everything the double knows: one state, changed by REST requests and by the tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from . import guilds, payloads
from .ids import (
    APPLICATION_ID,
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    BOT2_ROLE_ID,
    BOT_ROLE_ID,
    GUILD2_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    TEACHER,
    TEACHER_ROLE_ID,
)
from .payloads import Json
from .permissions import computed
from .waiting import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .handles import Interaction, Request, Sent

DISCORD_EPOCH_MS = 1_420_070_400_000


def now_text() -> str:
    """Write the present moment as Discord does."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _channels() -> dict[str, Json]:
    return {channel["id"]: channel for channel in guilds.channels()}


def _guilds() -> dict[str, Json]:
    return {guild_id: guilds.guild(guild_id) for guild_id in (GUILD_ID, GUILD2_ID)}


def _roles() -> dict[tuple[str, str], list[str]]:
    return {
        (GUILD_ID, str(TEACHER)): [TEACHER_ROLE_ID],
        (GUILD_ID, str(INSTRUCTOR)): [INSTRUCTOR_ROLE_ID],
        (GUILD_ID, str(ASSISTANT)): [ASSISTANT_ROLE_ID],
        (GUILD_ID, APPLICATION_ID): [BOT_ROLE_ID],
        (GUILD2_ID, APPLICATION_ID): [BOT2_ROLE_ID],
    }


@dataclass(slots=True, kw_only=True)
class World:
    """The state that the REST side, the gateway and the tests share."""

    clock: Callable[[], float] = time.monotonic
    acknowledge_within: float = 3.0
    base: str = ""
    token: str = payloads.TOKEN
    changes: Changes = field(default_factory=Changes)
    allow_message_content: bool = True
    allow_members: bool = True
    # How often a client may still identify; only said, as a test can hardly use them up.
    logins: int = 999
    guilds: dict[str, Json] = field(default_factory=_guilds)
    channels: dict[str, Json] = field(default_factory=_channels)
    # Channels that are gone, for what was said in them.
    deleted: dict[str, Json] = field(default_factory=dict[str, Json])
    # What roles somebody has in a guild, where an act does not say otherwise.
    roles: dict[tuple[str, str], list[str]] = field(default_factory=_roles)
    messages: dict[str, Json] = field(default_factory=dict[str, Json])
    # The membership of each message's author when it was written.
    authors: dict[str, Json] = field(default_factory=dict[str, Json])
    # What each message was sent with, also the files that only its components or embeds show.
    attachments: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    # The message that was made with each nonce.
    nonces: dict[str, Json] = field(default_factory=dict[str, Json])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    # The answer to a download of a file that is not to be had.
    unavailable: dict[str, int] = field(default_factory=dict[str, int])
    requests: list[Request] = field(default_factory=list["Request"])
    sent: list[Sent] = field(default_factory=list["Sent"])
    interactions: dict[str, Interaction] = field(default_factory=dict[str, "Interaction"])
    commands: list[Json] | None = None
    registered: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    _serial: Iterator[int] = field(default_factory=count)

    def new_id(self) -> str:
        """Make a snowflake whose time is now: discord.py computes ages from it."""
        return str((time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS) << 22 | next(self._serial) % (1 << 22))

    def direct_channel(self, user_id: int | str) -> Json:
        """Open, or find, the private conversation with someone."""
        for channel in self.channels.values():
            if channel["type"] == 1 and channel["recipients"][0]["id"] == str(user_id):
                return channel
        channel = payloads.direct_channel(self.new_id(), user_id)
        self.channels[channel["id"]] = channel
        return channel

    @property
    def application_flags(self) -> int:
        """Which privileged intents the application may ask for: members and message content, both limited."""
        return (1 << 15 if self.allow_members else 0) | (1 << 19 if self.allow_message_content else 0)

    def member(self, guild_id: str, user_id: int | str, roles: Iterable[int | str] | None = None) -> Json:
        """Describe somebody's membership, with these roles instead of those they have."""
        if roles is None:
            return payloads.member(self.roles.get((guild_id, str(user_id)), []))
        known = {role["id"]: role["name"] for role in self.guilds[guild_id]["roles"]}
        said = [str(role) for role in roles]
        if unknown := [role for role in said if role not in known]:
            raise LookupError(f"guild {guild_id} has no role {unknown[0]}; it has {known}")
        return payloads.member(said)

    def members(self, guild_id: str) -> list[Json]:
        """Describe those members whom the gateway tells at the start: the bot and the owner."""
        told = (payloads.bot_user(), payloads.user(TEACHER))
        return [self.member(guild_id, person["id"]) | {"user": person} for person in told]

    def parent(self, channel: Json) -> Json:
        """Find the channel of a thread; any other channel is its own."""
        if "thread_metadata" not in channel:
            return channel
        return self.channels.get(channel["parent_id"]) or self.deleted[channel["parent_id"]]

    def permissions(self, channel: Json, user_id: int | str, roles: Iterable[int | str] | None = None) -> int:
        """Say what somebody may do in a channel of a guild."""
        guild_id = channel["guild_id"]
        held = self.member(guild_id, user_id, roles)["roles"]
        return computed(self.guilds[guild_id], self.parent(channel), user_id, held)

    def for_bot(self, message: Json, *, content: bool) -> Json:
        """Hide what a bot reads only with the message-content intent, unless the message is its business."""
        channel = self.channels.get(message["channel_id"])
        business = message["author"]["id"] == APPLICATION_ID or any(
            person["id"] == APPLICATION_ID for person in message["mentions"]
        )
        if content or business or channel is None or "guild_id" not in channel:
            return message
        return message | {"content": "", "embeds": [], "attachments": [], "components": []}

    def note_message(self, message: Json) -> None:
        """Let the place of a message know of it; the first message of a post is not counted there."""
        channel = self.channels[message["channel_id"]]
        channel["last_message_id"] = message["id"]
        if "thread_metadata" in channel and message["id"] != channel["id"]:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1

    def event_message(self, message: Json) -> Json:
        """Say a message as the gateway does: with its guild and its author's membership."""
        channel = self.channels.get(message["channel_id"])
        if channel is None or "guild_id" not in channel:
            return message
        guild_id = channel["guild_id"]
        mentions = [
            person | {"member": self.member(guild_id, person["id"])} for person in message["mentions"]
        ]
        membership = self.authors.get(message["id"]) or self.member(guild_id, message["author"]["id"])
        return message | {"guild_id": guild_id, "member": membership, "mentions": mentions}
