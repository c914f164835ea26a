"""The routes of the start: who am I, where is the gateway, which commands are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import call as codes
from . import payloads
from .call import ApiError, Call

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
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, (await gateway(call))[1] | {"shards": 1, "session_start_limit": limit}


async def me(_call: Call) -> tuple[int, Any]:
    """Describe the bot."""
    return 200, payloads.own_user()


async def application(_call: Call) -> tuple[int, Any]:
    """Describe the application."""
    return 200, payloads.application()


async def guild(call: Call) -> tuple[int, Any]:
    """Describe the guild."""
    _known_guild(call)
    return 200, payloads.guild()


async def member(call: Call) -> tuple[int, Any]:
    """Describe a member."""
    _known_guild(call)
    return 200, payloads.member(call.params[1]) | {"user": _user(call.params[1])}


async def user(call: Call) -> tuple[int, Any]:
    """Describe someone."""
    return 200, _user(call.params[0])


def _user(user_id: str) -> Json:
    if not user_id.isdecimal():
        raise ApiError(404, codes.UNKNOWN_USER, "Unknown User")
    return payloads.bot_user() if user_id == payloads.APPLICATION_ID else payloads.user(user_id)


def _known_guild(call: Call) -> None:
    if call.params[0] != payloads.GUILD_ID:
        raise ApiError(404, codes.UNKNOWN_GUILD, "Unknown Guild")


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
        full |= {"application_id": payloads.APPLICATION_ID, "version": call.world.new_id()}
        if scope:
            full["guild_id"] = scope
        made.append(full)
    call.world.registered[scope] = made
    return 200, made


def _scope(call: Call) -> str:
    return call.params[1] if len(call.params) > 1 else ""
