"""The routes of the start: who am I, where is the gateway, which commands are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import call as codes
from . import payloads
from .call import ApiError, Call
from .guilds import THREADS
from .ids import APPLICATION_ID

if TYPE_CHECKING:
    from .payloads import Json

_DEFAULTS: Json = {
    "type": 1,
    "description": "",
    "options": [],
    "default_member_permissions": None,
    "dm_permission": True,
    "contexts": None,
    "integration_types": [0],
    "nsfw": False,
    "name_localizations": None,
    "description_localizations": None,
}


async def gateway(call: Call) -> tuple[int, Any]:
    """Say where the gateway is."""
    return 200, {"url": call.world.base.replace("http", "ws", 1) + "/gateway"}


async def gateway_bot(call: Call) -> tuple[int, Any]:
    """Say where the gateway is, and how often one may identify."""
    limit = {"total": 1000, "remaining": call.world.logins, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, (await gateway(call))[1] | {"shards": 1, "session_start_limit": limit}


async def me(_call: Call) -> tuple[int, Any]:
    """Describe the bot."""
    return 200, payloads.own_user()


async def application(call: Call) -> tuple[int, Any]:
    """Describe the application."""
    flags = call.world.application_flags
    return 200, payloads.application() | {"flags": flags, "flags_new": str(flags)}


async def guild(call: Call) -> tuple[int, Any]:
    """Describe a guild."""
    return 200, _known_guild(call)


async def channels(call: Call) -> tuple[int, Any]:
    """List a guild's channels, without threads."""
    guild_id = _known_guild(call)["id"]
    inside = [one for one in call.world.channels.values() if one.get("guild_id") == guild_id]
    return 200, [one for one in inside if one["type"] not in THREADS]


async def roles(call: Call) -> tuple[int, Any]:
    """List a guild's roles."""
    return 200, _known_guild(call)["roles"]


async def member(call: Call) -> tuple[int, Any]:
    """Describe a member."""
    guild_id = _known_guild(call)["id"]
    return 200, call.world.member(guild_id, call.params[1]) | {"user": _user(call.params[1])}


async def user(call: Call) -> tuple[int, Any]:
    """Describe someone."""
    return 200, _user(call.params[0])


def _user(user_id: str) -> Json:
    if not user_id.isdecimal():
        raise ApiError(404, codes.UNKNOWN_USER, "Unknown User")
    return payloads.bot_user() if user_id == APPLICATION_ID else payloads.user(user_id)


def _known_guild(call: Call) -> Json:
    if call.params[0] not in call.world.guilds:
        raise ApiError(404, codes.UNKNOWN_GUILD, "Unknown Guild")
    return call.world.guilds[call.params[0]]


async def commands(call: Call) -> tuple[int, Any]:
    """List the registered commands, of everywhere or of one guild."""
    return 200, call.world.registered.get(_scope(call), [])


async def put_commands(call: Call) -> tuple[int, Any]:
    """Replace the registered commands; a command that stays keeps its id."""
    scope = _scope(call)
    call.world.commands = call.data
    ids = {(old["name"], old["type"]): old["id"] for old in call.world.registered.get(scope, [])}
    made: list[Json] = []
    for command in call.data:
        full = _DEFAULTS | command
        permissions = full["default_member_permissions"]
        full["default_member_permissions"] = None if permissions is None else str(permissions)
        full["id"] = ids.get((full["name"], full["type"])) or call.world.new_id()
        full |= {"application_id": APPLICATION_ID, "version": call.world.new_id()}
        if scope:
            full["guild_id"] = scope
        made.append(full)
    call.world.registered[scope] = made
    return 200, made


def _scope(call: Call) -> str:
    return call.params[1] if len(call.params) > 1 else ""
