"""What people do: commands, presses, modals, messages, posts of a forum."""

# Who acts, where and with what right are independent of each other, so their methods have many arguments.
# ruff: noqa: PLR0913

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from . import commanding, events, payloads
from .actor import Actor, place
from .choosing import press_data
from .gateway import GUILDS
from .handles import Interaction, Posted, Sent, plain
from .ids import FORUM_ID, STUDENT
from .modals import modal_data
from .posts import applied
from .resolved import Resolved
from .world import now_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .attached import Attached
    from .gateway import Gateway
    from .payloads import Json
    from .world import World

    Ids = Sequence[int | str]


class People:
    """The people of the double, moved by a test.

    In everything that they do, `user_id` says who acts; `guild` is True (where `channel_id` is), False (in
    private) or the id of a guild; `roles` are those they have at this moment, instead of those that `give`
    gave them; `permissions` are what Discord lets them do, instead of what roles and channel say.
    """

    world: World
    _gateway: Gateway

    async def slash(
        self,
        name: str,
        options: Json | None = None,
        *,
        attachments: Mapping[str, tuple[str, bytes] | Attached] | None = None,
        user_id: int = STUDENT,
        guild: bool | int | str = True,
        channel_id: int | str | None = None,
        roles: Ids | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Use a slash command, `"answer edit"` for a subcommand; attachments are options that are files."""
        actor = self._actor(user_id, guild, channel_id, roles, permissions)
        data = commanding.slash_data(actor, name, {**(options or {}), **(attachments or {})})
        return await self._interact(actor, events.COMMAND, data)

    async def autocomplete(
        self,
        name: str,
        options: Json,
        *,
        focused: str,
        user_id: int = STUDENT,
        guild: bool | int | str = True,
        channel_id: int | str | None = None,
        roles: Ids | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Type into the `focused` option; the choices are in the handle's `callback_body`."""
        actor = self._actor(user_id, guild, channel_id, roles, permissions)
        data = commanding.slash_data(actor, name, options, focused=focused)
        return await self._interact(actor, events.AUTOCOMPLETE, data)

    async def menu(
        self,
        name: str,
        message: Json | Sent | Posted,
        *,
        user_id: int = STUDENT,
        roles: Ids | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Use a command of a message's context menu."""
        target = plain(message)
        actor = self._in(target["channel_id"], user_id, roles, permissions)
        data = commanding.menu_data(self.world, name, target)
        return await self._interact(actor, events.COMMAND, data)

    async def press(
        self,
        custom_id: str,
        message: Json | Sent,
        *,
        user_id: int = STUDENT,
        values: Ids | None = None,
        roles: Ids | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Press a button, or choose `values` (or ids) from a menu, of a message as it is now."""
        # The message may have been edited since the test got hold of it.
        now = self.world.messages.get(plain(message)["id"], plain(message))
        actor = self._in(now["channel_id"], user_id, roles, permissions)
        data = press_data(now, custom_id, values, Resolved(actor))
        return await self._interact(actor, events.COMPONENT, data, message=now)

    async def submit(
        self,
        interaction: Interaction,
        values: Json,
        *,
        user_id: int = STUDENT,
        guild: bool | int | str = True,
        roles: Ids | None = None,
        permissions: int | None = None,
    ) -> Interaction:
        """Fill in and send the modal that an interaction opened, in the place where it opened.

        A value is text, a list of what a menu offers or of ids, a list of files, or True for a checkbox.
        """
        channel = interaction.payload["channel"]["id"]
        actor = (
            self._in(channel, user_id, roles, permissions)
            if guild is True
            else self._actor(user_id, guild, channel, roles, permissions)
        )
        data = modal_data(interaction.modal, values, Resolved(actor))
        source = {"message": interaction.payload["message"]} if "message" in interaction.payload else {}
        return await self._interact(actor, events.MODAL_SUBMIT, data, opened_by=interaction, **source)

    async def mention(
        self,
        content: str,
        *,
        user_id: int = STUDENT,
        channel_id: int | str | None = None,
        guild: bool | int | str = True,
        roles: Ids | None = None,
        **more: Any,
    ) -> Posted:
        """Write a message that mentions the bot, in a channel or in private."""
        return await self.say(
            content,
            user_id=user_id,
            channel_id=channel_id,
            guild=guild,
            roles=roles,
            mention=guild is not False,
            **more,
        )

    async def say(
        self,
        content: str,
        *,
        user_id: int = STUDENT,
        channel_id: int | str | None = None,
        guild: bool | int | str = True,
        roles: Ids | None = None,
        mention: bool = False,
        **more: Any,
    ) -> Posted:
        """Write a message; `more` are further fields of it."""
        channel = place(self.world, user_id, guild, channel_id)
        mark = len(self.world.sent)
        message = events.message(
            self.world, channel["id"], content, user_id=user_id, mention=mention, roles=roles, **more
        )
        self.world.note_message(message)
        await self._gateway.message("MESSAGE_CREATE", message)
        return Posted(world=self.world, message=message, mark=mark)

    async def forum_post(
        self,
        title: str,
        content: str,
        *,
        user_id: int = STUDENT,
        channel_id: int | str = FORUM_ID,
        tags: Ids = (),
        roles: Ids | None = None,
        mention: bool = False,
        pause: float = 0,
        **more: Any,
    ) -> Posted:
        """Open a post in a forum with the ids of tags; its first message comes `pause` seconds later."""
        forum = self._in(str(channel_id), user_id, roles, None)
        chosen = applied(forum.channel, tags, forum.may)
        post = payloads.thread(
            self.world.new_id(), forum.channel, title, owner_id=user_id, at=now_text(), tags=chosen
        )
        self.world.channels[post["id"]] = post
        forum.channel["last_message_id"] = post["id"]
        await self._gateway.dispatch("THREAD_CREATE", post | {"newly_created": True}, intents=GUILDS)
        await asyncio.sleep(pause)
        # A forum post and its first message share one id.
        return await self.say(
            content,
            user_id=user_id,
            channel_id=post["id"],
            roles=roles,
            mention=mention,
            id=post["id"],
            **more,
        )

    async def repeat(self, handle: Interaction | Posted) -> None:
        """Send the same event once more, as Discord sometimes does; both events of a forum's post."""
        if isinstance(handle, Interaction):
            await self._gateway.dispatch("INTERACTION_CREATE", handle.payload)
            return
        if (post := self.world.channels.get(handle.message["id"])) is not None:
            await self._gateway.dispatch("THREAD_CREATE", post | {"newly_created": True}, intents=GUILDS)
        await self._gateway.message("MESSAGE_CREATE", handle.message)

    def _actor(
        self,
        user_id: int,
        guild: bool | int | str,  # noqa: FBT001 - the value of a keyword
        channel_id: int | str | None,
        roles: Ids | None,
        permissions: int | None,
    ) -> Actor:
        channel = place(self.world, user_id, guild, channel_id)
        return Actor(world=self.world, user_id=user_id, channel=channel, roles=roles, permissions=permissions)

    def _in(self, channel_id: str, user_id: int, roles: Ids | None, permissions: int | None) -> Actor:
        return self._actor(user_id, True, channel_id, roles, permissions)  # noqa: FBT003 - see `People`

    async def _interact(
        self, actor: Actor, kind: int, data: Json, opened_by: Interaction | None = None, **more: Any
    ) -> Interaction:
        payload = events.interaction(actor, kind, data) | more
        interaction = Interaction(
            world=self.world, payload=payload, sent_at=self.world.clock(), opened_by=opened_by
        )
        self.world.interactions[payload["token"]] = interaction
        await self._gateway.dispatch("INTERACTION_CREATE", payload)
        return interaction
