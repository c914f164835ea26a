"""The events that a person causes: commands, presses, modals, messages, forum posts."""

# Who acts, where and with what right are independent of each other, so their functions have many arguments.
# ruff: noqa: PLR0913

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import components, payloads
from .world import now_text

if TYPE_CHECKING:
    from .payloads import Json
    from .world import World

_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _NUMBER = 3, 4, 5, 10
PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5


def interaction(
    world: World,
    kind: int,
    data: Json,
    *,
    user_id: int,
    guild: bool,
    channel_id: str,
    permissions: int | None,
) -> Json:
    """Describe an interaction as INTERACTION_CREATE does."""
    may = str(payloads.permissions_of(user_id) if permissions is None else permissions)
    event_id = world.new_id()
    event: Json = {
        "id": event_id,
        "application_id": payloads.APPLICATION_ID,
        "type": kind,
        "token": f"aW50ZXJhY3Rpb246{event_id}",
        "version": 1,
        "data": data,
        "locale": "en-US",
        "app_permissions": str(payloads.STUDENT_PERMISSIONS),
        "entitlements": [],
        "attachment_size_limit": payloads.MAX_FILE,
    }
    if not guild:
        channel = world.direct_channel(user_id)
        owners = {"1": str(user_id)}
        place = {"user": payloads.user(user_id), "context": 1}
    else:
        channel = world.channels[channel_id] | {"permissions": may}
        owners = {"0": payloads.GUILD_ID}
        place = {
            "member": payloads.member(user_id) | {"user": payloads.user(user_id), "permissions": may},
            "guild_id": payloads.GUILD_ID,
            "guild": {"id": payloads.GUILD_ID, "locale": "en-US", "features": ["COMMUNITY"]},
            "guild_locale": "en-US",
            "context": 0,
        }
    return (
        event
        | place
        | {
            "channel": channel,
            "channel_id": channel["id"],
            "authorizing_integration_owners": owners,
        }
    )


def slash_data(world: World, name: str, options: Json, *, focused: str | None = None) -> Json:
    """Describe a slash command `name`, which may hold the names of a group and a subcommand."""
    first, *rest = name.split()
    definition = _registered(world, first, 1)
    level = definition
    for word in rest:
        level = next((o for o in (level or {}).get("options", []) if o["name"] == word), None)
        if definition is not None and level is None:
            raise LookupError(f"/{name} is not registered")
    known = {o["name"]: o for o in level.get("options", [])} if level is not None else None
    said = [_option(key, value, known, focused) for key, value in options.items()]
    missing = [key for key, o in (known or {}).items() if o.get("required") and key not in options]
    if missing and focused is None:
        raise ValueError(f"/{name} needs {', '.join(missing)}: Discord would not let anyone send it")
    for depth, word in enumerate(reversed(rest)):
        said = [{"name": word, "type": _SUBCOMMAND if depth == 0 else _GROUP, "options": said}]
    command_id = definition["id"] if definition is not None else world.new_id()
    return {"id": command_id, "name": first, "type": 1, "options": said}


def menu_data(world: World, name: str, message: Json) -> Json:
    """Describe a command of a message's context menu."""
    definition = _registered(world, name, 3)
    command_id = definition["id"] if definition is not None else world.new_id()
    resolved = {"messages": {message["id"]: message}}
    return {"id": command_id, "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}


def _registered(world: World, name: str, kind: int) -> Json | None:
    commands = [command for scope in world.registered.values() for command in scope]
    found = next((c for c in commands if c["name"] == name and c["type"] == kind), None)
    # A bot whose commands did not change registers nothing: then anything can be sent.
    if found is None and commands:
        raise LookupError(
            f"{name} is not registered; registered are {', '.join(c['name'] for c in commands)}"
        )
    return found


def _option(key: str, value: Any, known: dict[str, Json] | None, focused: str | None) -> Json:
    if known is not None and key not in known:
        raise LookupError(f"there is no option {key}; there are {', '.join(known) or 'none'}")
    guesses: dict[type[Any], int] = {bool: _BOOLEAN, int: _INTEGER, float: _NUMBER}
    kind = known[key]["type"] if known is not None else guesses.get(value.__class__, _STRING)
    option: Json = {"name": key, "type": kind, "value": value}
    return option | {"focused": True} if key == focused else option


def press_data(message: Json, custom_id: str, values: list[str] | None) -> Json:
    """Describe a press of one of the message's buttons, or a choice from one of its menus."""
    controls = [item for item in components.walk(message["components"]) if item.get("custom_id")]
    found = next((item for item in controls if item["custom_id"] == custom_id), None)
    if found is None:
        raise LookupError(f"no control {custom_id!r}; there are {[item['custom_id'] for item in controls]}")
    if found.get("disabled"):
        raise ValueError(f"{custom_id!r} is disabled: nobody can press it")
    data: Json = {"custom_id": custom_id, "component_type": found["type"], "id": found["id"]}
    return data | {"values": values or []} if found["type"] in components.SELECTS else data


def modal_data(modal: Json, values: Json) -> Json:
    """Describe the submission of a modal whose inputs hold `values`, by custom id."""
    inputs = {item["custom_id"] for item in components.walk(modal["components"]) if item.get("custom_id")}
    if unknown := values.keys() - inputs:
        raise LookupError(
            f"the modal has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(inputs))}"
        )
    filled = [_filled(item, values) for item in modal["components"]]
    for number, item in enumerate(components.walk(filled), 1):
        item["id"] = number
    return {"custom_id": modal["custom_id"], "components": filled}


def _filled(item: Json, values: Json) -> Json:
    said: Json = {"type": item["type"]}
    if "components" in item:
        said["components"] = [_filled(inner, values) for inner in item["components"]]
    if "component" in item:
        said["component"] = _filled(item["component"], values)
    if "custom_id" in item:
        single = item["type"] in (4, 21, 23)
        value = values.get(item["custom_id"], item.get("value", "") if single else [])
        said |= {"custom_id": item["custom_id"], "value" if single else "values": value}
    return said


def message(world: World, channel_id: str, content: str, *, user_id: int, mention: bool, **more: Any) -> Json:
    """Store and describe a message that someone writes."""
    written: Json = {
        "id": world.new_id(),
        "channel_id": channel_id,
        "author": payloads.user(user_id),
        "type": 0,
        "content": f"<@{payloads.APPLICATION_ID}> {content}" if mention else content,
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
    world.messages[written["id"]] = written
    world.attachments[written["id"]] = []
    return written
