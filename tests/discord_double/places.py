"""What a test changes in the guilds, and what somebody could read in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import components, guilds, messages, payloads, permissions
from .gateway import DIRECT_MESSAGES, GUILD_MEMBERS, GUILD_MESSAGES, GUILDS
from .handles import plain
from .ids import GUILD_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .gateway import Gateway
    from .handles import Posted, Sent
    from .payloads import Json
    from .world import World


class Places:
    """The guilds of the double, changed and looked at by a test."""

    world: World
    _gateway: Gateway

    async def deny(self, channel_id: int | str, denied: int) -> None:
        """Deny the bot exactly these permissions in a channel from now on; 0 denies none."""
        await self._change(channel_id, deny=denied)

    async def allow(self, channel_id: int | str, allowed: int) -> None:
        """Allow the bot exactly these permissions in a channel besides its usual ones; 0 takes them back."""
        await self._change(channel_id, allow=allowed)

    async def create_channel(
        self,
        name: str,
        *,
        guild: int | str = GUILD_ID,
        forum: bool = False,
        tags: Sequence[str] = (),
        required: bool = False,
    ) -> str:
        """Make a text channel, or a forum with tags of these names, perhaps `required`; return its id."""
        id_, guild_id = self.world.new_id(), str(guild)
        position = len(self.world.channels)
        if forum:
            made = [guilds.tag(self.world.new_id(), tag) for tag in tags]
            channel = guilds.forum(id_, name, position, guild_id, made)
            channel["flags"] = guilds.REQUIRES_TAG if required else 0
        else:
            channel = guilds.text_channel(id_, name, position, guild_id)
        self.world.channels[id_] = channel
        await self._tell("CHANNEL_CREATE", channel, GUILDS)
        return id_

    async def delete_channel(self, channel_id: int | str) -> None:
        """Delete a channel with its messages, as an admin does."""
        gone = self.world.deleted[str(channel_id)] = self.world.channels.pop(str(channel_id))
        inside = [one for one in self.world.messages.values() if one["channel_id"] == gone["id"]]
        for message in inside:
            messages.delete(self.world, message["id"])
        await self._tell("CHANNEL_DELETE", gone, GUILDS)

    async def give(self, user_id: int, roles: Sequence[int | str], *, guild: int | str = GUILD_ID) -> None:
        """Let somebody have exactly these roles from now on."""
        membership = self.world.member(str(guild), user_id, roles)
        self.world.roles[str(guild), str(user_id)] = membership["roles"]
        told = membership | {"guild_id": str(guild), "user": payloads.user(user_id)}
        await self._tell("GUILD_MEMBER_UPDATE", told, GUILD_MEMBERS)

    async def remove(self, message: Json | Sent | Posted) -> None:
        """Delete a message, as a moderator or its author does."""
        found = plain(message)
        messages.delete(self.world, found["id"])
        gone = {"id": found["id"], "channel_id": found["channel_id"]}
        guild_id = self.world.channels[found["channel_id"]].get("guild_id")
        if guild_id is not None:
            gone["guild_id"] = guild_id
        await self._gateway.dispatch("MESSAGE_DELETE", gone, intents=GUILD_MESSAGES | DIRECT_MESSAGES)

    def seen_by(
        self,
        user_id: int,
        *,
        guild: bool | int | str = True,
        roles: Sequence[int | str] | None = None,
    ) -> list[Sent]:
        """List everything of the bot that somebody could read at any time, in order, deleted or edited since.

        `guild` is True (everywhere), the id of a guild (only there), or False (only in private); `roles` are
        those they have instead of those that `give` gave them.
        """
        return [sent for sent in self.world.sent if self._reads(sent.message, user_id, guild, roles)]

    def _reads(
        self,
        message: Json,
        user_id: int,
        guild: bool | int | str,  # noqa: FBT001 - the value of a keyword
        roles: Sequence[int | str] | None,
    ) -> bool:
        place = message["channel_id"]
        channel = self.world.channels.get(place) or self.world.deleted[place]
        guild_id = channel.get("guild_id")
        if guild is not True and (guild_id is not None if guild is False else guild_id != str(guild)):
            return False
        if message["flags"] & components.EPHEMERAL:
            return message["interaction_metadata"]["user"]["id"] == str(user_id)
        if guild_id is None:
            return channel["recipients"][0]["id"] == str(user_id)
        known = {role["id"] for role in self.world.guilds[guild_id]["roles"]}
        held = None if roles is None else [role for role in roles if str(role) in known]
        return bool(self.world.permissions(channel, user_id, held) & permissions.VIEW_CHANNEL)

    async def _change(
        self, channel_id: int | str, *, allow: int | None = None, deny: int | None = None
    ) -> None:
        channel = self.world.channels[str(channel_id)]
        permissions.change_bot(channel, allow=allow, deny=deny)
        await self._tell("CHANNEL_UPDATE", dict(channel), GUILDS)

    async def _tell(self, event: str, data: Json, intents: int) -> None:
        """Send an event to whoever is connected: a client that comes later is told of everything anyway."""
        if self._gateway.known:
            await self._gateway.dispatch(event, data, intents=intents)
