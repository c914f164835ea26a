"""Draw where the gradient is while a network trains: a map of its size, layer by layer, step by step."""

from typing import cast

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots.along import Along, along
from sim.plots.card import Card
from sim.plots.color_bar import draw_bar, ramp
from sim.plots.conditions import Condition, fit_title, footer
from sim.plots.dealing import bounded
from sim.plots.frame import Frame
from sim.plots.heat import CHECKED, STRIPED, paint
from sim.plots.names import pretty, subject
from sim.plots.over_steps import training_conditions
from sim.plots.plain_scales import step_scale
from sim.plots.scales import Scale, count_scale, decades
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, nested, number, ranges, sentence

_MOST = 2  # variants with a map of their own
_NARROW = 0.5  # decades that the colours span at least: less would magnify noise
_TOP = 0.93  # of the height: a tick above would touch the line of text over the axes
_SAME = 2.0  # times: a smaller change of a ratio is not told


def places(measurements: Measurements) -> range:
    """Return which variants get a map: all of at most two, if they have layers to compare."""
    variants = measurements.variants
    deep = all(variant.spec.depth > 1 and "heat" in variant.series for variant in variants)
    return range(len(variants) if deep and len(variants) <= _MOST else 0)


def title(measurements: Measurements, place: int) -> str:
    """State how the gradient of the first layer compares with the last, before and after."""
    variant = measurements.variants[place]
    way, depth = _way(variant), variant.spec.depth
    one = way.step
    over, under = (_numbers(variant, name) for name in ("overflow_layers", "underflow_layers"))
    start = finite(nested(variant.facts, "start"), "first_over_last")
    end = finite(variant.facts, "first_over_last")
    if over or under:
        words = f"{one}{'s' if len(over or under) > 1 else ''} {ranges(over or under)}"
        verb = "overflows" if over else "ends at exactly 0"
        forms = (f"gradient {verb} in {words}", f"{'overflow' if over else 'exactly 0'} in {words}")
    elif not start or not end:
        forms = (f"gradient of {one} 1 against {one} {depth}", f"{one} 1 against {one} {depth}")
    elif max(end / start, start / end) < _SAME:
        forms = (
            f"{way.each} 1 stays at {number(end)} of {one} {depth}",
            f"first/last stays at {number(end)}",
        )
    else:
        ends = f"from {number(start)} to {number(end)} of {one} {depth}"
        forms = (
            f"{way.each} 1 goes {ends}",
            f"{way.each} 1 {ends}",
            f"{one} 1 at {number(start)} → {number(end)} of {one} {depth}",
            f"first/last {number(start)} → {number(end)}",
        )
    others = [other.spec for at, other in enumerate(measurements.variants) if at != place]
    names = [way.named(name) for name in subject([variant.spec, *others])]
    named = [f"{sentence(name)}: {form}" for form in forms for name in names]
    return fit_title(named if others else [*named, *map(sentence, forms)])


def compose(measurements: Measurements, theme: Theme, place: int) -> Card:
    """Set up the map of one variant; all variants share the range of the colours."""
    variant = measurements.variants[place]
    values, steps = variant.series["heat"].values, variant.series["heat_steps"].values
    low, high = _range(measurements)
    notes = [Condition(words, 0) for words in _notes(values)]
    found = training_conditions([variant.spec], _label(variant), deep=False)
    way = _way(variant)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements, place),
            quantity="gradient, RMS (log scale)",
            x_label=f"training step ({way.each} 1 = {way.first})",
            footer=footer([*notes, *found], [_ending(variant)]),
            x=_across(steps),
            y=_upwards(variant.spec.depth),
        ),
    )
    paint(card, steps, decades(values), ramp(low, high))
    draw_bar(card, low, high)
    return card


def alt(measurements: Measurements, place: int) -> str:
    """Describe the map: kind and axes, first and last layer before and after, edges, conditions."""
    variant = measurements.variants[place]
    values, way = variant.series["heat"].values, _way(variant)
    depth, steps = variant.spec.depth, count(variant.spec.steps, "training step")
    low, high = _range(measurements)
    told = [
        f"at {way.step} {layer} it goes from {number(float(values[0, layer - 1]))}"
        f" to {number(float(values[-1, layer - 1]))}"
        for layer in (1, depth)
    ]
    edges = [
        f"It {words} in {way.step}{'s' if len(found) > 1 else ''} {ranges(found)} at the end."
        for words, name in (("overflows", "overflow_layers"), ("is exactly 0", "underflow_layers"))
        if (found := _numbers(variant, name))
    ]
    words = [found.words for found in training_conditions([variant.spec], _label(variant), deep=False)]
    return bounded(
        [
            f"Map of the size (RMS) of the gradient signal by {way.each} over {steps};",
            f"{way.step} 1 of {depth} at the bottom is {way.first}; dark is {number(10**low)} and bright",
            f"{number(10**high)}, on a logarithmic scale.",
            f"{sentence(', '.join(told))}.",
            *edges,
            f"{sentence(_ending(variant))}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def _label(variant: Variant) -> tuple[str, ...]:
    """Return the words of the label, the depth in what the network is deep in."""
    return tuple(map(_way(variant).named, pretty(variant.label)))


def _way(variant: Variant) -> Along:
    return along([variant.spec])


def _range(measurements: Measurements) -> tuple[float, float]:
    """Return the smallest and largest decade of all maps."""
    all_values = [decades(variant.series["heat"].values).ravel() for variant in measurements.variants]
    shown = np.concatenate(all_values)
    shown = shown[np.isfinite(shown)]
    low, high = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 0.0)
    missing = max(_NARROW - (high - low), 0.0) / 2
    return low - missing, high + missing


def _across(steps: Array) -> Scale:
    """Return the axis of steps, on which every recorded step is a column, half of it beyond either end."""
    plain = step_scale(int(steps[-1]))
    half = float(steps[-1] - steps[0]) / max(len(steps) - 1, 1) / 2 or 0.5
    return Scale(low=float(steps[0]) - half, high=float(steps[-1]) + half, ticks=plain.ticks, to=np.asarray)


def _upwards(depth: int) -> Scale:
    """Return the axis of layers, on which every layer is a row; the last is low enough for its number."""
    low = 0.5
    high = max(depth + 0.5, low + (depth - low) / _TOP)
    return Scale(low=low, high=high, ticks=count_scale(depth).ticks, to=np.asarray)


def _notes(values: Array) -> list[str]:
    """Explain the patterns that stand for no size."""
    found = {
        f"{STRIPED}: exactly 0": bool((values == 0).any()),
        f"{CHECKED}: overflow": not bool(np.isfinite(values).all()),
    }
    return [words for words, anywhere in found.items() if anywhere]


def _numbers(variant: Variant, name: str) -> list[int]:
    layers = variant.facts.get(name)
    return cast("list[int]", layers) if isinstance(layers, list) else []


def _ending(variant: Variant) -> str:
    return "1 seed" if variant.spec.seeds == 1 else f"median of {variant.spec.seeds} seeds"
