"""What the schema refuses, in a sentence with an example, for a person who does not know its library."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from answers.problem import Problem
from answers.schema import ARXIV, DOI, HTTPS, WORD, EntryForm
from answers.strict_yaml import Lines
from sim.knobs import nearest

_LIST = "a list, each item on a line of its own behind a dash or all in brackets"
_WANTED: Mapping[str, str] = {
    "string_type": "a text",
    "list_type": _LIST,
    "dict_type": "keys and values, each pair on a line of its own, indented",
    "model_type": "keys and values, each pair on a line of its own, indented",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "date_type": "a date: year, month and day",
    "date_from_datetime_inexact": "a date: year, month and day",
}
_PATTERNS: Mapping[str, str] = {
    WORD: "up to 40 lower-case letters, digits and underscores, a letter first",
    r"^[^\n]+$": "one line",
    ARXIV: "a number with a dot and five digits behind it",
    DOI: "what begins with 10. and has a stroke",
    HTTPS: "an address that begins with https://",
}


def explain(detail: ErrorDetails, lines: Lines, path: str) -> Problem:
    """Turn what the schema refuses into a problem on its line."""
    place = tuple(part for part in detail["loc"] if part != "[key]")
    name = ".".join(str(part) for part in place) or "front matter"
    line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 1)
    kind = detail["type"]
    code = "too-long" if kind == "string_too_long" else "schema"
    return Problem(code=code, message=_sentence(detail, place, name), line=line, path=path)


def _sentence(detail: ErrorDetails, place: tuple[str | int, ...], name: str) -> str:
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        form = _form(place[:-1])
        known = sorted(form.model_fields) if form else []
        return f"{name} is not a key of an answer; {nearest(str(place[-1]), known)}"
    example = _example(place)
    if kind == "missing":
        return f"{name} is missing; add it{f', for example {example}' if example else ''}."
    wanted, got = _wanted(detail), _got(detail)
    if kind == "string_too_long":
        return f"{name}: {wanted}; got {got}; say less."
    if kind == "string_type" and isinstance(value, int | float | dt.date):
        shown = f": {example}" if '"' in example else ""
        return f"{name}: {wanted}; got {got}; put it into quotes{shown}."
    if kind == "string_type" and isinstance(value, dict):
        return f"{name}: {wanted}; got a colon with a space behind it; put all of it into quotes."
    return f"{name}: {wanted}; got {got}{f'; for example {example}' if example else ''}".rstrip("?.") + "."


def _wanted(detail: ErrorDetails) -> str:
    kind, limits = detail["type"], detail.get("ctx", {})
    match kind:
        case "string_too_long":
            return f"at most {limits['max_length']} characters"
        case "string_too_short":
            return f"at least {_count(limits['min_length'], 'character')}"
        case "too_long":
            return f"at most {_count(limits['max_length'], 'item')}"
        case "too_short":
            return f"at least {_count(limits['min_length'], 'item')}"
        case "greater_than_equal":
            return f"at least {limits['ge']}"
        case "less_than_equal":
            return f"at most {limits['le']}"
        case "string_pattern_mismatch":
            return _PATTERNS.get(str(limits["pattern"]), "it is written in another way")
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case _:
            return _WANTED.get(kind, detail["msg"])


def _got(detail: ErrorDetails) -> str:
    value, kind = detail["input"], detail["type"]
    if value is None:
        return "nothing"
    if kind in {"string_too_long", "string_too_short"}:
        return str(len(str(value).strip()))
    if kind in {"too_long", "too_short"}:
        return str(len(value))
    if kind == "value_error" and isinstance(value, Mapping):
        keys = [str(key) for key in cast("Mapping[Any, Any]", value)]
        return ", ".join(keys) or "nothing"
    if isinstance(value, dt.date):
        return str(value)
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python does not write out a number of thousands of digits
        return "a number that is too long"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _example(place: tuple[str | int, ...]) -> str:
    """Write the key at a place with a value that is right, as the schema has it; "" where it has none."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    form = _form(place[:-1])
    field = form.model_fields.get(str(place[-1])) if form and place else None
    if field is None or not field.examples:
        return ""
    return f"{place[-1]}: {field.examples[0]}"


def _form(place: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the form of what stands at a place: of an answer, a simulation, a claim or a source."""
    form: type[BaseModel] | None = EntryForm
    for part in place:
        if form is None:
            return None
        field = form.model_fields.get(str(part))
        if field is not None:
            # A position in a list or a name in a mapping leads to the form of its items.
            form = _items(field)
    return form


def _items(field: FieldInfo) -> type[BaseModel] | None:
    found = [
        one for one in get_args(field.annotation) if isinstance(one, type) and issubclass(one, BaseModel)
    ]
    return found[0] if found else None
