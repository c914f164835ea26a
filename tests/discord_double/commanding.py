"""The commands that people use: what they type is checked against what the bot has registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .attached import Attached
from .resolved import Resolved

if TYPE_CHECKING:
    from .actor import Actor
    from .payloads import Json
    from .world import World

_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _NUMBER, _ATTACHMENT = 3, 4, 5, 10, 11
_GUESSES: dict[type[Any], int] = {bool: _BOOLEAN, int: _INTEGER, float: _NUMBER}


def slash_data(actor: Actor, name: str, options: Json, *, focused: str | None = None) -> Json:
    """Describe a slash command `name`, which may hold the names of a group and a subcommand."""
    world = actor.world
    first, *rest = name.split()
    definition = _registered(world, first, 1)
    level = definition
    for word in rest:
        level = next((o for o in (level or {}).get("options", []) if o["name"] == word), None)
        if definition is not None and level is None:
            raise LookupError(f"/{name} is not registered")
    known = {o["name"]: o for o in level.get("options", [])} if level is not None else None
    resolved = Resolved(actor)
    said = [_option(key, value, known, resolved) for key, value in options.items()]
    if focused is not None:
        # While somebody types nothing is resolved yet.
        resolved.data.clear()
        said = [option | {"focused": True} if option["name"] == focused else option for option in said]
    missing = [key for key, o in (known or {}).items() if o.get("required") and key not in options]
    if missing and focused is None:
        raise ValueError(f"/{name} needs {', '.join(missing)}: Discord would not let anyone send it")
    for depth, word in enumerate(reversed(rest)):
        said = [{"name": word, "type": _SUBCOMMAND if depth == 0 else _GROUP, "options": said}]
    command_id = definition["id"] if definition is not None else world.new_id()
    return resolved.into({"id": command_id, "name": first, "type": 1, "options": said})


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


def _option(key: str, value: Any, known: dict[str, Json] | None, resolved: Resolved) -> Json:
    if known is not None and key not in known:
        raise LookupError(f"there is no option {key}; there are {', '.join(known) or 'none'}")
    is_file = isinstance(value, Attached | tuple)
    guess = _ATTACHMENT if is_file else _GUESSES.get(value.__class__, _STRING)
    kind = known[key]["type"] if known is not None else guess
    if is_file is not (kind == _ATTACHMENT):
        raise TypeError(f"the option {key} is of type {kind}, got {value!r}")
    meant = _meant(kind, value, known[key] if known is not None else {}, resolved)
    return {"name": key, "type": kind, "value": meant}


def _meant(kind: int, value: Any, option: Json, resolved: Resolved) -> Any:
    match kind:
        case 6:
            return resolved.user(value)
        case 7:
            return resolved.channel(value, option.get("channel_types"))
        case 8:
            return resolved.role(value)
        case 9:
            return resolved.mentionable(value)
        case 11:
            return resolved.file(value)
        case _:
            return value
