"""What Discord refuses in a modal although its OpenAPI description allows it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from . import components
from .problem import Problem
from .rules import MAX_CUSTOM_ID, over, select_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .payloads import Json

MAX_TITLE, MAX_PARTS, MAX_LABEL, MAX_DESCRIPTION, MAX_INPUT, MAX_INPUT_PLACEHOLDER = 45, 5, 45, 100, 4000, 100


def modal_problems(modal: Json) -> list[Problem]:
    """Judge a modal that the bot opens."""
    parts = components.dicts(modal.get("components"))
    found = [
        *over("the title", len(components.text(modal.get("title"))), MAX_TITLE),
        *over("the custom_id of the modal", len(components.text(modal.get("custom_id"))), MAX_CUSTOM_ID),
    ]
    if not 1 <= len(parts) <= MAX_PARTS:
        found.append(Problem(f"a modal of {len(parts)} parts; 1 to {MAX_PARTS} are allowed"))
    ids = Counter(
        components.text(item["custom_id"]) for item in components.walk(parts) if item.get("custom_id")
    )
    found += [Problem(f"custom_id {id_!r} is used {times} times") for id_, times in ids.items() if times > 1]
    for item in components.walk(parts):
        found += _part(item)
    return found


def _part(item: Json) -> Iterator[Problem]:
    name = components.text(item.get("custom_id"))
    if "custom_id" in item:
        yield from over(f"custom_id {name[:20]!r}…", len(name), MAX_CUSTOM_ID)
    if item.get("type") in components.SELECTS:
        yield from select_problems(item)
    elif item.get("type") == components.LABEL:
        yield from over("a label", len(components.text(item.get("label"))), MAX_LABEL)
        yield from over(
            "a label's description", len(components.text(item.get("description"))), MAX_DESCRIPTION
        )
    elif item.get("type") == components.TEXT_INPUT:
        yield from _input(item, name)


def _input(item: Json, name: str) -> Iterator[Problem]:
    least, most = item.get("min_length") or 0, item.get("max_length") or MAX_INPUT
    if not least <= most <= MAX_INPUT:
        yield Problem(f"input {name!r} takes {least} to {most} characters; at most {MAX_INPUT:,} are allowed")
    yield from over(
        f"the placeholder of {name!r}", len(components.text(item.get("placeholder"))), MAX_INPUT_PLACEHOLDER
    )
    begun = components.text(item.get("value"))
    if begun and not least <= len(begun) <= most:
        yield Problem(f"input {name!r} begins with {len(begun):,} characters; it takes {least} to {most:,}")
