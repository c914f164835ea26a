"""What roles and channels allow, computed as Discord does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ids import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .payloads import Json

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38

ALL_PERMISSIONS = (1 << 53) - 1
STUDENT_PERMISSIONS = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)

_ROLE, _MEMBER = 0, 1


def overwrite(id_: str, *, member: bool = False, allow: int = 0, deny: int = 0) -> Json:
    """Describe what a channel allows or denies to a role or a member."""
    return {"id": id_, "type": _MEMBER if member else _ROLE, "allow": str(allow), "deny": str(deny)}


def computed(guild: Json, channel: Json, user_id: int | str, roles: Iterable[str]) -> int:
    """Say what a member with these roles may do in a channel of the guild; a thread's is its parent."""
    if guild["owner_id"] == str(user_id):
        return ALL_PERMISSIONS
    held = {guild["id"], *roles}
    may = 0
    for role in guild["roles"]:
        may |= int(role["permissions"]) if role["id"] in held else 0
    if may & ADMINISTRATOR:
        return ALL_PERMISSIONS
    # First everyone's, then those of all roles together, then the member's own.
    overwrites: list[Json] = channel.get("permission_overwrites", [])
    for these in ({guild["id"]}, held - {guild["id"]}, {str(user_id)}):
        found = [one for one in overwrites if one["id"] in these]
        denied = allowed = 0
        for one in found:
            denied |= int(one["deny"])
            allowed |= int(one["allow"])
        may = may & ~denied | allowed
    return may


def change_bot(channel: Json, *, allow: int | None = None, deny: int | None = None) -> None:
    """Let a channel allow or deny the bot exactly these permissions; None leaves what it was."""
    overwrites: list[Json] = channel["permission_overwrites"]
    old = next((one for one in overwrites if one["id"] == APPLICATION_ID), {"allow": "0", "deny": "0"})
    new = overwrite(
        APPLICATION_ID,
        member=True,
        allow=int(old["allow"]) if allow is None else allow,
        deny=int(old["deny"]) if deny is None else deny,
    )
    # A list of its own: sessions keep the events that they may have to send again.
    channel["permission_overwrites"] = [one for one in overwrites if one["id"] != APPLICATION_ID] + [new]
