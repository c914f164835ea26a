"""Draw how many training steps each further layer costs, and what a faster machine buys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots.card import Card, Pen
from sim.plots.conditions import Condition, conditions, fit_title, footer, seeds
from sim.plots.dealing import bounded, plots
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.names import pretty, short_labels, subject
from sim.plots.pixels import PANEL, shorten
from sim.plots.plot import Plot
from sim.plots.scales import count_scale, log_scale
from sim.plots.spread import Spread, band
from sim.plots.theme import Theme
from sim.plots.wording import STEADY, count, finite, nested, number, ranges, sentence, share, times

_FASTER = 10.0
_LEAST = 2.0  # decades
_WIDEST = 0.6 * (PANEL.right - PANEL.left)
_LINE = 3  # depths that a growth needs: see `sim.experiments.speed`
_EDGE = 0.04  # height of the markers of what never ended, from the top of the axes


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the focus, and what a faster machine buys it, against at most two other networks a card."""
    return plots(measurements, theme, compose, alt)


def title(measurements: Measurements) -> str:
    """State what one more layer costs."""
    facts = measurements.variants[0].facts
    spread = Spread.of(measurements.variants[0].series["steps"])
    left = spread.positions(~spread.over)
    growth = finite(facts, "growth_per_layer")
    if not left:
        return fit_title(["Not one depth starts to learn in time", "No depth starts to learn"])
    if growth is None:
        return fit_title(_without_growth(spread, left))
    if growth > STEADY[1] and len(measurements.variants) > 1:
        name = subject([one.spec for one in measurements.variants])[-1]
        return fit_title([f"{sentence(name)}: each layer needs {times(growth)} more steps"])
    if growth > STEADY[1]:
        return fit_title(
            [f"Each extra layer needs {times(growth)} more steps", f"{times(growth)} more steps per layer"]
        )
    if growth < STEADY[0]:
        return fit_title([f"Each extra layer needs {times(1 / growth)} fewer steps"])
    return fit_title(["Extra layers need no extra steps"])


def _without_growth(spread: Spread, left: Sequence[int]) -> list[str]:
    """State what was seen where no growth per layer is known, at the depths that left the plateau."""
    deeper = [int(x) for x in spread.x if x > left[-1]]
    if deeper:
        return [f"Deeper than {count(left[-1], 'layer')}, it never starts to learn"]
    if len(left) < _LINE:
        low, high = (end(spread.median[~spread.over]) for end in (np.min, np.max))
        steps = count(high, "step") if low == high else f"{low:,.0f}–{count(high, 'step')}"
        return [f"{_extent(left)}: learning starts after {steps}", f"{_extent(left)}: {steps} to start"]
    if spread.replicas == 1:
        return ["No clear growth with depth"]
    return ["No clear growth: seeds differ more than depths", "No clear growth with depth"]


def _extent(left: Sequence[int]) -> str:
    return f"{ranges(left)} layers" if len(left) > 1 else count(left[-1], "layer")


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card, with every mark and label but not yet drawn."""
    variant, *others = measurements.variants
    facts, spread = variant.facts, Spread.of(variant.series["steps"])
    # Where some never leave, the axis reaches up to the steps they were given, and from 1 if none left.
    limit = finite(facts, "budget") or 1.0
    budget = [] if not spread.over.any() else [limit] if not spread.over.all() else [1.0, limit]
    steps = _at_least_one(spread, limit)
    context = [_at_least_one(Spread.of(other.series["steps"]), limit) for other in others]
    shown = [array for s in (steps, *context) for array in (s.median, s.low, s.high)]
    names, shared = short_labels([one.label for one in measurements.variants])
    said = [word for name in names for word in name.split(" · ")]
    specs = [replace(one.spec, steps=0) for one in measurements.variants]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="training steps until the loss starts to fall (log scale)",
            x_label="hidden layers",
            footer=footer(conditions(specs, shared, [*said, "untrained"]), seeds(spread.replicas)),
            x=count_scale(max(len(s.x) for s in (steps, *context))),
            y=log_scale([*shown, np.array(budget)], least=_LEAST, ceiling=bool(spread.over.any())),
        ),
    )
    pen = Pen(color=theme.series[0], size=8.5)
    to = card.frame.y.to
    if spread.replicas > 1:
        card.spread(steps.x, to(steps.low), to(steps.high), pen.color)
    points = card.line(steps.x, to(steps.median), pen, marked=range(len(steps.x)))
    _draw_never(card, spread, facts)
    _draw_faster(card, steps, facts)
    _draw_paces(card, facts)
    if len(points):
        card.labels.append(_label(names[0], pen, points))
    for place, (name, other) in enumerate(zip(names[1:], context, strict=True), start=1):
        _draw_context(card, name, other, place)
    return card


def _at_least_one(spread: Spread, limit: float) -> Spread:
    """Fit steps to a logarithmic axis: fewer than one, which means at once, count as one.

    A band that includes networks that never left ends at the steps they were given, all of which they used.
    """
    high = np.where(np.isinf(spread.high), limit, np.maximum(spread.high, 1))
    return replace(spread, median=np.maximum(spread.median, 1), low=np.maximum(spread.low, 1), high=high)


def _draw_context(card: Card, name: str, spread: Spread, place: int) -> None:
    pen = Pen(color=card.theme.series[place], marker=("s", "D")[place - 1], size=8, owner=place)
    to = card.frame.y.to
    if spread.replicas > 1:
        card.spread(spread.x, to(spread.low), to(spread.high), pen.color)
    points = card.line(spread.x, to(spread.median), pen, marked=range(len(spread.x)), layer=3)
    if len(points):
        card.labels.append(_label(name, pen, points))


def _label(name: str, pen: Pen, points: Array) -> Label:
    row = Row(
        runs=(Run(text=shorten(name, _WIDEST, bold=True), color=pen.color, bold=True),), glyph=pen.glyph
    )
    return Label(rows=(row,), anchors=points, owner=pen.owner)


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, the steps, what a faster machine buys, spread, conditions."""
    variant = measurements.variants[0]
    facts, spread = variant.facts, Spread.of(variant.series["steps"])
    depths = "1 hidden layer" if len(spread.x) == 1 else f"1 to {len(spread.x)} hidden layers"
    kind = "Line chart with a logarithmic vertical axis"
    bought = finite(nested(facts, "layers_bought"), "10")
    never = _never_words(spread, facts)
    words = [*pretty(variant.label), *(found.words for found in _conditions(variant))]
    sentences = [
        f"{kind}: training steps until the loss leaves its plateau, for {depths}.",
        _course(spread, finite(facts, "growth_per_layer")),
        f"{sentence(never)}." if never else "",
        f"By arithmetic on this, a 10× faster machine buys {_layers(bought)}." if bought is not None else "",
        _time(facts),
        *_others(measurements.variants[1:]),
        f"{band(spread)}.",
        f"Conditions: {', '.join(words)}.",
    ]
    return bounded(sentences)


def _others(variants: Sequence[Variant]) -> list[str]:
    """Tell the course of every other network, by name."""
    courses: list[str] = []
    for variant in variants:
        spread = Spread.of(variant.series["steps"])
        course = _course(spread, finite(variant.facts, "growth_per_layer")).removeprefix("It takes ")
        courses.append(f"{' · '.join(pretty(variant.label))}: {course or 'it never leaves the plateau.'}")
    return courses


def _conditions(variant: Variant) -> list[Condition]:
    """Name the conditions that the label does not; the steps are what is measured."""
    said = (*pretty(variant.label), "untrained")
    return conditions([replace(variant.spec, steps=0)], said=said)


def _course(spread: Spread, growth: float | None) -> str:
    """Tell the steps of the shallowest and the deepest network that learned."""
    known = spread.positions(~spread.over)
    if not known:
        return ""
    steps = [count(float(spread.median[depth - 1]), "step") for depth in known]
    first, last = (f"{steps[end]} at {count(known[end], 'layer')}" for end in (0, -1))
    if len(known) == 1:
        return f"It takes {first}."
    rate = f", {times(growth)} more for each layer" if growth is not None and growth > STEADY[1] else ""
    return f"It takes {first} and {last}{rate}."


def _draw_never(card: Card, spread: Spread, facts: Mapping[str, Any]) -> None:
    """Mark at the top edge the depths at which more than half of the networks never left."""
    if not spread.over.any():
        return
    scale = card.frame.y
    x = spread.x[spread.over]
    y = np.full(len(x), scale.high - _EDGE * (scale.high - scale.low))
    pen = Pen(color=card.theme.series[0], marker="^", size=9)
    card.markers(x, y, pen, layer=6)
    row = Row(runs=(Run(text=_never_words(spread, facts, short=True), color=pen.color),))
    card.labels.append(Label(rows=(row,), anchors=card.frame.pixels(x, y), owner=0))


def _draw_faster(card: Card, steps: Spread, facts: Mapping[str, Any]) -> None:
    """Draw a step above the curve: ten times the steps up, and across, the layers that this buys."""
    bought = finite(nested(facts, "layers_bought"), "10")
    growth = finite(facts, "growth_per_layer")
    known = ~steps.over
    if bought is None or growth is None or not known.any():
        return
    to, slope = card.frame.y.to, np.log10(growth)
    logs = to(steps.median[known])
    at = float(logs.mean() - slope * steps.x[known].mean())  # the fitted line at depth 0
    last = float(steps.x[known][-1])
    start = max(1.0, (1 + last - bought) / 2)
    text = card.theme.text
    speed = Run(text="a 10× faster machine", color=text)
    layers = Run(text=f"buys {_layers(bought)}", color=text)
    kind = Run(text=" (arithmetic)", color=card.theme.muted)
    rows = (Row(runs=(speed,)), Row(runs=(layers, kind)))
    anchors = np.empty((0, 2))
    if start + bought <= card.frame.x.high:
        low, high = at + slope * start, at + slope * (start + bought)
        card.arrow((start, low), (start, high), text)
        card.arrow((start, high), (start + bought, high), text)
        anchors = card.frame.pixels(np.array([start]), np.array([high]))
    card.labels.append(Label(rows=rows, anchors=anchors))


def _draw_paces(card: Card, facts: Mapping[str, Any]) -> None:
    """Say how many steps this machine takes in a second, in every way that was measured."""
    lines = [f"{name}: {_per_second(pace)} steps/s" for name, pace in _paces(facts)]
    lines += [f"{name}: cores are busy" for name in _waiting(facts)]
    if lines:
        rows = tuple(Row(runs=(Run(text=line, color=card.theme.muted),)) for line in lines)
        card.labels.append(Label(rows=rows, anchors=np.empty((0, 2))))


def _paces(facts: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return the steps per second of the deepest network, by what computes them; a lone thread only once."""
    paces = nested(facts, "steps_per_second")
    names = {"one_thread": "1 thread", "all_threads": f"{facts.get('threads_all')} threads", "cuda": "GPU"}
    if facts.get("threads_all") == 1:
        del names["all_threads"]
    found = {name: finite(paces, key) for key, name in names.items()}
    return [(name, pace) for name, pace in found.items() if pace is not None]


def _waiting(facts: Mapping[str, Any]) -> list[str]:
    """Name the threads that could not be measured because other processes had their cores."""
    threads, paces = facts.get("threads_all", 1), nested(facts, "steps_per_second")
    waiting = threads != 1 and "all_threads" in paces and paces["all_threads"] is None
    return [f"{threads} threads"] if waiting else []


def _per_second(pace: float) -> str:
    return f"{float(f'{pace:.2g}'):,.0f}" if pace >= 10 else number(pace)  # noqa: PLR2004


def _never_words(spread: Spread, facts: Mapping[str, Any], *, short: bool = False) -> str:
    """Say which depths did not leave the plateau within the budget."""
    over = spread.positions(spread.over)
    if not over:
        return ""
    budget = finite(facts, "budget")
    within = "" if budget is None else f" within {count(budget, 'step')}"
    if short:
        return f"not{within}" if within else "never"
    shares = facts.get("never_left")
    last = cast("list[float]", shares)[over[-1] - 1] if isinstance(shares, list) else None
    extent = "" if last is None else f" ({share(last)} of the networks at {count(over[-1], 'layer')})"
    return f"at {ranges(over)} layers it does not{within}{extent}"


def _time(facts: Mapping[str, Any]) -> str:
    """Tell the time of a step of the deepest network, in every way that was measured."""
    seconds = facts.get("seconds_per_step")
    if not isinstance(seconds, list) or not seconds:
        return ""
    last = cast("list[float]", seconds)[-1]
    paces = [f"{_per_second(pace)} on {_computer(name, facts)}" for name, pace in _paces(facts)]
    rates = f"; in a second it takes as many as {', '.join(paces)}" if paces else ""
    waiting = "".join(f"; {name} had to wait for busy cores" for name in _waiting(facts))
    return f"One step of the deepest network takes {number(1000 * last)} ms{rates}{waiting}."


def _computer(name: str, facts: Mapping[str, Any]) -> str:
    return f"a GPU ({facts.get('cuda_name')})" if name == "GPU" else name


def _layers(bought: float) -> str:
    return f"{bought:.1f} layers"
