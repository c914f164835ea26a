"""Everything the double knows: one state, changed by REST requests and by the tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from . import payloads
from .payloads import Json
from .waiting import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .handles import Interaction, Request, Sent

DISCORD_EPOCH_MS = 1_420_070_400_000


def now_text() -> str:
    """Write the present moment as Discord does."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _channels() -> dict[str, Json]:
    return {channel["id"]: channel for channel in payloads.guild_channels()}


@dataclass(slots=True, kw_only=True)
class World:
    """The state that the REST side, the gateway and the tests share."""

    clock: Callable[[], float] = time.monotonic
    acknowledge_within: float = 3.0
    base: str = ""
    token: str = payloads.TOKEN
    changes: Changes = field(default_factory=Changes)
    channels: dict[str, Json] = field(default_factory=_channels)
    messages: dict[str, Json] = field(default_factory=dict[str, Json])
    # What each message was sent with, also the files that only its components or embeds show.
    attachments: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    # The message that was made with each nonce.
    nonces: dict[str, Json] = field(default_factory=dict[str, Json])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
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

    def event_message(self, message: Json) -> Json:
        """Say a message as the gateway does: with its guild and its author's membership."""
        channel = self.channels.get(message["channel_id"])
        if channel is None or "guild_id" not in channel:
            return message
        mentions = [person | {"member": payloads.member(person["id"])} for person in message["mentions"]]
        membership = payloads.member(message["author"]["id"])
        return message | {"guild_id": channel["guild_id"], "member": membership, "mentions": mentions}
