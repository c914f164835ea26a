"""Check a template and render it on plain data."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from jinja2 import TemplateError, UndefinedError

from answers.errors import TemplateFailed
from answers.templates import whitelist
from answers.templates.environment import Environment

MAX_OUTPUT = 3_800
_MAX_TEXT = 2_000
_MAX_NESTING = 6
_MAX_INTEGER = 1 << 63

_ENVIRONMENT = Environment()


def check(source: str, names: Collection[str] | None = None) -> None:
    """Raise TemplateRejected unless the template stays inside the allowed subset; compiles nothing."""
    whitelist.check(_ENVIRONMENT, source, names)


def render(source: str, values: Mapping[str, Any], limit: int = MAX_OUTPUT) -> str:
    """Render a template.

    Args:
        source: the template, checked before it is compiled.
        values: numbers, texts, lists and mappings; they are copied, so nothing else gets in.
        limit: the most characters it may produce.

    Raises:
        TemplateRejected: the template is not allowed.
        TemplateFailed: a name is missing, a filter got what it cannot use, or the text is too long.
    """
    check(source)
    template = _ENVIRONMENT.from_string(source)
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.generate(cast("dict[str, Any]", _copy(values))):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                msg = f"The rendered text is longer than {limit} characters; shorten the template."
                raise TemplateFailed(msg)
    except UndefinedError as error:
        msg = f"The template uses something that was not measured: {error.message}."
        raise TemplateFailed(msg) from None
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        msg = f"The template cannot be rendered: {error}."
        raise TemplateFailed(msg) from None
    return "".join(pieces)


def _copy(value: Any, nesting: int = 0) -> Any:
    """Copy plain data, cut to the sizes that bound a template's work; anything else becomes None."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _MAX_INTEGER else float("inf")
    if isinstance(value, str):
        return str(value)[:_MAX_TEXT]
    if nesting >= _MAX_NESTING:
        return None
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {str(key): _copy(item, nesting + 1) for key, item in items if not str(key).startswith("_")}
    if isinstance(value, Sequence):
        return [_copy(item, nesting + 1) for item in cast("Sequence[Any]", value)[: whitelist.MAX_LIST]]
    return None
