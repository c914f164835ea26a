"""Turning errors of jsonschema into sentences that name the place and the reason."""

from __future__ import annotations

from typing import Any

from .problem import Problem

_LONGEST = 300
_UNKNOWN = "additionalProperties"


def problem(error: Any) -> Problem:
    """Say where and what is wrong; what Discord does not know it ignores, wrong values it refuses."""
    deepest = _deepest(error)
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in deepest.absolute_path)
    text = f"{place.lstrip('.') or 'the body'}: {_reason(deepest)}"
    return Problem(text, refused=deepest.validator != _UNKNOWN)


def _reason(error: Any) -> str:
    if error.validator == _UNKNOWN and error.validator_value is False:
        known: dict[str, Any] = error.schema.get("properties", {})
        extra = sorted(name for name in error.instance if name not in known)
        return "unknown field " + ", ".join(extra)
    if error.validator in ("maxLength", "maxItems"):
        return f"has length {len(error.instance):,}; at most {error.validator_value:,} is allowed"
    if error.context:
        allowed = ", ".join(repr(inner.validator_value) for inner in error.context)
        return f"{error.instance!r} is none of {allowed}"
    message = str(error.message)
    return message if len(message) <= _LONGEST else message[:_LONGEST] + "…"


def _deepest(error: Any) -> Any:
    """Follow the branch of a `oneOf` that was meant: its `type` fits and it fails the furthest inside."""
    while any(inner.validator != "const" for inner in error.context):
        branches: dict[Any, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = min(branches.values(), key=_strangeness)
        error = min(meant, key=lambda inner: (inner.validator == _UNKNOWN, -len(inner.absolute_path)))
    return error


def _strangeness(errors: list[Any]) -> tuple[bool, int, int]:
    at_root = [error for error in errors if len(error.path) == 0]
    wrong_type = any(list(error.path) == ["type"] for error in errors) or any(
        error.validator == "type" for error in at_root
    )
    return wrong_type, len(errors), -max(len(error.path) for error in errors)
