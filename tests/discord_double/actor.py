"""Someone who acts somewhere: who they are there, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import payloads
from .ids import GENERAL2_ID, GENERAL_ID, GUILD2_ID, GUILD_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .payloads import Json
    from .world import World

_FIRST = {GUILD_ID: GENERAL_ID, GUILD2_ID: GENERAL2_ID}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in a channel; roles and permissions that are None are those that the guild gives them."""

    world: World
    user_id: int
    channel: Json
    roles: Sequence[int | str] | None = None
    permissions: int | None = None

    @property
    def guild_id(self) -> str | None:
        """The guild of the channel, None in private."""
        return self.channel.get("guild_id")

    @property
    def may(self) -> int:
        """What they may do in the channel of a guild."""
        if self.permissions is not None:
            return self.permissions
        return self.world.permissions(self.channel, self.user_id, self.roles)

    @property
    def member(self) -> Json:
        """Their membership as interactions describe it."""
        membership = self.world.member(self.channel["guild_id"], self.user_id, self.roles)
        return membership | {"user": payloads.user(self.user_id), "permissions": str(self.may)}


def place(world: World, user_id: int, guild: bool | int | str, channel_id: int | str | None) -> Json:  # noqa: FBT001 - the value of a keyword
    """Find where somebody acts: a named channel, the first one of a guild, or their private conversation."""
    if guild is False:
        return world.direct_channel(user_id)
    guild_id = None if guild is True else str(guild)
    if guild_id is not None and guild_id not in world.guilds:
        raise LookupError(f"there is no guild {guild_id}; there are {', '.join(world.guilds)}")
    wanted = str(channel_id or _FIRST[guild_id or GUILD_ID])
    if wanted not in world.channels:
        raise LookupError(f"there is no channel {wanted}; there are {', '.join(world.channels)}")
    channel = world.channels[wanted]
    if guild_id is not None and channel.get("guild_id") != guild_id:
        raise LookupError(f"channel {wanted} is not in guild {guild_id}")
    return channel
