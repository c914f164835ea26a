"""The servers of the double with their roles and channels, in the shape in which Discord describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ids
from .permissions import (
    ALL_PERMISSIONS,
    SEND_MESSAGES,
    STUDENT_PERMISSIONS,
    VIEW_CHANNEL,
    overwrite,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .payloads import Json

TEXT, FORUM, DIRECT, THREAD = 0, 15, 1, 11
THREADS = frozenset({10, 11, 12})
REQUIRES_TAG = 1 << 4
"""The flag of a forum whose posts need a tag."""


def role(role_id: str, name: str, position: int, permissions: int = 0, **more: Any) -> Json:
    """Describe a role."""
    colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    base = {"id": role_id, "name": name, "position": position, "permissions": str(permissions), "flags": 0}
    plain = {
        "icon": None,
        "unicode_emoji": None,
        "color": 0,
        "colors": colours,
        "hoist": False,
        "managed": False,
        "mentionable": False,
    }
    return base | plain | more


def tag(tag_id: str, name: str, *, moderated: bool = False) -> Json:
    """Describe a tag of a forum."""
    return {"id": tag_id, "name": name, "moderated": moderated, "emoji_id": None, "emoji_name": None}


def text_channel(channel_id: str, name: str, position: int = 0, guild_id: str = ids.GUILD_ID) -> Json:
    """Describe a text channel."""
    return {
        "id": channel_id,
        "type": TEXT,
        "name": name,
        "guild_id": guild_id,
        "position": position,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [],
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def forum(
    channel_id: str, name: str, position: int = 0, guild_id: str = ids.GUILD_ID, tags: Sequence[Json] = ()
) -> Json:
    """Describe a forum."""
    return text_channel(channel_id, name, position, guild_id) | {
        "type": FORUM,
        "available_tags": list(tags),
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }


def channels() -> list[Json]:
    """Describe the channels of both guilds."""
    tags = [
        tag(ids.SOLVED_TAG_ID, "solved"),
        tag(ids.TRAINING_TAG_ID, "training"),
        tag(ids.EXAM_TAG_ID, "exam", moderated=True),
    ]
    readers = (ids.BOT_ROLE_ID, ids.INSTRUCTOR_ROLE_ID, ids.ASSISTANT_ROLE_ID)
    closed = [
        overwrite(ids.GUILD_ID, deny=VIEW_CHANNEL),
        *(overwrite(reader, allow=VIEW_CHANNEL | SEND_MESSAGES) for reader in readers),
    ]
    return [
        text_channel(ids.GENERAL_ID, "general", 0),
        forum(ids.FORUM_ID, "questions", 1, tags=tags),
        text_channel(ids.EXERCISES_ID, "exercises", 2),
        text_channel(ids.AUDIT_ID, "audit", 3) | {"permission_overwrites": closed},
        text_channel(ids.GENERAL2_ID, "general", 0, ids.GUILD2_ID),
    ]


def _roles(guild_id: str) -> list[Json]:
    tags = {"bot_id": ids.APPLICATION_ID}
    everyone = role(guild_id, "@everyone", 0, STUDENT_PERMISSIONS)
    if guild_id == ids.GUILD2_ID:
        return [
            everyone,
            role(ids.BOT2_ROLE_ID, "Backchat", 1, STUDENT_PERMISSIONS, managed=True, tags=tags),
            role(ids.INSTRUCTOR2_ROLE_ID, "Instructor", 2),
        ]
    return [
        everyone,
        role(ids.BOT_ROLE_ID, "Backchat", 1, STUDENT_PERMISSIONS, managed=True, tags=tags),
        role(ids.TEACHER_ROLE_ID, "Teacher", 5, ALL_PERMISSIONS),
        role(ids.INSTRUCTOR_ROLE_ID, "Instructor", 4),
        role(ids.ASSISTANT_ROLE_ID, "Assistant", 3),
        role(ids.HELPER_ROLE_ID, "Helper", 2),
    ]


def guild(guild_id: str = ids.GUILD_ID) -> Json:
    """Describe a guild, without what is in it."""
    second = guild_id == ids.GUILD2_ID
    return {
        "id": guild_id,
        "name": "Deep learning 102" if second else "Deep learning 101",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(ids.TEACHER),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "application_id": None,
        "system_channel_id": ids.GENERAL2_ID if second else ids.GENERAL_ID,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "incidents_data": None,
        "features": ["COMMUNITY"],
        "emojis": [],
        "stickers": [],
        "roles": _roles(guild_id),
        "home_header": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
        "nsfw": False,
    }
