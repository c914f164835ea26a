"""The filters of the templates: numbers into words a student reads on a phone."""

import math
from collections.abc import Callable, Mapping
from typing import Any, cast

from jinja2 import TemplateError

from answers.templates.items import Items
from answers.templates.unmeasured import WORDS

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_FROM, _PLAIN_BELOW = 1e-3, 1e6  # outside, a number is written with a power of ten
_MAX_TEXT = 2_000


def number(value: Any, digits: int = 3) -> str:
    """Write a number with significant digits: 0.235, 12,000, 1.8×10⁻⁸; a count in full: 1,440."""
    x = _number(value) + 0.0  # no minus zero
    digits = _digits(digits, 1, 12)
    if isinstance(value, int) and abs(x) < _PLAIN_BELOW:
        return f"{value:,}"
    if not math.isfinite(x):
        return _not_finite(x)
    if x == 0 or _PLAIN_FROM <= abs(x) < _PLAIN_BELOW:
        places = digits - 1 - math.floor(math.log10(abs(x))) if x else 0
        rounded = f"{round(x, places):,.{max(0, places)}f}"
        return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def percent(value: Any, digits: int = 0) -> str:
    """Write a share as a percentage: 94 %."""
    x, places = _number(value), _digits(digits, 0, 6)
    if not math.isfinite(x):
        return _not_finite(x)
    return f"{round(x * 100, places) + 0.0:.{places}f} %"


def duration(value: Any) -> str:
    """Write seconds in the unit that suits them: 0.26 ms, 1.4 s, 3 min."""
    seconds = _number(value)
    if not math.isfinite(seconds):
        return _not_finite(seconds)
    seconds = float(f"{seconds:.2e}")  # rounded first, so that no unit shows a thousand of the one below
    for limit, scale, unit in (
        (1e-3, 1e6, "µs"),
        (1.0, 1e3, "ms"),
        (120.0, 1.0, "s"),
        (7200.0, 1 / 60, "min"),
    ):
        if seconds < limit:
            amount = seconds * scale
            return f"{number(amount, 2 if amount < 100 else 3)} {unit}"  # noqa: PLR2004  three digits in full
    hours = seconds / 3600
    return f"{number(hours, 2)} h" if hours < 48 else f"{number(hours / 24, 2)} days"  # noqa: PLR2004  two days


def inverse(value: Any) -> float:
    """Turn a factor of 0.25 into a shrinking by 4; zero gives infinity."""
    x = _number(value)
    return 1 / x if x else math.inf


def join(value: Any, separator: str = ", ") -> str:
    """Join a list with a separator."""
    if not isinstance(value, Items):
        msg = "join takes a list"
        raise TemplateError(msg)
    return str(separator).join(str(item) for item in value.few("join takes"))


def truncate(value: Any, length: int = 200) -> str:
    """Cut a text to at most `length` characters."""
    text, limit = _text(value), _digits(length, 1, _MAX_TEXT)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"a number was wanted, got {value!r:.40}"
        raise TemplateError(msg)
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float):
        kind = "list" if isinstance(value, Items) else type(value).__name__
        msg = f"a word or a number was wanted, got {kind}"
        raise TemplateError(msg)
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        msg = f"a text of at most {_MAX_TEXT} characters was wanted, got {len(value)}"
        raise TemplateError(msg)
    return str(value)


def _digits(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"a filter's argument is a whole number, got {value!r:.40}"
        raise TemplateError(msg)
    return min(max(value, low), high)


def _not_finite(x: float) -> str:
    return WORDS if math.isnan(x) else "infinite" if x > 0 else "minus infinite"


def _end(value: Any, index: int) -> Any:
    if isinstance(value, Items) and value:
        return value.item(index)
    if isinstance(value, str) and value:
        return value[index]
    msg = "first and last take a list that is not empty"
    raise TemplateError(msg)


def _length(value: Any) -> int:
    if not isinstance(value, str | Items | Mapping):
        msg = "length takes a list or a word"
        raise TemplateError(msg)
    return len(cast("Mapping[Any, Any]", value))


def _integer(value: Any) -> int:
    x = _number(value)
    if not math.isfinite(x):
        msg = f"int takes a finite number, got {x}"
        raise TemplateError(msg)
    return int(x)


def _round(value: Any, digits: int = 0) -> float:
    return round(_number(value), _digits(digits, 0, 12))


def _absolute(value: Any) -> float:
    return abs(_number(value))


def _upper(value: Any) -> str:
    return _text(value).upper()


def _lower(value: Any) -> str:
    return _text(value).lower()


def _capitalised(value: Any) -> str:
    return _text(value).title()


def _trim(value: Any) -> str:
    return _text(value).strip()


def _first(value: Any) -> Any:
    return _end(value, 0)


def _last(value: Any) -> Any:
    return _end(value, -1)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "num": number,
    "pct": percent,
    "duration": duration,
    "inverse": inverse,
    "round": _round,
    "int": _integer,
    "abs": _absolute,
    "upper": _upper,
    "lower": _lower,
    "title": _capitalised,
    "trim": _trim,
    "length": _length,
    "join": join,
    "truncate": truncate,
    "first": _first,
    "last": _last,
}
"""Every filter a template may use."""

ARGUMENTS = {"num": 1, "pct": 1, "round": 1, "join": 1, "truncate": 1}
"""How many arguments a filter takes; one that is not listed takes none."""
NUMERIC = frozenset({"round", "int", "abs", "length", "inverse", "first", "last"})
"""The filters whose result may be used in arithmetic."""
