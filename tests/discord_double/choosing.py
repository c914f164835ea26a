"""Choices from menus, checked as the real client checks them: what is not offered cannot be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .payloads import Json
    from .resolved import Resolved


def press_data(message: Json, custom_id: str, values: Sequence[Any] | None, resolved: Resolved) -> Json:
    """Describe a press of one of the message's buttons, or a choice from one of its menus."""
    controls = [item for item in components.walk(message["components"]) if item.get("custom_id")]
    found = next((item for item in controls if item["custom_id"] == custom_id), None)
    if found is None:
        raise LookupError(f"no control {custom_id!r}; there are {[item['custom_id'] for item in controls]}")
    if found.get("disabled"):
        raise ValueError(f"{custom_id!r} is disabled: nobody can press it")
    data: Json = {"custom_id": custom_id, "component_type": found["type"], "id": found["id"]}
    if found["type"] in components.SELECTS:
        return resolved.into(data | {"values": chosen(found, values or [], resolved)})
    if values is not None:
        raise ValueError(f"{custom_id!r} is a button: it has no values to choose")
    return data


def chosen(menu: Json, values: Sequence[Any], resolved: Resolved, *, optional: bool = False) -> list[str]:
    """Return the ids or values of a choice that a menu allows; an `optional` one may be empty."""
    name = menu["custom_id"]
    said = [choice(menu, value, resolved) for value in values]
    if len(set(said)) < len(said):
        raise ValueError(f"{name!r}: a value is chosen twice in {said}")
    counted(menu, len(said), optional=optional)
    return said


def counted(menu: Json, count: int, *, optional: bool = False) -> None:
    """Refuse a number of choices, or of files, that the control does not take."""
    least, most = (1 if menu.get(key) is None else int(menu[key]) for key in ("min_values", "max_values"))
    if not least <= count <= most and not (optional and count == 0):
        raise ValueError(f"{menu['custom_id']!r} takes {least} to {most} values, got {count}")


def choice(menu: Json, value: Any, resolved: Resolved) -> str:
    """Return the id or value of one choice."""
    match menu["type"]:
        case 5:
            return resolved.user(value)
        case 6:
            return resolved.role(value)
        case 7:
            return resolved.mentionable(value)
        case 8:
            return resolved.channel(value, menu.get("channel_types"))
        case _:
            offered = [option["value"] for option in components.dicts(menu.get("options"))]
            if value not in offered:
                raise LookupError(f"{menu['custom_id']!r} does not offer {value!r}; it offers {offered}")
            return str(value)
