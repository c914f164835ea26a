"""Draw the loss on straight lines between solutions: a convex loss would lie nowhere above the chord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots.card import Card
from sim.plots.conditions import Condition, fit_title, footer
from sim.plots.convexity_words import names, sizes
from sim.plots.dealing import bounded, deal
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.lines import Line, label_line, marked, pen_of
from sim.plots.plain_scales import linear_scale
from sim.plots.scales import Scale
from sim.plots.spread import Spread
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, number, sentence
from sim.quantiles import quantile

_MARKS = 9
_SHOWN_HUMP = 0.06  # share of the axis from which a hump has room for an arrow
_MOST = 3  # lines on a card
_TALL = 3.0  # times the highest line that is shown of the bands
_LEFT = 0.9  # of the loss of knowing nothing: training that ends above has not left it
_EDGE = 0.05  # share of the axis between its top and the markers of what overflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One line of the card: the loss (replica, point) from end to end, and the replica that is drawn."""

    name: str
    curves: Array
    replica: int
    hump: float | None
    lead: bool
    """Whether the title speaks of it: it alone has a band, or they could not be told apart."""

    @property
    def own(self) -> Array:
        """The loss of the drawn replica."""
        return self.curves[self.replica]


def parts(measurements: Measurements) -> tuple[Measurements, ...]:
    """Split into one part per card: networks first, or a loss with a whole line of minima."""
    known = [variant for variant in measurements.variants if "segment" in variant.series]
    networks = [variant for variant in known if variant.spec.arch != "logistic"]
    if not networks:
        flat = [variant for variant in known if _is_valley(variant)]
        return deal(replace(measurements, variants=tuple(flat))) if flat else ()
    others = [variant for variant in known if variant.spec.arch == "logistic"]
    return deal(replace(measurements, variants=(*networks, *others[:1])))


def title(measurements: Measurements) -> str:
    """Say how high the hump between two solutions is, or that there is none."""
    lead = measurements.variants[_lead(measurements)]
    if _is_valley(lead):
        return fit_title(
            ["Many minima: a flat line leads from one to another", "A flat line from minimum to minimum"]
        )
    hump, pairs = finite(lead.facts, "segment_hump"), lead.series["segment"].values
    if hump is None or not np.isfinite(_own(lead)).all():
        return fit_title(["Training overflows: no solutions to compare"])
    networks = [one for one in measurements.variants if one.spec.arch != "logistic"]
    who = sentence(names([one.spec for one in measurements.variants])[_lead(measurements)])
    named = [f"{who}: "] if len(networks) > 1 else []
    if hump == 0:
        return fit_title(_level(lead, len(np.atleast_2d(pairs))))
    forms = [f"{name}a hump of {number(hump)} in between" for name in named]
    return fit_title([*forms, f"Between two solutions the loss rises by {number(hump)}"])


def _level(variant: Variant, seeds: int) -> list[str]:
    """Say that there is no hump in the drawn replica, and what there is instead, or in how many replicas."""
    plateau, copied = finite(variant.facts, "plateau"), finite(variant.facts, "permuted_hump")
    own, share = _own(variant), finite(variant.facts, "segment_hump_share") or 0.0
    if plateau and min(float(own[0]), float(own[-1])) > _LEFT * plateau:
        return ["No hump, but both ends are near guessing"]
    if copied:
        return [f"Between two copies the loss rises by {number(copied)}"]
    without = seeds - round(share * seeds)
    return ["No hump between two solutions"] if not share else [f"No hump for {without} of {seeds} seeds"]


def _own(variant: Variant) -> Array:
    """Return the drawn segment of a variant."""
    curves = np.atleast_2d(variant.series["segment"].values)
    return curves[int(finite(variant.facts, "segment_replica") or 0)]


def _lead(measurements: Measurements) -> int:
    """Return the place of the variant that the title speaks of: the network with the highest hump."""

    def height(place: int) -> float:
        variant = measurements.variants[place]
        network = variant.spec.arch != "logistic"
        return (finite(variant.facts, "segment_hump") or 0.0) if network else -1.0

    return max(range(len(measurements.variants)), key=height)


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    ways, focus = _ways(measurements), measurements.variants[0]
    where = _where(focus)
    shown = np.concatenate([way.own for way in ways])
    highest = float(np.max(shown, initial=0.0, where=np.isfinite(shown)))
    bands = [np.minimum(_spread(way).high, _TALL * highest) for way in ways if way.lead]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="loss on the straight line between two solutions",
            x_label="way from one solution to the other (%)",
            footer=footer(_conditions(measurements), _endings(ways)),
            x=_percent(),
            y=linear_scale([*(way.own for way in ways), *bands]),
        ),
    )
    for place, way in enumerate(ways):
        notes = (Row(runs=(Run(text=where, color=theme.text),)),) if place == 0 and _is_valley(focus) else ()
        _draw_way(card, way, place, notes)
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, each line with its ends and hump, spread and conditions."""
    ways = _ways(measurements)
    focus = measurements.variants[0]
    where = _where(focus)
    sentences = [
        "Line chart: loss on the straight line from one solution to another, with the chord of its ends.",
        "A convex loss lies nowhere above the chord.",
        *(_course(way) for way in ways),
        f"{where}." if where else "",
        f"{sentence(_endings(ways)[0])}.",
    ]
    words = [condition.words for condition in _conditions(measurements)]
    return bounded([*sentences, f"Conditions: {', '.join(words)}."])


def _is_valley(variant: Variant) -> bool:
    """Say whether several ends are equally good minima on a flat line, and data that no line separates."""
    facts = variant.facts
    return (
        (finite(facts, "flat_directions") or 0) >= 1
        and (finite(facts, "distinct_ends") or 0) > 1
        and finite(facts, "separated_share") == 0
        and (finite(facts, "segment_hump") or 0) == 0
        and (finite(facts, "level_share") or 0) == 1
    )


def _ways(measurements: Measurements) -> list[Way]:
    variants = measurements.variants
    networks = [variant for variant in variants if variant.spec.arch != "logistic"]
    called = names([variant.spec for variant in variants])
    alone = len(networks) == 1
    found: list[Way] = []
    lead = variants[_lead(measurements)]
    for name, variant in zip(called, variants, strict=True):
        is_network = variant.spec.arch != "logistic"
        # Where lines cross there is little room for names: the full one is in the alternative text.
        words = ("two solutions" if alone else name) if is_network else name.replace(" regression", "")
        found.append(_way(words, variant, "segment", lead=variant is lead))
        if alone and is_network and "permuted" in variant.series:
            found.append(_way("units swapped", variant, "permuted"))
    return found[:_MOST]


def _way(name: str, variant: Variant, series: str, *, lead: bool = False) -> Way:
    curves = np.atleast_2d(variant.series[series].values)
    replica, hump = (
        int(finite(variant.facts, f"{series}_replica") or 0),
        finite(variant.facts, f"{series}_hump"),
    )
    return Way(name=name, curves=curves, replica=replica, hump=hump, lead=lead)


def _spread(way: Way) -> Spread:
    """Return the drawn replica with the quantiles of all."""
    low, high = (quantile(way.curves, share) for share in (0.1, 0.9))
    x = np.linspace(0, 1, len(way.own))
    return Spread(x=x, median=way.own, low=low, high=high, replicas=len(way.curves))


def _draw_way(card: Card, way: Way, place: int, notes: tuple[Row, ...]) -> None:
    spread, pen = _spread(way), pen_of(card.theme, place)
    if not np.isfinite(way.own).all():
        scale = card.frame.y
        top = scale.high - _EDGE * (1 + place) * (scale.high - scale.low)
        edge = replace(pen, marker="^", size=8.0)
        x = spread.x[~np.isfinite(way.own)][::4]
        y = np.full(len(x), top)
        card.markers(x, y, edge, layer=6)
        words = Run(text=f"{way.name}: overflow", color=pen.color)
        card.labels.append(Label(rows=(Row(runs=(words,)),), anchors=card.frame.pixels(x, y), owner=place))
        return
    if spread.replicas > 1 and way.lead:
        card.spread(spread.x, spread.low, spread.high, pen.color)
    ends = [float(way.own[0]), float(way.own[-1])]
    marks = marked(len(spread.x), place, most=_MARKS, all_up_to=_MARKS)
    points = card.line(spread.x, way.own, pen, marked=marks, layer=3 if place else 4)
    if way.lead and way.hump and way.hump > _SHOWN_HUMP * (card.frame.y.high - card.frame.y.low):
        _draw_hump(card, spread, ends, way.hump)
    label_line(card, Line(name=way.name, spread=spread, pen=pen, notes=notes), points)


def _draw_hump(card: Card, spread: Spread, ends: list[float], hump: float) -> None:
    """Draw the chord, and an arrow from it to the highest point above it."""
    card.rule([0.0, 1.0], ends, card.theme.muted)
    chord = ends[0] + (ends[1] - ends[0]) * spread.x
    at = int(np.argmax(spread.median - chord))
    x, top = float(spread.x[at]), float(spread.median[at])
    card.arrow((x, float(chord[at])), (x, top), card.theme.text)
    anchor = card.frame.pixels(np.full(2, x), np.array([float(chord[at]) + 0.4 * hump, top]))
    card.labels.append(Label.plain(f"hump {number(hump)}", card.theme.text, anchor))


def _course(way: Way) -> str:
    if not np.isfinite(way.own).all():
        return f"{sentence(way.name)}: training overflowed."
    first, last, top = (number(float(value)) for value in (way.own[0], way.own[-1], way.own.max()))
    ends = f"{first} at both ends" if first == last else f"{first} and {last} at the ends"
    if not way.hump:
        return f"{sentence(way.name)}: {ends}, never above the chord."
    return f"{sentence(way.name)}: {ends}, up to {top} between, {number(way.hump)} above the chord."


def _where(variant: Variant) -> str:
    """Say how many starts ended at how many points."""
    starts, ended = finite(variant.facts, "starts"), finite(variant.facts, "distinct_ends")
    return (
        ""
        if starts is None or ended is None
        else f"{count(starts, 'start')} ended at {count(ended, 'point')}"
    )


def _conditions(measurements: Measurements) -> list[Condition]:
    steps = finite(measurements.variants[0].facts, "solution_steps")
    found = sizes([variant.spec for variant in measurements.variants])
    return found if steps is None else [*found, Condition(f"after {count(steps, 'step')}", 1)]


def _endings(ways: Sequence[Way]) -> tuple[str, ...]:
    replicas = max(len(way.curves) for way in ways)
    if replicas == 1:
        return ("1 seed",)
    return (
        f"the median of {replicas} seeds, band 10–90 %",
        f"{replicas} seeds: median and 10–90 %",
        f"{replicas} seeds, 10–90 %",
    )


def _percent(margin: float = 0.025) -> Scale:
    ticks = tuple((percent / 100, str(percent)) for percent in (0, 25, 50, 75, 100))
    room = margin / (1 - 2 * margin)
    return Scale(low=-room, high=1 + room, ticks=ticks, to=np.asarray)
