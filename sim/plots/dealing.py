"""Deal the variants of an experiment onto cards, and finish the cards."""

from collections.abc import Callable, Sequence
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
    parts = deal(measurements)
    found: list[Plot] = []
    for place, part in enumerate(parts, start=1):
        card = compose(part, theme)
        which = f"Card {place} of {len(parts)}. " if len(parts) > 1 else ""
        found.append(Plot(title=card.frame.title, png=card.png(), alt=bounded([which + alt(part)])))
    return tuple(found)


def bounded(sentences: Sequence[str]) -> str:
    """Join sentences into an alternative text of at most 1,024 characters."""
    text = " ".join(sentence for sentence in sentences if sentence)
    return text if len(text) <= MAX_ALT else text[: MAX_ALT - 1].rstrip() + "…"
