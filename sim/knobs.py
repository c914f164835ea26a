"""The two kinds of knob, each able to read, write and explain its values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sim.errors import SpecError

_CLOSE = 0.6
_LISTED = 16


def nearest(word: str, known: list[str]) -> str:
    """Name the known word closest to `word`, or the known ones, as the end of an error sentence."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=_CLOSE)
    if close:
        return f"did you mean {close[0]!r}?"
    rest = "" if len(known) <= _LISTED else f" and {len(known) - _LISTED} more"
    return f"known: {', '.join(known[:_LISTED])}{rest}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A knob that takes one of a few words."""

    key: str
    words: tuple[str, ...]
    default: str
    help: str
    synonyms: Mapping[str, str] = field(default_factory=dict[str, str])

    def parse(self, text: str) -> str:
        """Return the canonical word; raise SpecError naming the nearest one."""
        word = text.lower()
        word = self.synonyms.get(word, word)
        if word not in self.words:
            known = [*self.words, *self.synonyms]
            msg = f"{self.key} is one of {', '.join(self.words)}; got {text!r:.60}; {nearest(text, known)}"
            raise SpecError(msg)
        return word

    def format(self, value: Any) -> str:
        """Write the value as the grammar spells it."""
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A knob that takes a number within a closed range."""

    key: str
    low: float
    high: float
    default: float | None
    help: str
    whole: bool = False
    none: bool = False  # the word "none" is allowed and means: off
    odd: bool = False
    exclusive_low: bool = False

    def parse(self, text: str) -> float | None:
        """Return the number (or None for "none"); raise SpecError naming the nearest valid one."""
        if self.none and text.lower() in {"none", "off"}:
            return None
        try:
            value = float(text)
        except ValueError:
            msg = (
                f"{self.key} is {self.wanted()}; got {text!r:.60}; for example {self.key}={self._example()}."
            )
            raise SpecError(msg) from None
        fault = math.isnan(value) or value < self.low or value > self.high
        fault = fault or (self.exclusive_low and value == self.low)
        fault = fault or (self.whole and value != int(value)) or (self.odd and value % 2 == 0)
        if fault:
            msg = f"{self.key} is {self.wanted()}; got {text:.60}; {self._way_out(value)}."
            raise SpecError(msg)
        return int(value) if self.whole else value

    def wanted(self) -> str:
        """Say what the knob accepts, as a noun phrase."""
        kind = "an odd whole number" if self.odd else "a whole number" if self.whole else "a number"
        above = "above" if self.exclusive_low else "from"
        span = f"{kind} {above} {self.format(self.low)} to {self.format(self.high)}"
        return f"none or {span}" if self.none else span

    def format(self, value: Any) -> str:
        """Write the value so that parsing it gives the same number again."""
        if value is None:
            return "none"
        return str(int(value)) if value == int(value) and abs(value) < 1e9 else repr(value)  # noqa: PLR2004

    def _example(self) -> str:
        return self.format(self.default if self.default is not None else 1.0)

    def _way_out(self, value: float) -> str:
        """Say what to write in the place of a number that is refused."""
        example = f"for example {self.key}={self._example()}"
        if math.isnan(value):
            return example
        if self.exclusive_low and value <= self.low:
            # Of the numbers above a bound none is the nearest.
            return f"the nearest valid value is just above {self.format(self.low)}, {example}"
        inside = min(max(value, self.low), self.high)
        if self.whole:
            inside = round(inside)
        if self.odd and inside % 2 == 0:
            inside = inside + 1 if inside + 1 <= self.high else inside - 1
        return f"the nearest valid value is {self.format(inside)}"


Knob = Choice | Number
