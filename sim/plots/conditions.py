"""Under which conditions something was measured, as the line at the foot of a card."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.plots.names import differing, phrase, special
from sim.plots.pixels import LARGE, MARGIN, WIDTH, fits, shorten
from sim.plots.wording import MAX_TITLE, count
from sim.spec import Spec


@dataclass(frozen=True, slots=True)
class Condition:
    """A few words, and how soon they are left out where room is short: the highest number first."""

    words: str
    drop: int


def conditions(specs: Sequence[Spec], shared: Sequence[str] = ()) -> list[Condition]:
    """Name what all specs have in common, in reading order.

    Args:
        specs: the configurations of one card.
        shared: what their labels have in common, and therefore do not say.
    """
    focus, apart = specs[0], differing(specs)
    found = [Condition(word, 2) for word in shared]
    if "arch" not in apart and phrase("arch", focus.arch) not in shared:
        found.append(Condition(phrase("arch", focus.arch), 1))
    if "width" not in apart:
        channels = focus.arch == "cnn" and "arch" not in apart
        found.append(Condition(f"{focus.width} channels" if channels else f"width {focus.width}", 0))
    found += [Condition(words, 3 + place) for place, words in enumerate(special(specs))]
    if "steps" not in apart:
        found.append(Condition(f"after {count(focus.steps, 'step')}" if focus.steps else "untrained", 0))
    return found


def seeds(replicas: int) -> str:
    """Say how many replicas were measured and what the band is."""
    return "1 seed" if replicas == 1 else f"{replicas} seeds: median and 10–90 %"


def footer(found: Sequence[Condition], ending: str) -> str:
    """Join conditions and an ending into one line, leaving out what does not fit on the card."""
    kept = list(found)
    while kept and not fits(_joined(kept, ending)):
        kept.remove(max(reversed(kept), key=lambda condition: condition.drop))
    return shorten(_joined(kept, ending), WIDTH - 2 * MARGIN)


def fit_title(candidates: Sequence[str]) -> str:
    """Return the first title that is short enough for a card; cut the last one if none is."""
    for candidate in candidates:
        if len(candidate) <= MAX_TITLE and fits(candidate, LARGE, bold=True):
            return candidate
    return shorten(candidates[-1][:MAX_TITLE], (WIDTH - 2 * MARGIN) * 13.5 / LARGE, bold=True)


def _joined(kept: Sequence[Condition], ending: str) -> str:
    return ", ".join([*(condition.words for condition in kept), ending])
