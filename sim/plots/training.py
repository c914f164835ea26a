"""Draw what training does: the loss, how far a step moves a layer, and where the gradient is."""

import numpy as np

from sim.measurements import Measurements
from sim.plots import training_heat, training_updates
from sim.plots.card import Card
from sim.plots.conditions import footer, seeds
from sim.plots.dealing import deal, finished
from sim.plots.edges import mark_edges
from sim.plots.frame import Frame
from sim.plots.level import draw_level, levels
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.names import pretty
from sim.plots.over_steps import (
    edges_over_steps,
    horizontal,
    line_names,
    loss_of,
    training_conditions,
    x_label,
)
from sim.plots.plain_scales import linear_scale
from sim.plots.plot import Plot
from sim.plots.scales import Scale, log_scale
from sim.plots.spread import Spread
from sim.plots.theme import Theme
from sim.plots.training_right import answers_right
from sim.plots.training_words import alt, title
from sim.plots.wording import share

__all__ = ["alt", "compose", "draw", "title"]

_HIGH = 5.0  # times the plateau: a loss beyond needs a logarithmic axis
_LEAST = 2.0  # decades
_BEYOND = 100.0  # times the largest loss that does not overflow: where the axis ends


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the losses of up to three variants a card, then the updates, then where the gradient is."""
    cards = [(compose(part, theme), alt(part)) for part in deal(measurements)]
    cards += [
        (training_updates.compose(part, theme), training_updates.alt(part)) for part in deal(measurements)
    ]
    cards += [
        (training_heat.compose(measurements, theme, place), training_heat.alt(measurements, place))
        for place in training_heat.places(measurements)
    ]
    return finished(cards)


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card of the loss, with every mark and label but not yet drawn."""
    variants = measurements.variants
    known = levels(variants)
    spreads = [loss_of(variant) for variant in variants]
    own, shared = line_names(variants)
    said = pretty(variants[0].label) if len(variants) == 1 else ()
    found = training_conditions([variant.spec for variant in variants], shared, said)
    x = horizontal(variants)
    y, logarithmic = _vertical(spreads, list(known))
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity=f"loss on the training examples{' (log scale)' if logarithmic else ''}",
            x_label=x_label(x, [variant.spec for variant in variants]),
            footer=footer(found, seeds(spreads[0].replicas)),
            x=x,
            y=y,
        ),
    )
    for plateau, whose in known.items():
        draw_level(card, plateau, whose)
    lines: list[Line] = []
    for place, (name, variant, spread) in enumerate(zip(own, variants, spreads, strict=True)):
        right = answers_right(variant)
        beside = "" if right is None else f"{share(right)} right"
        lines.append(Line(name=name, spread=spread, pen=pen_of(theme, place), beside=beside))

    def say(spread: Spread) -> tuple[str, str]:
        over, under = edges_over_steps(spread, "diverges")
        return over.removesuffix(" on").replace(" from ", " at "), under if logarithmic else ""

    mark_edges(card, [(line.name, line.spread, line.pen) for line in lines], say)
    for line in lines:
        draw_line(card, line)
    return card


def _vertical(spreads: list[Spread], levels: list[float]) -> tuple[Scale, bool]:
    """Return the axis of the loss, plain unless it must reach far above the level of knowing nothing.

    What overflows leaves it at the top: an axis up to the largest number would press all other losses flat.
    """
    shown = [array for spread in spreads for array in (spread.median, spread.low, spread.high)]
    everything = np.concatenate([*shown, np.array(levels)])
    largest = float(everything[np.isfinite(everything)].max())
    if largest <= _HIGH * max(levels):
        return linear_scale([everything]), False
    zero = any(spread.under.any() for spread in spreads)
    over = any(spread.over.any() for spread in spreads)
    top = _BEYOND * max(*levels, *(_known(spread) for spread in spreads))
    return log_scale([np.minimum(everything, top)], least=_LEAST, floor=zero, ceiling=over), True


def _known(spread: Spread) -> float:
    """Return the largest median of a line that does not overflow, and of one that does where it begins."""
    shown = spread.median[:1] if spread.over.any() else spread.median
    return float(shown.max()) if np.isfinite(shown).all() else 0.0
