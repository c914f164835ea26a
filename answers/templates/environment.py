"""The Jinja2 environment in which templates written by instructors are rendered.

The stock sandbox keeps templates away from Python objects but not from a gigabyte of text, so this one
goes further: look-ups see mapping keys and list items only, arithmetic is for numbers, nothing can be
called. Intercepting the operators also turns off the compiler's constant folding, which would otherwise
run 'a' * 10**9 before any limit applies.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, cast

from jinja2 import StrictUndefined, TemplateError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from answers.templates.filters import FILTERS
from answers.templates.items import Items
from answers.templates.negation import NOT
from answers.templates.unmeasured import UNMEASURED, Unmeasured

TESTS = frozenset(
    [
        "defined",
        "undefined",
        "none",
        "number",
        "string",
        "odd",
        "even",
        "in",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
    ]
)
LOOP = frozenset({"index", "index0", "first", "last", "length"})
_MAX_INTEGER = 1 << 64

ITEMS = " items"
"""The filter through which every loop reads its list; no template can spell its name."""


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 reduced to data, filters, tests and arithmetic on numbers."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=False, lstrip_blocks=True, cache_size=0, finalize=_shown
        )
        self.globals.clear()
        self.filters.clear()
        self.filters.update({name: _of_measured(function) for name, function in FILTERS.items()})
        self.filters[ITEMS] = _items
        self.filters[NOT] = _of_measured(operator.not_)
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}
        self.tests["none"] = _is_none
        self.tests["number"] = _is_number
        # The stock ones compute value % 2, which is formatting where the value is text.
        self.tests["odd"] = _of_measured(_is_odd)
        self.tests["even"] = _of_measured(_is_even)
        self.tests["in"] = _of_measured(_is_in)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute on numbers only; what has no value, such as 0 / 0, is unmeasured."""
        if isinstance(left, Unmeasured) or isinstance(right, Unmeasured):
            return UNMEASURED
        _require_numbers(left, right)
        if operator in {"%", "**"}:
            msg = f"{operator} is not available"
            raise SecurityError(msg)
        try:
            found = super().call_binop(context, operator, left, right)
        except ZeroDivisionError:
            return UNMEASURED
        return UNMEASURED if math.isnan(found) else found

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Compute on numbers only."""
        if isinstance(arg, Unmeasured):
            return arg
        _require_numbers(arg)
        return super().call_unop(context, operator, arg)

    def call(self, *_arguments: Any, **_keywords: Any) -> NoReturn:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Refuse every call."""
        msg = "calls are not available"
        raise SecurityError(msg)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002  Jinja2's signature
        """Refuse every Python attribute."""
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up a mapping's key; of a loop, its counters."""
        if isinstance(obj, Unmeasured):
            return obj
        if isinstance(obj, Mapping) and attribute in obj and not attribute.startswith("_"):
            return cast("Mapping[str, Any]", obj)[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self._missing(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up a mapping's key or a list's item."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, Unmeasured):
            return obj
        if isinstance(obj, Items) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj.item(argument)
        return self._missing(obj, argument)

    def _missing(self, obj: Any, name: Any) -> Undefined:
        return self.undefined(hint=f"{name} does not exist here", obj=obj, name=str(name))


def _shown(value: Any) -> Any:
    """Write a value as a reader can take it: a bare number with three digits, and no group of facts."""
    if isinstance(value, float):
        return FILTERS["num"](value, 3)
    if isinstance(value, Mapping):
        facts = ", ".join(sorted(map(str, cast("Mapping[str, Any]", value)))[:6])
        msg = f"this is a group of facts; name one of it: {facts}"
        raise TemplateError(msg)
    return value


def _items(value: Any) -> list[Any]:
    if isinstance(value, Unmeasured):
        return []
    if not isinstance(value, Items):
        msg = f"a loop runs over a list, got {type(value).__name__}"
        raise TemplateError(msg)
    return value.few("a loop runs over")


def _of_measured(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter or a test pass on what was not measured as it is."""

    def guarded(value: Any, *arguments: Any) -> Any:
        return value if isinstance(value, Unmeasured) else function(value, *arguments)

    return guarded


def _is_in(value: Any, where: Any) -> Any:
    return where if isinstance(where, Unmeasured) else value in where


def _is_none(value: Any) -> bool:
    return value is None or isinstance(value, Unmeasured)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_odd(value: Any) -> bool:
    return _whole(value) % 2 == 1


def _is_even(value: Any) -> bool:
    return _whole(value) % 2 == 0


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"odd and even take a whole number, got {value!r:.40}"
        raise TemplateError(msg)
    return value


def _require_numbers(*values: Any) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            msg = "arithmetic is for numbers"
            raise SecurityError(msg)
        if isinstance(value, int) and abs(value) > _MAX_INTEGER:
            msg = "a number is too large"
            raise SecurityError(msg)
