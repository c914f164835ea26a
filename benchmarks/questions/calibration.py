"""Is a share p right of what is said with confidence p?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)

Said = Sequence[tuple[float, bool]]
"""Confidence and whether it was right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """What was said with a confidence from `low` to below `high`; the last bin includes its end."""

    low: float
    high: float
    count: int
    right: int
    confidence: float
    """Their mean."""

    @property
    def gap(self) -> float:
        """How much larger the share that was right is than the confidence."""
        return self.right / self.count - self.confidence


def bins(said: Said, edges: Sequence[float] = EDGES) -> Sequence[Bin]:
    """Sort into bins by confidence; a bin that nothing falls into is left out."""
    found: list[Bin] = []
    for low, high in pairwise(edges):
        own = [one for one in said if low <= one[0] < high or one[0] == high == edges[-1]]
        if own:
            mean = sum(confidence for confidence, _ in own) / len(own)
            right = sum(hit for _, hit in own)
            found.append(Bin(low=low, high=high, count=len(own), right=right, confidence=mean))
    return found


def expected_error(found: Sequence[Bin]) -> float:
    """Return the mean distance between confidence and share (Naeini et al., 2015), weighted by count."""
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.gap) for one in found) / total if total else 0.0
