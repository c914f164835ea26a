"""What an interaction says of the people, roles, channels and files that its ids mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import payloads
from .attached import Attached, attach
from .ids import APPLICATION_ID

if TYPE_CHECKING:
    from .actor import Actor
    from .payloads import Json

# The fields that Discord describes partial channels with.
_CHANNEL = (
    *("id", "type", "name", "topic", "position", "nsfw", "flags", "rate_limit_per_user", "parent_id"),
    *("last_message_id", "thread_metadata", "applied_tags", "owner_id", "message_count", "member_count"),
    *("total_message_sent", "guild_id"),
)


class Resolved:
    """Collects what is meant, for someone who acts."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self.data: Json = {}

    def user(self, user_id: Any) -> str:
        """Mean a person."""
        id_ = str(user_id)
        if not id_.isdecimal():
            raise LookupError(f"{id_!r} is nobody's id")
        person = payloads.bot_user() if id_ == APPLICATION_ID else payloads.user(id_)
        self._note("users", id_, person)
        if (guild_id := self._actor.guild_id) is not None:
            world, channel = self._actor.world, self._actor.channel
            may = {"permissions": str(world.permissions(channel, id_))}
            self._note("members", id_, world.member(guild_id, id_) | may)
        return id_

    def role(self, role_id: Any) -> str:
        """Mean a role of the guild."""
        id_ = str(role_id)
        guild = self._actor.world.guilds.get(self._actor.guild_id or "", {"roles": []})
        found = next((role for role in guild["roles"] if role["id"] == id_), None)
        if found is None:
            known = {role["id"]: role["name"] for role in guild["roles"]}
            raise LookupError(f"there is no role {id_} to choose; there are {known or 'none'}")
        self._note("roles", id_, found)
        return id_

    def channel(self, channel_id: Any, kinds: Any = None) -> str:
        """Mean a channel or thread of the guild, of one of these kinds."""
        id_, world = str(channel_id), self._actor.world
        found = world.channels.get(id_)
        if found is None or self._actor.guild_id is None or found.get("guild_id") != self._actor.guild_id:
            raise LookupError(f"there is no channel {id_} to choose")
        if kinds and found["type"] not in kinds:
            raise ValueError(f"channel {id_} is of type {found['type']}; offered are {kinds}")
        may = {"permissions": str(world.permissions(found, self._actor.user_id, self._actor.roles))}
        partial = {key: found[key] for key in _CHANNEL if key in found} | may
        self._note("channels", id_, partial)
        return id_

    def mentionable(self, id_: Any) -> str:
        """Mean a role, or else a person."""
        guild = self._actor.world.guilds.get(self._actor.guild_id or "", {"roles": []})
        known = {role["id"] for role in guild["roles"]}
        return self.role(id_) if str(id_) in known else self.user(id_)

    def file(self, file: Attached | tuple[str, bytes]) -> str:
        """Mean a file that is attached now."""
        described = attach(self._actor.world, file)
        self._note("attachments", described["id"], described)
        return described["id"]

    def into(self, data: Json) -> Json:
        """Add what was meant to an interaction's data, if there is anything."""
        return data | {"resolved": self.data} if self.data else data

    def _note(self, kind: str, id_: str, value: Json) -> None:
        self.data.setdefault(kind, {})[id_] = value
