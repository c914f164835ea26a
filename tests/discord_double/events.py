"""The events that a person causes: commands, presses, modals, messages, forum posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import payloads
from .ids import APPLICATION_ID
from .permissions import STUDENT_PERMISSIONS
from .world import now_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .actor import Actor
    from .payloads import Json
    from .world import World

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5


def interaction(actor: Actor, kind: int, data: Json) -> Json:
    """Describe an interaction as INTERACTION_CREATE does."""
    world, guild_id = actor.world, actor.guild_id
    event_id = world.new_id()
    event: Json = {
        "id": event_id,
        "application_id": APPLICATION_ID,
        "type": kind,
        "token": f"aW50ZXJhY3Rpb246{event_id}",
        "version": 1,
        "data": data,
        "locale": "en-US",
        "channel_id": actor.channel["id"],
        "entitlements": [],
        "attachment_size_limit": payloads.MAX_FILE,
    }
    if guild_id is None:
        return event | {
            "app_permissions": str(STUDENT_PERMISSIONS),
            "user": payloads.user(actor.user_id),
            "context": 1,
            "channel": actor.channel,
            "authorizing_integration_owners": {"1": str(actor.user_id)},
        }
    return event | {
        "app_permissions": str(world.permissions(actor.channel, APPLICATION_ID)),
        "member": actor.member,
        "guild_id": guild_id,
        "guild": {"id": guild_id, "locale": "en-US", "features": ["COMMUNITY"]},
        "guild_locale": "en-US",
        "context": 0,
        "channel": actor.channel | {"permissions": str(actor.may)},
        "authorizing_integration_owners": {"0": guild_id},
    }


def message(  # noqa: PLR0913 - who writes, where and what are independent of each other
    world: World,
    channel_id: str,
    content: str,
    *,
    user_id: int,
    mention: bool,
    roles: Sequence[int | str] | None = None,
    **more: Any,
) -> Json:
    """Store and describe a message that someone with these roles writes."""
    written: Json = {
        "id": world.new_id(),
        "channel_id": channel_id,
        "author": payloads.user(user_id),
        "type": 0,
        "content": f"<@{APPLICATION_ID}> {content}" if mention else content,
        "mentions": [payloads.bot_user()] if mention else [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "tts": False,
        "flags": 0,
        "timestamp": now_text(),
        "edited_timestamp": None,
    } | more
    if (reference := written.get("message_reference")) is not None:
        written["referenced_message"] = world.messages.get(reference["message_id"])
    world.messages[written["id"]] = written
    world.attachments[written["id"]] = []
    guild_id = world.channels[channel_id].get("guild_id")
    if guild_id is not None:
        world.authors[written["id"]] = world.member(guild_id, user_id, roles)
    return written
