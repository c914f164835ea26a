"""Deal the variants of an experiment onto cards, and finish the cards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sim.measurements import Measurements
from sim.plots.card import Card
from sim.plots.plot import MAX_ALT, Plot
from sim.plots.theme import Theme

_OTHERS = 2  # variants beside the focus: three lines are what a phone shows without a legend


def deal(measurements: Measurements) -> tuple[Measurements, ...]:
    """Split measurements into one part per card: the first variant, the focus, with two others each."""
    focus, *others = measurements.variants
    starts = range(0, max(len(others), 1), _OTHERS)
    return tuple(
        replace(measurements, variants=(focus, *others[start : start + _OTHERS])) for start in starts
    )


def plots(
    measurements: Measurements,
    theme: Theme,
    compose: Callable[[Measurements, Theme], Card],
    alt: Callable[[Measurements], str],
) -> tuple[Plot, ...]:
    """Draw every card of an experiment."""
    return finished((compose(part, theme), alt(part)) for part in deal(measurements))


def finished(cards: Iterable[tuple[Card, str]]) -> tuple[Plot, ...]:
    """Draw cards, each with its alternative text, numbered where there are several."""
    drawn = list(cards)
    found: list[Plot] = []
    for place, (card, alt) in enumerate(drawn, start=1):
        which = f"Card {place} of {len(drawn)}. " if len(drawn) > 1 else ""
        found.append(Plot(title=card.frame.title, png=card.png(), alt=bounded([which + alt])))
    return tuple(found)


def bounded(sentences: Sequence[str]) -> str:
    """Join sentences into an alternative text of at most 1,024 characters; what is too long ends with one."""
    text = " ".join(sentence for sentence in sentences if sentence)
    if len(text) <= MAX_ALT:
        return text
    whole = text[: MAX_ALT - 1].rpartition(". ")[0]
    return f"{whole}." if whole else text[: MAX_ALT - 2].rpartition(" ")[0] + " …"
