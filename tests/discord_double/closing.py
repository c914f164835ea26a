"""Making Discord's description strict enough to find mistakes, and quick enough to judge everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft202012Validator, validators

from . import components

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .payloads import Json

_BY_TYPE = "x-by-type"

# Fields that discord.py sends and Discord ignores, although the description does not know them there.
TOLERATED: dict[str, frozenset[str]] = {
    "IncomingWebhookUpdateRequestPartial": frozenset({"tts"}),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": frozenset({"tts"}),
    "MessageEditRequestPartial": frozenset({"tts"}),
    "BaseCreateMessageCreateRequest": frozenset({"tts"}),
    "CreateForumThreadRequest": frozenset({"type"}),
    "ApplicationCommandUpdateRequest": frozenset({"nsfw"}),
    # An attachment that stays is sent back whole.
    "MessageAttachmentRequest": frozenset(
        {"content_type", "height", "proxy_url", "size", "spoiler", "url", "width"},
    ),
    "RichEmbed": frozenset({"flags"}),
}


def close(document: Json) -> None:
    """Forbid unknown fields in every object, and accept snowflakes as the numbers that discord.py sends."""
    schemas: Json = document["components"]["schemas"]
    snowflake: Json = schemas["SnowflakeType"]
    snowflake["type"], snowflake["minimum"] = ["string", "integer"], 0
    _close_inside(document)
    _index_unions(document, schemas)
    for name, fields in TOLERATED.items():
        schemas[name]["properties"].update(
            {field: True for field in fields if field not in schemas[name]["properties"]}
        )


def _close_inside(value: Any) -> None:
    if isinstance(value, dict):
        node = cast("Json", value)
        if node.get("type") == "object" and isinstance(node.get("properties"), dict):
            node.setdefault("additionalProperties", False)
    for inner in components.inside(value):
        _close_inside(inner)


def _index_unions(value: Any, schemas: Json) -> None:
    """Note in every union of objects with a `type` which branch each type means."""
    if isinstance(value, dict):
        node = cast("Json", value)
        names = [
            str(branch.get("$ref", "")).rpartition("/")[2] for branch in components.dicts(node.get("oneOf"))
        ]
        kinds = [schemas.get(name, {}).get("properties", {}).get("type", {}).get("enum") for name in names]
        if kinds and all(kinds):
            branches = zip(kinds, node["oneOf"], strict=True)
            node[_BY_TYPE] = {kind: branch for these, branch in branches for kind in these}
    for inner in components.inside(value):
        _index_unions(inner, schemas)


def _one_of(validator: Any, branches: list[Any], instance: Any, schema: Json) -> Iterator[Any]:
    """Look at the branch of the instance's `type` only: the others cost time and blur the message."""
    kinds = [item.get("type") for item in components.dicts([instance])]
    meant = schema.get(_BY_TYPE, {}).get(kinds[0]) if kinds and isinstance(kinds[0], int) else None
    if meant is not None:
        yield from validator.descend(instance, meant)
    else:
        yield from Draft202012Validator.VALIDATORS["oneOf"](validator, branches, instance, schema)


Validator: Any = cast("Any", validators).extend(Draft202012Validator, {"oneOf": _one_of})
