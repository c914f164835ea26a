"""Draw three ways to differentiate one network: their gradients coincide, their costs do not."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.card import Card, Pen
from sim.plots.conditions import conditions, fit_title, footer, seeds
from sim.plots.dealing import bounded, finished
from sim.plots.edges import draw_edges
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.names import pretty, subject
from sim.plots.plot import Plot
from sim.plots.scales import count_scale, log_scale
from sim.plots.spread import Spread, band, ends
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, nested, number, sentence, share, times

METHODS = {"reverse": "backprop", "forward": "forward mode", "finite": "finite differences"}
"""The methods in the order of the series, by the names a student knows."""

_VANISHES, _EXPLODES = 0.1, 10.0
_MANY = 10.0  # relative difference from which a percentage is no longer read
_LEAST = 3.0  # decades
_MARKED = 10  # layers whose nested markers stay apart
# Nested: a large open square around an open circle around a dot, so that all three show.
_MARKERS = (("s", 15.0, False), ("o", 9.5, False), ("o", 4.5, True))
_WIDTHS = (6.5, 3.6, 1.4)  # points


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw one card per network."""
    places = range(len(measurements.variants))
    return finished((compose(measurements, theme, place), alt(measurements, place)) for place in places)


def title(measurements: Measurements, place: int = 0) -> str:
    """State whether the methods agree and what their gradient does; of several networks, name which."""
    forms = _forms(measurements.variants[place].facts)
    others = [other.spec for at, other in enumerate(measurements.variants) if at != place]
    if not others:
        return fit_title(forms[:2])
    names = subject([measurements.variants[place].spec, *others])
    # After a name and its colon, a second colon would be one too many.
    tails = [f"{form[:1].lower()}{form[1:]}".replace(": ", ", ", 1) for form in forms]
    return fit_title([f"{sentence(name)}: {tail}" for tail in tails for name in names])


def _forms(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what the methods give, the fullest form first."""
    if not facts.get("agree"):
        worst = _difference(facts)
        much = f"by up to {_percent(worst)}" if worst is not None else "from each other"
        return f"The three methods differ {much}", "The three methods do not agree", "methods differ"
    ratio = finite(facts, "first_over_last")
    if ratio is not None and (ratio < _VANISHES or ratio > _EXPLODES):
        verb = "vanishes" if ratio < _VANISHES else "explodes"
        full = f"Three methods, one gradient: it still {verb}"
        return full, f"Three methods: it still {verb}", f"it {verb} by all three", f"it {verb}"
    return "Three methods give the same gradient", "Three methods agree", "they agree"


def compose(measurements: Measurements, theme: Theme, place: int = 0) -> Card:
    """Set up the card of one network, with every mark and label but not yet drawn."""
    variant = measurements.variants[place]
    spreads = {name: Spread.of(variant.series[name]) for name in METHODS}
    first = spreads["reverse"]
    shown = [array for spread in spreads.values() for array in (spread.median, spread.low, spread.high)]
    over = any(bool(spread.over.any()) for spread in spreads.values())
    under = any(bool(spread.under.any()) for spread in spreads.values())
    found = conditions([variant.spec], pretty(variant.label))
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements, place),
            quantity="gradient of the weights, ∂L/∂W (RMS, log scale)",
            x_label="layer (1 = next to the input)",
            footer=footer(found, seeds(first.replicas)),
            x=count_scale(len(first.x)),
            y=log_scale(shown, least=_LEAST, floor=under, ceiling=over),
        ),
    )
    rows = [
        _draw_method(card, number, name, spread, variant)
        for number, (name, spread) in enumerate(spreads.items())
    ]
    pens = [Pen(color=color, owner=number) for number, color in enumerate(theme.series)]
    draw_edges(card, list(zip(METHODS.values(), spreads.values(), pens, strict=True)), "layer")
    good = np.isfinite(card.frame.y.to(first.median))
    anchors = card.frame.pixels(first.x[good], card.frame.y.to(first.median[good]))
    card.labels.insert(0, Label(rows=tuple(rows), anchors=anchors, owner=0))
    return card


def alt(measurements: Measurements, place: int = 0) -> str:
    """Describe a card: kind and axes, the gradient, the methods and their cost, spread, conditions."""
    variant = measurements.variants[place]
    facts, spread = variant.facts, Spread.of(variant.series["reverse"])
    kind = "Line chart with a logarithmic vertical axis: size (RMS) of the gradient of the weights by layer"
    costs = [f"{METHODS[name]} {cost}" for name in METHODS if (cost := _cost(facts, name, seconds=True))]
    words = [found.words for found in conditions([variant.spec], pretty(variant.label))]
    if (parameters := finite(facts, "parameters")) is not None:
        words.append(count(parameters, "parameter"))
    return bounded(
        [
            f"{kind}, layer 1 of {len(spread.x)} is next to the input, by three methods.",
            f"By {METHODS['reverse']} it {ends(spread, 'layer')}.",
            f"Forward mode and finite differences {_relation(facts)}.",
            f"Cost: {'; '.join(costs)}." if costs else "",
            f"{band(spread)}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def _relation(facts: Mapping[str, Any]) -> str:
    worst = _difference(facts)
    apart = f" by at most {_percent(worst)} in any layer" if worst else ""
    if facts.get("agree"):
        return f"lie on top of it and differ{apart}" if apart else "lie on top of it"
    return f"differ from it{apart}"


def _draw_method(card: Card, place: int, name: str, spread: Spread, variant: Variant) -> Row:
    """Draw one method and return its row of the shared label."""
    to, theme = card.frame.y.to, card.theme
    marker, size, filled = _MARKERS[place]
    pen = Pen(
        color=theme.series[place], marker=marker, size=size, width=_WIDTHS[place], owner=0, filled=filled
    )
    if place == 0 and spread.replicas > 1:
        card.spread(spread.x, to(spread.low), to(spread.high), pen.color)
    layers = len(spread.x)
    marks = sorted({int(at) for at in np.round(np.linspace(0, layers - 1, min(layers, _MARKED)))})
    card.line(spread.x, to(spread.median), pen, marked=marks, layer=3 + 0.2 * place)
    runs = [Run(text=METHODS[name], color=pen.color, bold=True)]
    if cost := _cost(variant.facts, name):
        runs.append(Run(text=f"  {cost}", color=theme.muted))
    return Row(runs=tuple(runs), glyph=pen.glyph)


def _cost(facts: Mapping[str, Any], name: str, *, seconds: bool = False) -> str:
    """Say what a method costs in passes through the network and, if asked and known, in seconds."""
    passes = finite(nested(facts, "passes"), name)
    time = finite(nested(facts, "seconds"), name) if seconds else None
    words = [] if passes is None else [count(passes, "pass")]
    return " and ".join([*words, *([] if time is None else [f"{number(time)} s"])])


def _difference(facts: Mapping[str, Any]) -> float | None:
    """Return the largest relative difference of any method from reverse mode."""
    found = [finite(nested(facts, "difference"), name) for name in METHODS]
    return max((value for value in found if value is not None), default=None)


def _percent(value: float) -> str:
    if value >= _MANY:
        return times(value)
    return share(value) if value >= 0.01 else f"{number(100 * value)} %"  # noqa: PLR2004
