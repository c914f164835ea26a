"""The people and places of the double, in the shape in which Discord describes them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from .guilds import DIRECT, THREAD, THREADS
from .ids import APPLICATION_ID, ASSISTANT, INSTRUCTOR, TEACHER

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

MAX_FILE = 10 * 1024 * 1024
_NAMES = {TEACHER: "teacher", INSTRUCTOR: "instructor", ASSISTANT: "assistant"}
JOINED = "2024-09-01T08:00:00.000000+00:00"

# Put together here so that no scanner mistakes a literal for a leaked secret.
TOKEN = ".".join((base64.b64encode(APPLICATION_ID.encode()).decode().rstrip("="), "GDouBL", "x" * 38))


def user(user_id: int | str, name: str | None = None, *, bot: bool = False) -> Json:
    """Describe a person or a bot."""
    name = name or _NAMES.get(int(user_id)) or f"student{int(user_id) % 1000}"
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


def member(roles: Iterable[str]) -> Json:
    """Describe the membership of someone with these roles, without the person."""
    return {
        "roles": list(roles),
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


def direct_channel(channel_id: str, user_id: int | str) -> Json:
    """Describe the private conversation between someone and the bot."""
    return {
        "id": channel_id,
        "type": DIRECT,
        "last_message_id": None,
        "flags": 0,
        "recipients": [user(user_id)],
    }


def thread(  # noqa: PLR0913 - what Discord says of a thread
    thread_id: str, parent: Json, name: str, *, owner_id: int | str, at: str, tags: Iterable[str] = ()
) -> Json:
    """Describe a public thread of a text channel, or a post of a forum."""
    return {
        "id": thread_id,
        "type": THREAD,
        "name": name,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": str(owner_id),
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "flags": 0,
        "applied_tags": list(tags),
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": at,
            "locked": False,
            "create_timestamp": at,
        },
    }


def guild_create(guild: Json, members: list[Json], channels: Iterable[Json]) -> Json:
    """Describe a guild and what is in it, as GUILD_CREATE does."""
    inside = [channel for channel in channels if channel.get("guild_id") == guild["id"]]
    return guild | {
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(members),
        "members": members,
        "channels": [channel for channel in inside if channel["type"] not in THREADS],
        "threads": [channel for channel in inside if channel["type"] in THREADS],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
