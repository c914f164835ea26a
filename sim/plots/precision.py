"""Draw in which layers each floating-point type still has a gradient, and what loss scaling saves."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots import precision_scaling
from sim.plots.along import Along, along
from sim.plots.card import Card, Pen
from sim.plots.conditions import Condition, conditions, fit_title, footer, seeds
from sim.plots.dealing import bounded, deal, finished
from sim.plots.edges import edge_words, mark_edges
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.names import differing, short_labels, subject
from sim.plots.pixels import PANEL, Box
from sim.plots.plot import Plot
from sim.plots.precision_words import ROUNDS_TO_ZERO, alive, called
from sim.plots.scales import count_scale, log_scale
from sim.plots.spread import Spread, band, ends
from sim.plots.theme import Theme
from sim.plots.wording import count, listing, number, sentence
from sim.spec import Spec

_BOTH, _PAIR = "Both", 2
_LEAST = 3.0  # decades shown at least
_FOCUS_MARKS = 24
_MOST = 3  # lines that a card has room for, beside the one they are compared with
_CLOSE = 60.0  # pixels: what is this close below another line is labelled below, not above
_ROOM = 60.0  # pixels between such a line and the far side of its label


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the signal in every type, and what loss scaling saves."""
    cards = [(compose(part, theme), alt(part)) for part in parts(measurements)]
    if precision_scaling.known(measurements):
        cards.append((precision_scaling.compose(measurements, theme), precision_scaling.alt(measurements)))
    return finished(cards)


def parts(measurements: Measurements) -> tuple[Measurements, ...]:
    """Split into one part per card; where more than three are compared, float64 is on every card, last."""
    variants = measurements.variants
    exact = [variant for variant in variants if variant.spec.precision == "float64"]
    if len(variants) <= _MOST or not exact:
        return deal(measurements)
    rest = tuple(variant for variant in variants if variant is not exact[0])
    dealt = deal(replace(measurements, variants=rest))
    return tuple(replace(part, variants=(*part.variants, exact[0])) for part in dealt)


def title(measurements: Measurements) -> str:
    """Say how many layers the line that loses most has lost, naming it, its type and no other type."""
    variants, way = measurements.variants, along([one.spec for one in measurements.variants])
    worst = min(range(len(variants)), key=lambda place: alive(variants[place]) - variants[place].spec.depth)
    depth, left = variants[worst].spec.depth, alive(variants[worst])
    if left == depth:
        return fit_title(_kept(variants, way.step))
    over = _spread(variants[worst]).over.any()
    what = "no finite gradient" if over else "the gradient is 0"
    lost, places = depth - left, count(depth, way.step)
    return fit_title(
        [
            f"{sentence(name)}: {form}"
            for name in _named(variants, worst)
            for form in (
                f"{what} in {lost} of {places}",
                f"lost {lost} of {places}",
                f"lost {lost} of {depth}",
            )
        ]
    )


def _kept(variants: Sequence[Variant], step: str) -> list[str]:
    """Say that nothing is lost, in as many types and configurations as were run."""
    types = list(dict.fromkeys(variant.spec.precision for variant in variants))
    depths = {variant.spec.depth for variant in variants}
    gradients = (
        f"all {count(depths.pop(), f'{step} gradient')}" if len(depths) == 1 else f"every {step} gradient"
    )
    if len(variants) == 1:
        return [f"{sentence(types[0])} keeps {gradients}"]
    who = _BOTH if len(variants) == _PAIR else f"All {len(variants)}"
    if len(types) == 1:
        return [f"In {types[0]}, {who.lower()} keep {gradients}"]
    if len(types) < len(variants):
        return [f"{who} keep {gradients}"]
    what = "types" if differing([variant.spec for variant in variants]) == ("precision",) else ""
    who = "All" if len(types) == len(ROUNDS_TO_ZERO) else who
    return [" ".join(filter(None, (who, what, "keep", gradients)))]


def _named(variants: Sequence[Variant], place: int) -> tuple[str, ...]:
    """Name one line: by its type, and by what sets it apart where that is not the type alone."""
    precision, name = variants[place].spec.precision, called(variants)[place]
    if name == precision:
        return (precision,)
    others = [variant.spec for at, variant in enumerate(variants) if at != place]
    names = subject([variants[place].spec, *others])
    return tuple(dict.fromkeys(one if precision in one else f"{one} in {precision}" for one in names))


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    way, spreads = along(specs), [_spread(variant) for variant in variants]
    over, under = (any(getattr(s, edge).any() for s in spreads) for edge in ("over", "under"))
    types = list(dict.fromkeys(spec.precision for spec in specs))
    shown = [array for s in spreads for array in (s.median, s.low, s.high)]
    names = called(variants)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity=f"size of the gradient in each {way.each} (RMS, log scale)",
            x_label=way.x_label([len(s.x) for s in spreads]),
            footer=footer(_conditions(variants), seeds(spreads[0].replicas)),
            x=count_scale(max(len(s.x) for s in spreads)),
            y=log_scale(
                shown,
                least=_LEAST,
                floor=under,
                ceiling=over,
                zone_below=ROUNDS_TO_ZERO["float16"] if "float16" in types else None,
            ),
        ),
    )
    lines = [
        Line(name=name, spread=spread, pen=_pen(theme, place))
        for place, (name, spread) in enumerate(zip(names, spreads, strict=True))
    ]
    _draw_limits(
        card, {one.spec.precision: line.pen.color for one, line in zip(variants, lines, strict=True)}
    )
    _draw_edges(card, lines, way)
    for line in lines[::-1]:
        _draw(card, line, way)
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, each type, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    way = along(specs)
    spreads = [_spread(variant) for variant in variants]
    whereabouts = way.whereabouts(max(len(s.x) for s in spreads))
    kind = "Line chart with a logarithmic vertical axis"
    sentences = [
        f"{kind}: size (RMS) of the gradient signal by {way.step} {_types(specs)}, {whereabouts}.",
        *(
            _course(name, spread, variant, way)
            for name, spread, variant in zip(called(variants), spreads, variants, strict=True)
        ),
        f"{band(spreads[0])}.",
    ]
    words = [found.words for found in _conditions(variants)]
    return bounded([*sentences, f"Conditions: {', '.join(words)}." if words else ""])


def _types(specs: Sequence[Spec]) -> str:
    """Say which types were run."""
    types = list(dict.fromkeys(spec.precision for spec in specs))
    return f"in {types[0]} alone" if len(types) == 1 else f"in {listing(types)}"


def _conditions(variants: Sequence[Variant]) -> list[Condition]:
    """Name what all have in common, their type too, whichever it is."""
    specs, names = [variant.spec for variant in variants], called(variants)
    shared = short_labels([variant.label for variant in variants])[1] if len(variants) > 1 else ()
    types = {spec.precision for spec in specs}
    alone = f"{specs[0].precision} alone"
    only = [Condition(alone, 0)] if len(types) == 1 and specs[0].precision not in names else []
    found = [one for one in conditions(specs, shared, said=names) if one.words not in types]
    return [*only, *found]


def _course(name: str, spread: Spread, variant: Variant, way: Along) -> str:
    lost = [words for words in edge_words(spread, way.step) if words]
    limit = number(10 ** float(ROUNDS_TO_ZERO[variant.spec.precision]))
    if "float64" in variant.spec.precision:
        limit = ""
    rounds = f", rounds to 0 below {limit}" if limit else ""
    if lost:
        return f"{sentence(name)}{rounds}: {'; '.join(lost)}."
    return f"{sentence(name)}{rounds}: {ends(spread, way.step)}."


def _spread(variant: Variant) -> Spread:
    return Spread.of(variant.series["signal"])


def _pen(theme: Theme, place: int) -> Pen:
    """Return the pen of a line; the one they are compared with is thin, grey and unmarked."""
    if place < _MOST:
        return pen_of(theme, place)
    return Pen(color=theme.muted, marker="", width=1.6, owner=place)


def _draw_limits(card: Card, colors: dict[str, str]) -> None:
    """Shade what float16 rounds to 0, and draw a line where each other type does."""
    low, high = card.frame.y.low, card.frame.y.high
    heights: list[float] = []
    for precision, color in colors.items():
        limit = ROUNDS_TO_ZERO[precision]
        if not low < limit < high:
            continue
        words = f"{precision} ends at {number(10.0**limit)}"
        if precision == "float16":
            card.zone(low, limit, words)
            continue
        x = card.frame.x
        card.rule([x.low, x.high], [limit, limit], color, width=1.2)
        ends = card.frame.pixels(np.array([x.low + 0.5 * (x.high - x.low), x.high]), np.full(2, limit))
        height = float(ends[0, 1])
        below = any(0 < other - height < _CLOSE for other in heights)
        floor, top = (height - _ROOM, height - 2) if below else (height + 2, height + _ROOM)
        region = Box(PANEL.left, max(floor, PANEL.bottom), PANEL.right, min(top, PANEL.top))
        card.labels.append(Label.plain(words, color, ends, region=region))
        heights.append(height)


def _draw_edges(card: Card, lines: list[Line], way: Along) -> None:
    """Mark zeros and overflow; the words name the line, which then needs no other label."""
    names = {id(line.spread): line.name for line in lines}

    def say(spread: Spread) -> tuple[str, str]:
        over, under = edge_words(spread, way.step)
        if (spread.over | spread.under).all():  # named already
            return over, under
        name = names[id(spread)]
        return (
            f"{name}: {over}" if over else "",
            f"{name}: {under.removeprefix('exactly ')}" if under else "",
        )

    mark_edges(card, [(line.name, line.spread, line.pen) for line in lines], say)


def _draw(card: Card, line: Line, way: Along) -> None:
    if line.pen.marker:
        labels = list(card.labels)
        draw_line(card, line, most=_FOCUS_MARKS)
        if any(edge_words(line.spread, way.step)):
            card.labels[:] = labels  # its name stands where it ends
        return
    points = card.line(line.spread.x, card.frame.y.to(line.spread.median), line.pen, marked=[], layer=2.8)
    row = Row(runs=(Run(text=line.name, color=line.pen.color, bold=True),))
    if len(points):
        card.labels.append(Label(rows=(row,), anchors=_free(points), owner=line.pen.owner))


def _free(points: Array) -> Array:
    """Return the end of the line at the input side, where no other lies on it."""
    return points[: max(1, len(points) // 5)]
