"""Judging requests by Discord's own OpenAPI description."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .closing import Validator, close
from .problem import Problem
from .sentences import problem

if TYPE_CHECKING:
    from .payloads import Json

ROOT = Path(__file__).resolve().parents[2]
_URI = "urn:discord:openapi"
# discord.py asks for this with a forum's post, and Discord does so anyway.
_TOLERATED = frozenset({"use_nested_fields"})
_BOOLEANS = frozenset({"true", "false", "True", "False", "0", "1"})


class Judge:
    """Discord's description, closed to unknown fields, with validators built when first needed."""

    def __init__(self, document: Json) -> None:
        close(document)
        self._operations = [(_pattern(path), path, item) for path, item in document["paths"].items()]
        # `@original` is a message id too: the templates with fewer parameters must be tried first.
        self._operations.sort(key=lambda entry: entry[1].count("{"))
        resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry[Any]().with_resource(_URI, resource)
        self._validators: dict[str, Any] = {}

    @staticmethod
    def path() -> Path:
        """Say where the description is expected: $BACKCHAT_SHARED/discord/openapi.json."""
        return ROOT / os.environ.get("BACKCHAT_SHARED", "../shared") / "discord" / "openapi.json"

    @classmethod
    def load_or_none(cls) -> Judge | None:
        """Read the description, once, or return None where it is absent."""
        path = cls.path()
        return _load(path) if path.is_file() else None

    def judge(
        self, method: str, path: str, query: dict[str, str], body: Any, *, present: bool
    ) -> list[Problem]:
        """List what is wrong with one request."""
        for pattern, template, item in self._operations:
            found = pattern.fullmatch(path)
            if found is not None and method.lower() in item:
                operation = item[method.lower()]
                declared = [*item.get("parameters", []), *operation.get("parameters", [])]
                problems = [*_path_problems(declared, found), *_query_problems(declared, query)]
                return problems + self._body_problems(
                    template, method.lower(), operation, body, present=present
                )
        return [Problem(f"Discord has no operation {method} {path}", refused=False)]

    def schema_problems(self, pointer: str, body: Any) -> list[Problem]:
        """List what is wrong with a value, given the JSON pointer of its schema in the description."""
        if pointer not in self._validators:
            schema = {"$ref": f"{_URI}#{pointer}"}
            self._validators[pointer] = Validator(schema, registry=self._registry)
        return [problem(error) for error in self._validators[pointer].iter_errors(body)]

    def _body_problems(
        self, template: str, method: str, operation: Json, body: Any, *, present: bool
    ) -> list[Problem]:
        wanted: Json | None = operation.get("requestBody")
        if not present:
            return [Problem("the body is missing")] if wanted and wanted.get("required") else []
        if wanted is None:
            return [Problem("a body is sent where Discord reads none", refused=False)]
        # The schemas of the other media types only add the fields that hold the files.
        pointer = f"/paths/{_escape(template)}/{method}/requestBody/content/application~1json/schema"
        return self.schema_problems(pointer, body)


@lru_cache(maxsize=1)
def _load(path: Path) -> Judge:
    return Judge(json.loads(path.read_text(encoding="utf-8")))


def _escape(template: str) -> str:
    escaped = template.replace("~", "~0").replace("/", "~1")
    return escaped.replace("{", "%7B").replace("}", "%7D")


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    )


def _is_snowflake(parameter: Json) -> bool:
    return str(parameter["schema"].get("$ref", "")).endswith("/SnowflakeType")


def _path_problems(declared: list[Json], found: re.Match[str]) -> list[Problem]:
    wrong = [
        p["name"]
        for p in declared
        if p["in"] == "path" and _is_snowflake(p) and not found[p["name"]].isdecimal()
    ]
    return [Problem(f"{name} in the path is {found[name]!r}, not a snowflake") for name in wrong]


def _query_problems(declared: list[Json], query: dict[str, str]) -> list[Problem]:
    known = {p["name"]: p for p in declared if p["in"] == "query"}
    problems = [
        Problem(f"unknown query parameter {name!r}", refused=False)
        for name in query.keys() - _TOLERATED
        if name not in known
    ]
    for name in query.keys() & known.keys():
        kind = known[name]["schema"].get("type")
        wrong_number = (kind == "integer" or _is_snowflake(known[name])) and not query[name].isdecimal()
        if wrong_number or (kind == "boolean" and query[name] not in _BOOLEANS):
            problems.append(Problem(f"query parameter {name} is {query[name]!r}"))
    return problems
