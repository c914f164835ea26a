"""Numbers as people read them, the same in titles, labels and alternative texts."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

MAX_TITLE = 46
STEADY = (0.98, 1.02)
"""A factor per layer within these counts as no change."""
UNMOVED = 1e-3
"""A layer that a whole training moved by less than this share of its size counts as one that stood still."""

_SEVERAL = r"(?!1 )[\d,]+ (layers|blocks|(time )?steps)"
"""Names that are plurals."""
_IRREGULAR = {"is": "are", "goes": "go"}
_PLAIN = (1e-3, 1e4)
_WHOLE = 10
_CLOSE_TO_ONE = 1.1
_TOLD = 0.2  # of a difference: two numbers are rounded so that theirs is off by less
_DECIMALS = 4


def number(value: float | None) -> str:
    """Write two significant digits, plain near 1 and as 4.2e-18 otherwise."""
    if value is None or math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "overflow" if value > 0 else "minus overflow"
    if value == 0:
        return "0"
    size = abs(value)
    if _PLAIN[0] <= size < _PLAIN[1]:
        rounded = float(f"{value:.1e}") if size < _WHOLE * _WHOLE else round(value)
        return f"{rounded:g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def from_to(first: float | None, last: float | None) -> str:
    """Write two numbers with as many digits as show their difference: 2.303 → 2.281."""
    short = number(first), number(last)
    if first is None or last is None or not math.isfinite(first) or not math.isfinite(last) or first == last:
        return " → ".join(short)
    apart = last - first
    if abs(float(short[1]) - float(short[0]) - apart) <= _TOLD * abs(apart):
        return " → ".join(short)
    places = min(max(1 - math.floor(math.log10(abs(apart))), 1), _DECIMALS)
    return f"{first:.{places}f} → {last:.{places}f}"


def times(ratio: float, digits: int = 2) -> str:
    """Write a ratio of at least 1 as 4.2×, with one more digit where 1.0× would hide it."""
    if ratio >= _PLAIN[1]:
        return f"{number(ratio)}×"
    if ratio < _CLOSE_TO_ONE:
        return f"{ratio:.2f}×"
    before = len(str(int(ratio)))
    return f"{ratio:,.{max(digits - before, 0)}f}×"


def change(factor: float, digits: int = 2) -> str:
    """Write a factor per layer as the ratio above 1 that it is in either direction."""
    return times(1 / factor if factor < 1 else factor, digits)


def share(value: float) -> str:
    """Write a share as a percentage that is 0 % or 100 % only when it is exactly that."""
    percent = 100 * value
    if 0 < percent < 1:
        return "under 1 %"
    if 99 < percent < 100:  # noqa: PLR2004
        return "over 99 %"
    return f"{percent:.0f} %"


def count(value: float, noun: str) -> str:
    """Write a count with thousands separators and its noun, in the plural unless it is 1."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{value:,.0f} {noun if value == 1 else plural}"


def agree(name: str, verb: str) -> str:
    """Join a name and what it does: 25 steps learn, ReLU learns."""
    return f"{name} {plural(verb) if re.fullmatch(_SEVERAL, name) else verb}"


def plural(verb: str) -> str:
    """Return what several do where one does this: goes up → go up."""
    first, _, others = verb.partition(" ")
    return f"{_IRREGULAR.get(first, first.removesuffix('s'))} {others}".strip()


def ranges(values: Iterable[int]) -> str:
    """Write whole numbers as runs: 1–4, 7."""
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][-1] + 1:
            runs[-1][1:] = [value]
        else:
            runs.append([value])
    return ", ".join("–".join(str(end) for end in run) for run in runs)


def listing(words: Sequence[str]) -> str:
    """Join words as in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital letter unless the first word has capitals or digits of its own."""
    first = text.split(" ", 1)[0]
    return (
        text if any(letter.isupper() or letter.isdigit() for letter in first) else text[:1].upper() + text[1:]
    )


def finite(facts: Mapping[str, Any], key: str) -> float | None:
    """Return a fact that is a finite number, or None."""
    value = facts.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def nested(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a fact that is a mapping itself, empty if there is none."""
    value = facts.get(key)
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
