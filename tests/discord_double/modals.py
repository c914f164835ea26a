"""Filling in a modal, checked as the real client checks it before it sends anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import components
from .choosing import chosen, counted

if TYPE_CHECKING:
    from .payloads import Json
    from .resolved import Resolved


_SHORT, _LONGEST = 1, 4000


def modal_data(modal: Json, values: Json, resolved: Resolved) -> Json:
    """Describe a modal that is sent with `values`, by custom id; other inputs keep what they began with."""
    inputs = {item["custom_id"] for item in components.walk(modal["components"]) if item.get("custom_id")}
    if unknown := values.keys() - inputs:
        raise LookupError(
            f"the modal has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(inputs))}"
        )
    filled = [_filled(item, values, resolved) for item in modal["components"]]
    for number, item in enumerate(components.walk(filled), 1):
        item["id"] = number
    return resolved.into({"custom_id": modal["custom_id"], "components": filled})


def _filled(item: Json, values: Json, resolved: Resolved) -> Json:
    said: Json = {"type": item["type"]}
    if "components" in item:
        said["components"] = [_filled(inner, values, resolved) for inner in item["components"]]
    if "component" in item:
        said["component"] = _filled(item["component"], values, resolved)
    if "custom_id" in item:
        said |= {"custom_id": item["custom_id"]} | _value(item, values, resolved)
    return said


def _value(item: Json, values: Json, resolved: Resolved) -> Json:
    name = item["custom_id"]
    optional = item.get("required") is False
    match item["type"]:
        case 4:
            text = values.get(name, item.get("value") or "")
            _check_text(item, text, optional=optional)
            return {"value": text}
        case 19:
            files = values.get(name, [])
            counted(item, len(files), optional=optional)
            return {"values": [resolved.file(file) for file in files]}
        case 21:
            return {"value": _radio(item, values.get(name, _default(item)), optional=optional)}
        case 23:
            return {"value": bool(values.get(name, item.get("default") or False))}
        case _:
            return {"values": chosen(item, values.get(name, _defaults(item)), resolved, optional=optional)}


def _check_text(item: Json, text: Any, *, optional: bool) -> None:
    name = item["custom_id"]
    if not isinstance(text, str):
        raise TypeError(f"{name!r} takes text, got {text!r}")
    least, most = int(item.get("min_length") or 0), int(item.get("max_length") or _LONGEST)
    if not text and not optional:
        raise ValueError(f"{name!r} must be filled in")
    if text and not least <= len(text) <= most:
        raise ValueError(f"{name!r} takes {least} to {most} characters, got {len(text)}")
    if item["style"] == _SHORT and "\n" in text:
        raise ValueError(f"{name!r} is a single line: nobody can write a second one in it")


def _radio(item: Json, value: Any, *, optional: bool) -> str | None:
    offered = [option["value"] for option in item["options"]]
    if value is None and optional:
        return None
    if value not in offered:
        raise LookupError(f"{item['custom_id']!r} does not offer {value!r}; it offers {offered}")
    return value


def _default(item: Json) -> str | None:
    return next((option["value"] for option in item["options"] if option.get("default")), None)


def _defaults(item: Json) -> list[str]:
    options = components.dicts(item.get("options"))
    preset = components.dicts(item.get("default_values"))
    return [option["value"] for option in options if option.get("default")] + [one["id"] for one in preset]
