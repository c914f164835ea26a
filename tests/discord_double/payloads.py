"""The people and places of the double, in the shape in which Discord describes them."""

from __future__ import annotations

import base64
from typing import Any

Json = dict[str, Any]

_TEXT, _FORUM, _DIRECT, _THREAD = 0, 15, 1, 11

APPLICATION_ID = "1100000000000000001"
GUILD_ID = "1100000000000000100"
GENERAL_ID = "1100000000000000200"
FORUM_ID = "1100000000000000201"
BOT_ROLE_ID = "1100000000000000300"
TEACHER_ROLE_ID = "1100000000000000301"
TEACHER = 1_100_000_000_000_000_400
STUDENT = 1_100_000_000_000_000_401

ALL_PERMISSIONS = (1 << 53) - 1
# View, send, send in threads, embed, attach, history, reactions, public threads, application commands.
STUDENT_PERMISSIONS = sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 31, 35, 38))
MAX_FILE = 10 * 1024 * 1024
JOINED = "2024-09-01T08:00:00.000000+00:00"

# Put together here so that no scanner mistakes a literal for a leaked secret.
TOKEN = ".".join((base64.b64encode(APPLICATION_ID.encode()).decode().rstrip("="), "GDouBL", "x" * 38))


def user(user_id: int | str, name: str | None = None, *, bot: bool = False) -> Json:
    """Describe a person or a bot."""
    name = name or ("teacher" if int(user_id) == TEACHER else f"student{int(user_id) % 1000}")
    return {
        "id": str(user_id),
        "username": name,
        "global_name": None if bot else name.title(),
        "discriminator": "1234" if bot else "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def bot_user() -> Json:
    """Describe the bot as others see it."""
    return user(APPLICATION_ID, "Backchat", bot=True)


def own_user() -> Json:
    """Describe the bot as it sees itself."""
    return bot_user() | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


def member(user_id: int | str) -> Json:
    """Describe the membership of someone in the guild, without the person."""
    roles = {str(TEACHER): [TEACHER_ROLE_ID], APPLICATION_ID: [BOT_ROLE_ID]}.get(str(user_id), [])
    return {
        "roles": roles,
        "nick": None,
        "avatar": None,
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def permissions_of(user_id: int | str) -> int:
    """Say what someone may do in the guild: the teacher owns it."""
    return ALL_PERMISSIONS if int(user_id) == TEACHER else STUDENT_PERMISSIONS


def application() -> Json:
    """Describe the application as `/oauth2/applications/@me` does."""
    return {
        "id": APPLICATION_ID,
        "name": "Backchat",
        "icon": None,
        "description": "The double's application.",
        "type": None,
        "bot": bot_user(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user(TEACHER),
        "team": None,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }


def _role(role_id: str, name: str, position: int, permissions: int, **more: Any) -> Json:
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


def _channel(channel_id: str, kind: int, name: str, position: int) -> Json:
    return {
        "id": channel_id,
        "type": kind,
        "name": name,
        "guild_id": GUILD_ID,
        "position": position,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [],
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def guild_channels() -> list[Json]:
    """Describe a text channel and a forum."""
    forum: Json = {
        "available_tags": [],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }
    return [_channel(GENERAL_ID, _TEXT, "general", 0), _channel(FORUM_ID, _FORUM, "questions", 1) | forum]


def direct_channel(channel_id: str, user_id: int | str) -> Json:
    """Describe the private conversation between someone and the bot."""
    return {
        "id": channel_id,
        "type": _DIRECT,
        "last_message_id": None,
        "flags": 0,
        "recipients": [user(user_id)],
    }


def thread(thread_id: str, parent_id: str, name: str, owner_id: int | str, at: str) -> Json:
    """Describe a public thread."""
    return {
        "id": thread_id,
        "type": _THREAD,
        "name": name,
        "guild_id": GUILD_ID,
        "parent_id": parent_id,
        "owner_id": str(owner_id),
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "flags": 0,
        "applied_tags": [],
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": at,
            "locked": False,
            "create_timestamp": at,
        },
    }


def members() -> list[Json]:
    """Describe those members whom the gateway tells at the start: the bot and the owner."""
    return [member(who["id"]) | {"user": who} for who in (bot_user(), user(TEACHER))]


def guild() -> Json:
    """Describe the guild."""
    everyone = _role(GUILD_ID, "@everyone", 0, STUDENT_PERMISSIONS)
    tags = {"bot_id": APPLICATION_ID}
    return {
        "id": GUILD_ID,
        "name": "Deep learning 101",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(TEACHER),
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
        "system_channel_id": GENERAL_ID,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "incidents_data": None,
        "features": ["COMMUNITY"],
        "emojis": [],
        "stickers": [],
        "roles": [
            everyone,
            _role(BOT_ROLE_ID, "Backchat", 1, STUDENT_PERMISSIONS, managed=True, tags=tags),
            _role(TEACHER_ROLE_ID, "Teacher", 2, ALL_PERMISSIONS),
        ],
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


def guild_create(channels: list[Json]) -> Json:
    """Describe the guild and what is in it, as GUILD_CREATE does."""
    return guild() | {
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(members()),
        "members": members(),
        "channels": [channel for channel in channels if channel["type"] in (_TEXT, _FORUM)],
        "threads": [channel for channel in channels if channel["type"] == _THREAD],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
