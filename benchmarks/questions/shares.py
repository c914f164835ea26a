"""Shares with their intervals, and how well one score tells two groups apart."""

import math
from collections.abc import Sequence

import numpy as np

_Z = 1.959964
"""Of a standard normal variable, 95 % are within this many standard deviations."""


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (E. B. Wilson, 1927); of nothing, everything from 0 to 1."""
    if total == 0:
        return 0.0, 1.0
    share, spread = count / total, _Z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    # At either end rounding must not step over the share itself.
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def percent(count: int, total: int) -> str:
    """Write a share in percent with its interval."""
    if total == 0:
        return "–"
    low, high = wilson(count, total)
    return f"{100 * count / total:.1f} ({100 * low:.1f} … {100 * high:.1f})"


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return the chance that one of the first scores above one of the second; a tie counts half."""
    if not inside or not outside:
        return math.nan
    ordered = np.sort(np.asarray(outside))
    below = np.searchsorted(ordered, inside, side="left")
    not_above = np.searchsorted(ordered, inside, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))


def area_text(area: float) -> str:
    """Write an area with three digits, or that there is none."""
    return "–" if math.isnan(area) else f"{area:.3f}"


def threshold(outside: Sequence[float], share: float) -> float:
    """Return the score above which at most this share of the messages about something else are."""
    ordered = sorted(outside, reverse=True)
    passed = math.floor(share * len(ordered) + 1e-9)
    return ordered[passed] if passed < len(ordered) else -math.inf
