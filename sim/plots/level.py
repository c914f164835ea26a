"""The level that a loss starts from: what a network that knows nothing scores."""

import numpy as np

from sim.measurements import Variant
from sim.plots.card import HELPER, Card, Pen
from sim.plots.labels import Label, Row, Run
from sim.plots.wording import finite, nested

_SQUARED = 0.25  # the error of answering ½ for either of two classes


def plateau_of(variant: Variant) -> float:
    """Return the loss of knowing nothing, which the experiments keep with their facts."""
    found = finite(nested(variant.facts, "loss"), "plateau") or finite(variant.facts, "plateau")
    return found or float(np.log(2))


def plateau_words(plateau: float) -> str:
    """Write the loss of knowing nothing as what it is: 1/4 for a squared error, else ln of the classes."""
    return "1/4" if plateau == _SQUARED else f"ln {round(np.exp(plateau))}"


def draw_level(card: Card, plateau: float) -> None:
    """Draw the level across the card, dashed as all that is no measurement, and name it."""
    frame, text = card.frame, card.theme.text
    x, y = np.array([frame.x.low, frame.x.high]), frame.y.to(np.full(2, plateau))
    card.dashes(x, y, owner=HELPER)
    words = Run(text=f"knowing nothing: {plateau_words(plateau)}", color=text)
    row = Row(runs=(words,), glyph=Pen(color=text, marker="").glyph)
    card.labels.append(Label(rows=(row,), anchors=frame.pixels(x, y)))
