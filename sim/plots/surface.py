"""Draw the loss around a network: a map of two random directions, and a section through its middle."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots import surface_words as words
from sim.plots.artists import write
from sim.plots.card import Card, Pen
from sim.plots.conditions import Condition, footer
from sim.plots.dealing import finished
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.lines import pen_of
from sim.plots.pixels import PANEL, SMALL, Box, font
from sim.plots.plain_scales import linear_scale
from sim.plots.plot import Plot
from sim.plots.scales import Scale, log_scale
from sim.plots.spread import Spread
from sim.plots.surface_map import BAR, GAP, MAP, paint_bar, paint_map
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, number

_SECTION = Box(PANEL.left + BAR + 20, PANEL.bottom, MAP.left - GAP - 12, PANEL.top)
_DECADES = 20.0  # times: a loss that changes by more has a logarithmic axis
_LEAST = 0.2  # share of the loss that a linear axis shows at least: less would magnify noise
_QUANTITY, _X_LABEL = 699, 101  # pixels: baselines, as in every frame
_HALF_DIGIT = 13  # pixels
_INSET, _ROW = 0.03, 0.055  # shares of the axis: markers from the edge, and line to line


def title(measurements: Measurements) -> str:
    """State what the map of the first variant shows."""
    return words.title(measurements, 0)


def alt(measurements: Measurements) -> str:
    """Describe the map of the first variant."""
    return words.alt(measurements, 0)


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw a map of each of the first two variants, with the same axis and colours."""
    places = range(len(measurements.variants[: words.MOST]))
    return finished((compose(measurements, theme, place), words.alt(measurements, place)) for place in places)


def compose(measurements: Measurements, theme: Theme, place: int = 0) -> Card:
    """Set up the map of one variant."""
    variant = measurements.variants[place]
    dimensions = count(finite(variant.facts, "dimensions") or 0, "dimension")
    slice_of = Condition(f"2 of {dimensions}", 0)
    card = Card(
        theme=theme,
        frame=Frame(
            title=words.title(measurements, place),
            quantity="loss along direction 1",
            x_label="",
            footer=footer([slice_of, *words.found(measurements, place)], _endings(variant)),
            x=_across(variant.series["at"].values),
            y=_upwards(measurements.variants[: words.MOST]),
        ),
    )
    paint_bar(card)
    paint_map(card, card.frame.y.to(_map(variant)))
    _write_words(card, variant)
    _draw_guessing(card, variant)
    _draw_section(card, variant)
    _mark_middle(card)
    return card


def _map(variant: Variant) -> Array:
    """Return the loss of the replica that is drawn, shape (row, column)."""
    return variant.series["loss"].values[_replica(variant)]


def _replica(variant: Variant) -> int:
    return int(finite(variant.facts, "replica") or 0)


def _lines(variant: Variant, theme: Theme) -> list[tuple[str, Spread, Pen]]:
    """Return the section through the middle of the map, and the same with the output layer left alone."""
    loss, at = variant.series["loss"].values, variant.series["at"].values
    named = {"all weights": loss[:, loss.shape[1] // 2]}
    if "hidden" in variant.series:
        named["hidden layers"] = variant.series["hidden"].values
    found: list[tuple[str, Spread, Pen]] = []
    for place, (name, curves) in enumerate(named.items()):
        spread = Spread.of(replace(variant.series["at"], axes=("replica", "point"), values=curves))
        own = np.where(np.isfinite(curves[_replica(variant)]), curves[_replica(variant)], np.inf)
        found.append((name, replace(spread, x=at, median=own), pen_of(theme, place)))
    return found


def _upwards(variants: Sequence[Variant]) -> Scale:
    """Return the axis of the loss, which all maps share: logarithmic where the loss changes much."""
    maps = [_map(variant) for variant in variants]
    shown = np.concatenate([values.ravel() for values in maps])
    shown = shown[np.isfinite(shown)]
    if not shown.size:
        return linear_scale([np.ones(1)])
    low, high = float(shown.min()), float(shown.max())
    if high > _DECADES * low:
        return log_scale([shown[shown > 0]], least=1.0, floor=low == 0)
    missing = max(_LEAST * high - (high - low), 0.0) / 2
    return linear_scale([np.array([low - missing, high + missing])], bottom=low - missing)


def _across(at: Array) -> Scale:
    """Return the horizontal axis: in its own coordinates for the section, with ticks for both parts."""
    reach = float(at[-1])
    per_pixel = 2 * reach / (_SECTION.right - _SECTION.left)
    low = -reach - (_SECTION.left - PANEL.left) * per_pixel
    high = low + (PANEL.right - PANEL.left) * per_pixel
    ticks = [(place, _plain(place)) for place in (-reach, 0.0, reach)]
    for place, pixel in ((-reach, MAP.left), (0.0, (MAP.left + MAP.right) / 2), (reach, MAP.right)):
        ticks.append((low + (pixel - PANEL.left) * per_pixel, _plain(place)))
    return Scale(low=low, high=high, ticks=tuple(ticks), to=np.asarray)


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _write_words(card: Card, variant: Variant) -> None:
    """Name the two parts and their axes, and number the map's vertical one."""
    muted, style = card.theme.muted, font(SMALL, bold=False)
    middle = (MAP.left + MAP.right) / 2
    reach = float(variant.series["at"].values[-1])
    texts = [
        write((MAP.left, _QUANTITY), f"map of seed {variant.facts['seed']}", muted, style),
        write(
            ((_SECTION.left + _SECTION.right) / 2, _X_LABEL), "step, in weight sizes", muted, style, "center"
        ),
        write((middle, _X_LABEL), "→ direction 1, ↑ direction 2", muted, style, "center"),
    ]
    for value, up in ((-reach, MAP.bottom), (0.0, (MAP.bottom + MAP.top) / 2), (reach, MAP.top)):
        baseline = min(max(up - _HALF_DIGIT, MAP.bottom + 5), MAP.top - 2 * _HALF_DIGIT)
        texts.append(write((MAP.left - 14, baseline), _plain(value), muted, style, "right"))
    for text in texts:
        card.figure.add_artist(text)


def _draw_section(card: Card, variant: Variant) -> None:
    to = card.frame.y.to
    for name, spread, pen in _lines(variant, card.theme):
        # Two bands over each other could not be told apart: the focus has one.
        if spread.replicas > 1 and not pen.owner:
            card.spread(spread.x, to(spread.low), to(spread.high), pen.color)
        middle, last = len(spread.x) // 2, len(spread.x) - 1
        marked = [last // 4, last - last // 4] if pen.owner else [middle]
        points = card.line(spread.x, to(spread.median), pen, marked=marked, layer=4 - pen.owner)
        for where, said in ((spread.over, "overflow"), (spread.under, "exactly 0")):
            _mark_edge(card, spread.x[where], pen, said if len(points) else f"{name}: {said}")
        if len(points):
            row = Row(runs=(Run(text=name, color=pen.color, bold=True),), glyph=pen.glyph)
            card.labels.append(Label(rows=(row,), anchors=points, owner=pen.owner, region=_SECTION))


def _draw_guessing(card: Card, variant: Variant) -> None:
    """Draw the loss of knowing nothing, where the axis has it."""
    level, reach = finite(variant.facts, "plateau"), float(variant.series["at"].values[-1])
    scale = card.frame.y
    height = float(scale.to(np.array(level or np.nan)))
    if scale.low < height < scale.high:
        card.rule([-reach, reach], [height, height], card.theme.muted)
        anchors = card.frame.pixels(np.array([-reach, reach]), np.full(2, height))
        card.labels.append(
            Label.plain(f"guessing {number(level)}", card.theme.muted, anchors, region=_SECTION)
        )


def _mark_edge(card: Card, x: Array, pen: Pen, said: str) -> None:
    """Mark where a line overflows, at the top, or is exactly 0 on a logarithmic axis, at the bottom."""
    scale, top = card.frame.y, said.endswith("overflow")
    if len(x) and (top or np.isneginf(scale.to(np.zeros(1)))[0]):
        inset = (_INSET + _ROW * pen.owner) * (scale.high - scale.low)
        y = np.full(len(x), scale.high - inset if top else scale.low + inset)
        card.markers(x, y, replace(pen, marker="^" if top else "v", size=8.0), layer=6)
        row = Row(runs=(Run(text=said, color=pen.color),))
        anchors = card.frame.pixels(x, y)
        card.labels.append(Label(rows=(row,), anchors=anchors, owner=pen.owner, region=_SECTION))


def _mark_middle(card: Card) -> None:
    """Mark where the network is on the map."""
    scale = card.frame.x
    per_pixel = (scale.high - scale.low) / (PANEL.right - PANEL.left)
    x = np.array([scale.low + ((MAP.left + MAP.right) / 2 - PANEL.left) * per_pixel])
    y = np.array([(card.frame.y.low + card.frame.y.high) / 2])
    card.markers(x, y, Pen(color=card.theme.card, size=11.0), layer=5)
    card.markers(x, y, Pen(color=card.theme.series[0], size=7.0), layer=5.1)
    label = Label.plain("here", card.theme.text, card.frame.pixels(x, y), region=MAP)
    card.labels.append(label)


def _endings(variant: Variant) -> tuple[str, ...]:
    seeds = variant.spec.seeds
    return ("1 seed",) if seeds == 1 else (f"band: 10–90 % of {seeds} seeds", f"{seeds} seeds, 10–90 %")
