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


def conditions(
    specs: Sequence[Spec], shared: Sequence[str] = (), said: Sequence[str] = ()
) -> list[Condition]:
    """Name what all specs have in common, in reading order.

    Args:
        specs: the configurations of one card.
        shared: what their labels have in common, and therefore do not say.
        said: what the labels do say.
    """
    focus, apart = specs[0], differing(specs)
    found = [Condition(word, 2) for word in shared]
    if "arch" not in apart and phrase("arch", focus.arch) not in shared:
        found.append(Condition(phrase("arch", focus.arch), 1))
    if "width" not in apart:
        channels = focus.arch == "cnn" and "arch" not in apart
        found.append(Condition(f"{focus.width} channels" if channels else f"width {focus.width}", 0))
    found += [
        Condition(words, 3 + place) for place, words in enumerate(special(specs)) if words not in shared
    ]
    if "steps" not in apart:
        found.append(Condition(f"after {count(focus.steps, 'step')}" if focus.steps else "untrained", 0))
    return [condition for condition in dict.fromkeys(found) if condition.words not in said]


def seeds(replicas: int) -> tuple[str, ...]:
    """Say how many replicas were measured and what the band is, in full and short."""
    if replicas == 1:
        return ("1 seed",)
    return f"{replicas} seeds: median and 10–90 %", f"{replicas} seeds, 10–90 %"


def footer(found: Sequence[Condition], endings: Sequence[str]) -> str:
    """Join conditions and an ending into one line of a card.

    What does not fit is made shorter: first the ending, then the conditions that can be left out.
    """
    kept = list(found)
    while kept and not any(fits(_joined(kept, ending)) for ending in endings):
        kept.remove(max(reversed(kept), key=lambda condition: condition.drop))
    lines = [_joined(kept, ending) for ending in endings]
    return next((line for line in lines if fits(line)), shorten(lines[-1], WIDTH - 2 * MARGIN))


def fit_title(candidates: Sequence[str]) -> str:
    """Return the first title that is short enough for a card; cut the last one if none is."""
    for candidate in candidates:
        if len(candidate) <= MAX_TITLE and fits(candidate, LARGE, bold=True):
            return candidate
    return shorten(candidates[-1][:MAX_TITLE], WIDTH - 2 * MARGIN, LARGE, bold=True)


def _joined(kept: Sequence[Condition], ending: str) -> str:
    return ", ".join([*(condition.words for condition in kept), ending])
