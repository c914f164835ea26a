"""Check a template and render it on plain data."""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from jinja2 import Template, TemplateError, UndefinedError, nodes

from answers.errors import TemplateFailed
from answers.templates import negation, whitelist
from answers.templates.environment import ITEMS, Environment
from answers.templates.items import MAX_ITEMS, Items
from answers.templates.unmeasured import UNMEASURED
from sim.knobs import nearest

MAX_OUTPUT = 3_800
_MAX_TEXT = 2_000
_MAX_NESTING = 6
_MAX_INTEGER = 1 << 63
_REMEMBERED = 4_096
"""How many compiled templates are kept, some kilobytes each: a library's are rendered over and over."""

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
    tree, template, names = _prepared(source)
    used = {name: values[name] for name in names if name in values}
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.generate(cast("dict[str, Any]", _copy(used))):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                msg = f"The rendered text is longer than {limit} characters; shorten the template."
                raise TemplateFailed(msg)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise TemplateFailed(_explain(error, tree, values)) from None
    return "".join(pieces)


def _explain(error: Exception, tree: nodes.Template, values: Mapping[str, Any]) -> str:
    # A filter that got nothing complains about nothing: the name that led nowhere is the cause.
    missing = _missing_fact(tree, values)
    if missing or isinstance(error, UndefinedError):
        return f"The template uses something that was not measured: {missing or f'{error}.'}"
    return f"The template cannot be rendered: {error}."


def _missing_fact(tree: nodes.Template, values: Mapping[str, Any]) -> str:
    """Name the first dotted name of a template that leads nowhere, and the nearest that leads somewhere."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        path = _path(node)
        place: Any = values
        for depth, key in enumerate(path):
            if not isinstance(place, Mapping):
                break
            known = cast("Mapping[str, Any]", place)
            if key not in known:
                # A name that only the template knows, such as a loop's item, starts no path in the values.
                prefix = "".join(f"{part}." for part in path[:depth])
                candidates = [f"{prefix}{name}" for name in known]
                if depth:
                    return f"{prefix}{key} does not exist; {nearest(prefix + key, sorted(candidates))}"
                break
            place = known[key]
    return ""


def _path(node: nodes.Node) -> list[str]:
    match node:
        case nodes.Name():
            return [node.name]
        case nodes.Getattr():
            return [*_path(node.node), node.attr]
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            return [*_path(node.node), key]
        case _:
            return []


@lru_cache(maxsize=_REMEMBERED)
def _prepared(source: str) -> tuple[nodes.Template, Template, frozenset[str]]:
    """Check and compile a template, and find the names it uses."""
    tree = whitelist.check(_ENVIRONMENT, source)
    try:
        names = frozenset(node.name for node in tree.find_all(nodes.Name))
        return tree, _compile(tree), names
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise TemplateFailed(_explain(error, tree, {})) from None


def _compile(tree: nodes.Template) -> Template:
    """Compile a checked tree: a filter bounds the list of every loop, another one negates."""
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, ITEMS, [], [], None, None, lineno=loop.lineno)
    negation.mark(tree)
    return Template.from_code(_ENVIRONMENT, _ENVIRONMENT.compile(tree), {})


def _copy(value: Any, nesting: int = 0) -> Any:
    """Copy plain data, within the sizes that bound a template's work; anything else becomes None."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNMEASURED
    if isinstance(value, bool | float):
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
        items = cast("Sequence[Any]", value)
        return Items([_copy(item, nesting + 1) for item in items[:MAX_ITEMS]], length=len(items))
    return None
