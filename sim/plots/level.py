"""The level that a loss starts from: what a network that knows nothing scores."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Variant
from sim.plots.card import HELPER, Card, Pen
from sim.plots.labels import Label, Row, Run
from sim.plots.names import differing, phrase
from sim.plots.wording import finite, listing, nested, number

_SQUARED = 0.25  # the error of answering ½ for either of two classes


def plateau_of(variant: Variant) -> float:
    """Return the loss of knowing nothing, which the experiments keep with their facts."""
    found = finite(nested(variant.facts, "loss"), "plateau") or finite(variant.facts, "plateau")
    return found or float(np.log(2))


def plateau_words(plateau: float) -> str:
    """Write the loss of knowing nothing as what it is: 1/4 for a squared error, else ln of the classes."""
    return "1/4" if plateau == _SQUARED else f"ln {round(np.exp(plateau))}"


def levels(variants: Sequence[Variant]) -> dict[float, str]:
    """Return every level of knowing nothing, and of which loss or data it is where there are several."""
    known = [plateau_of(variant) for variant in variants]
    apart = differing([variant.spec for variant in variants])
    key = next((key for key in ("loss", "data") if key in apart), None)
    if len(set(known)) == 1 or key is None:
        return {known[0]: ""}
    found: dict[float, str] = {}
    for level in dict.fromkeys(known):
        own = [one.spec for one, plateau in zip(variants, known, strict=True) if plateau == level]
        found[level] = listing(list(dict.fromkeys(phrase(key, getattr(spec, key)) for spec in own)))
    return found


def levels_told(variants: Sequence[Variant]) -> str:
    """Describe the dashed levels of a card in a sentence."""
    told = [
        f"{plateau_words(level)} = {number(level)}{f' for {whose}' if whose else ''}"
        for level, whose in levels(variants).items()
    ]
    return f"Dashed level{'s' * (len(told) > 1)}: {listing(told)}, the loss of knowing nothing."


def draw_level(card: Card, plateau: float, whose: str = "") -> None:
    """Draw a level across the card, dashed as all that is no measurement, and name it."""
    frame, text = card.frame, card.theme.text
    x, y = np.array([frame.x.low, frame.x.high]), frame.y.to(np.full(2, plateau))
    card.dashes(x, y, owner=HELPER)
    name = f"{whose}, knowing nothing" if whose else "knowing nothing"
    words = Run(text=f"{name}: {plateau_words(plateau)}", color=text)
    row = Row(runs=(words,), glyph=Pen(color=text, marker="").glyph)
    card.labels.append(Label(rows=(row,), anchors=frame.pixels(x, y)))
