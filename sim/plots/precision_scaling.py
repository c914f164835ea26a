"""Draw how many more layers get a gradient when the loss is multiplied before the backward pass."""

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Measurements, Variant
from sim.plots.along import along
from sim.plots.card import Card
from sim.plots.conditions import conditions, fit_title, footer
from sim.plots.dealing import bounded
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.pixels import PANEL, Box, shorten
from sim.plots.precision_words import alive, called
from sim.plots.scales import Scale, count_scale
from sim.plots.spread import Spread
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, sentence

Layers = NDArray[np.bool_]
"""Which layers, in their order."""

_BAR = 11.0  # points
_BAR_AT = 0.3  # share of a row between its bottom and its bar
_ROWS = 3  # at least: one bar alone is not drawn larger than three
_LONGEST = 0.45 * (PANEL.right - PANEL.left)


def known(measurements: Measurements) -> bool:
    """Say whether scaling was measured and saves a layer of anything."""
    return any(_saved(variant) > 0 for variant in _losing(measurements))


def title(measurements: Measurements) -> str:
    """Say how many layers the factor saves."""
    saved = [_saved(variant) for variant in _losing(measurements)]
    step = along([variant.spec for variant in measurements.variants]).step
    factor = finite(measurements.facts, "loss_scale")
    who = "Loss scaling" if factor is None else f"Loss × {factor:,.0f}"
    more = f"{max(saved)} more {step}{'s' if max(saved) > 1 else ''}"
    if len(set(saved)) == 1:
        return fit_title([f"{who} saves {more}"])
    name = _names(measurements)[saved.index(max(saved))]
    return fit_title([f"{sentence(name)}: {who.lower()} saves {more}", f"{who} saves up to {more}"])


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card, with every mark and label but not yet drawn."""
    losing = _losing(measurements)
    specs = [variant.spec for variant in losing]
    way, names = along(specs), _names(measurements)
    depth, rows = max(spec.depth for spec in specs), max(len(losing), _ROWS)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity=f"{way.step}s that get a gradient other than 0",
            x_label=way.x_label([spec.depth for spec in specs]),
            footer=footer(conditions(specs, said=names), _endings(losing)),
            x=count_scale(depth),
            y=Scale(low=0.0, high=float(rows), ticks=(), to=np.asarray),
        ),
    )
    for place, (name, variant) in enumerate(zip(names, losing, strict=True)):
        _draw_row(card, name, variant, float(rows - 1 - place))
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind, each type with and without scaling, conditions."""
    losing, names = _losing(measurements), _names(measurements)
    specs = [variant.spec for variant in losing]
    step, factor = along(specs).step, finite(measurements.facts, "loss_scale")
    by = "" if factor is None else f" by {factor:,.0f}"
    kind = f"Bar chart: {step}s whose gradient is a number other than 0, with the loss as it is and with it"
    sentences = [
        f"{kind} multiplied{by} before the backward pass, from {step} {max(s.depth for s in specs)} down.",
        *(
            f"{sentence(name)}: {count(alive(variant), step)} of {variant.spec.depth}, "
            f"{alive(variant, 'signal_scaled')} with the loss multiplied."
            for name, variant in zip(names, losing, strict=True)
        ),
        f"Conditions: {', '.join(found.words for found in conditions(specs, said=names))}.",
        f"{sentence(_endings(losing)[0])}.",
    ]
    return bounded(sentences)


def _losing(measurements: Measurements) -> list[Variant]:
    """Return the variants that have lost a layer."""
    return [
        variant
        for variant in measurements.variants
        if "signal_scaled" in variant.series and alive(variant) < variant.spec.depth
    ]


def _names(measurements: Measurements) -> list[str]:
    names = dict(zip(map(id, measurements.variants), called(measurements.variants), strict=True))
    return [names[id(variant)] for variant in _losing(measurements)]


def _saved(variant: Variant) -> int:
    return alive(variant, "signal_scaled") - alive(variant)


def _endings(losing: list[Variant]) -> tuple[str, ...]:
    replicas = Spread.of(losing[0].series["signal"]).replicas
    return (f"median of {replicas} seeds" if replicas > 1 else "1 seed",)


def _draw_row(card: Card, name: str, variant: Variant, bottom: float) -> None:
    """Draw one bar, the layers that scaling saves in the colour of the context, and its words above it."""
    theme, height = card.theme, bottom + _BAR_AT
    plain, scaled = (_usable(variant, series) for series in ("signal", "signal_scaled"))
    for layers, color in ((scaled & ~plain, theme.series[1]), (plain, theme.series[0])):
        for start, end in _runs(layers):
            card.rule([start, end], [height, height], color, width=_BAR)
    step = along([variant.spec]).step
    left, saved = alive(variant), _saved(variant)
    runs = [
        Run(text=f"{shorten(name, _LONGEST, bold=True)}: ", color=theme.text, bold=True),
        Run(text=count(left, step) if left else f"no {step}", color=theme.series[0], bold=True),
    ]
    if saved:
        words = f" + {saved} with scaling" if saved > 0 else f" − {-saved} by overflow"
        runs.append(Run(text=words, color=theme.series[1], bold=True))
    floor, top = card.frame.pixels(np.zeros(2), np.array([bottom, bottom + 1]))[:, 1]
    region = Box(PANEL.left, float(floor), PANEL.right, float(top))
    anchor = np.array([[PANEL.left, float(floor + top) / 2]])
    card.labels.append(Label(rows=(Row(runs=tuple(runs)),), anchors=anchor, region=region))


def _usable(variant: Variant, series: str) -> Layers:
    spread = Spread.of(variant.series[series])
    return ~(spread.over | spread.under)


def _runs(layers: Layers) -> list[tuple[float, float]]:
    """Return the first and last number of each run of layers, counted from 1."""
    numbers = np.flatnonzero(layers) + 1.0
    pieces = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [(float(piece[0]), float(piece[-1])) for piece in pieces if len(piece)]
