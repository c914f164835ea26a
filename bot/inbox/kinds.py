"""What sets two questions apart that sound alike: when and where, homework 3 and homework 4."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.text import strip_markup, without_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIME = re.compile(r"\b(?:when|dates?|deadlines?|until|due|what time|(?:what|which) day)\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:where|rooms?|location|place|links?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def apart(texts: Sequence[str]) -> "NDArray[np.bool_]":
    """Return which pairs ask for different things, shape (n, n).

    One asks for a time and the other for a place, or they name different numbers; the size of a network is
    no such number: "with 50 layers" says what to run, not what is asked.
    """
    plain = [without_sizes(strip_markup(text)) for text in texts]
    asked_for = np.array([_asked_for(text) for text in plain])
    sets: dict[frozenset[str], int] = {frozenset(): 0}
    numbers = np.array([sets.setdefault(frozenset(_NUMBER.findall(text)), len(sets)) for text in plain])
    return _differ(asked_for) | _differ(numbers)


def _asked_for(text: str) -> int:
    time, place = bool(_TIME.search(text)), bool(_PLACE.search(text))
    return 0 if time == place else 1 if time else 2


def _differ(codes: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Return which pairs have different codes; 0 says nothing."""
    said = codes > 0
    return (codes[:, None] != codes) & said[:, None] & said
