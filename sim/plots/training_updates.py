"""Draw by how much each training step changes the weights of the first and the last layer."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.along import along
from sim.plots.card import Card
from sim.plots.conditions import fit_title, footer, seeds
from sim.plots.dealing import bounded
from sim.plots.edges import mark_edges
from sim.plots.frame import Frame
from sim.plots.labels import Label
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.names import pretty, subject
from sim.plots.over_steps import (
    after_pretraining,
    course,
    edges_over_steps,
    horizontal,
    line_names,
    training_conditions,
    x_label,
)
from sim.plots.scales import log_scale
from sim.plots.spread import Spread, band
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, nested, number, sentence, times

RULE_OF_THUMB = 1e-3
"""What many practitioners aim at for |ΔW|/|W| of one step; experience, not a law."""

_LEAST = 3.0  # decades
_ALIKE = 2.0  # times


def title(measurements: Measurements) -> str:
    """State how the first step treats the first layer, which later steps mostly repeat.

    Of several variants it is the one whose first step is furthest from the rule of thumb.
    """
    lead = max(range(len(measurements.variants)), key=lambda place: _oddity(measurements.variants[place]))
    focus = measurements.variants[lead]
    others = [variant for place, variant in enumerate(measurements.variants) if place != lead]
    layers, update = _layers(focus), nested(focus.facts, "update")
    first, last = finite(update, "first"), finite(update, "last")
    part = along([focus.spec]).step
    what = "the weights" if layers == 1 else f"{part} 1"
    if over := edges_over_steps(_spread(focus, "first"))[0]:
        forms = (f"updates {over}", over)
    elif first is None:
        forms = ("updates overflow",)
    elif first == 0:
        forms = (
            f"the first update of {what} is exactly 0",
            "the first update is exactly 0",
            "update is exactly 0",
        )
    elif others or layers == 1 or not last:
        forms = (f"step 1 moves {what} by {number(first)}", f"{number(first)} in step 1")
    elif max(first / last, last / first) < _ALIKE:
        forms = (f"{part}s 1 and {layers} start alike",)
    else:
        speed = f"{times(max(first / last, last / first))} {'slower' if first < last else 'faster'}"
        forms = (f"{part} 1 starts {speed} than {part} {layers}", f"{part} 1 starts {speed}")
    found = subject([variant.spec for variant in (focus, *others)])
    names = [along([focus.spec]).named(name) for name in found]
    named = [f"{sentence(name)}: {form}" for form in forms for name in names]
    return fit_title(named if others else [named[0], *map(sentence, forms)])


def _oddity(variant: Variant) -> float:
    """Return how far the first update of the first layer is from the rule of thumb, in decades."""
    spread, first = _spread(variant, "first"), finite(nested(variant.facts, "update"), "first")
    if spread.over.any() or not first:
        return np.inf
    return abs(float(np.log10(first / RULE_OF_THUMB)))


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    lines = _lines(measurements, theme)
    spreads = [line.spread for line in lines]
    shown = [array for spread in spreads for array in (spread.median, spread.low, spread.high)]
    zero = any(spread.under.any() for spread in spreads)
    over = any(spread.over.any() for spread in spreads)
    specs = [variant.spec for variant in variants]
    x = horizontal(variants)
    part = along(specs).step
    which = (
        "weights" if _layers(variants[0]) == 1 else f"first {part}" if len(variants) > 1 else f"two {part}s"
    )
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity=f"change of the {which} in one step, |ΔW|/|W| (log scale)",
            x_label=x_label(x, specs),
            footer=footer(training_conditions(specs, _shared(variants)), seeds(spreads[0].replicas)),
            x=x,
            y=log_scale([*shown, np.array([RULE_OF_THUMB])], least=_LEAST, floor=zero, ceiling=over),
        ),
    )
    level = float(np.log10(RULE_OF_THUMB))
    card.rule([x.low, x.high], [level, level], theme.muted)
    anchors = card.frame.pixels(np.array([x.low, x.high]), np.full(2, level))
    card.labels.append(Label.plain(f"rule of thumb: {number(RULE_OF_THUMB)}", theme.muted, anchors))
    mark_edges(card, [(line.name, line.spread, line.pen) for line in lines], edges_over_steps)
    for line in lines:
        draw_line(card, line)
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, level, context, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    own, _ = line_names(variants)
    courses = [_courses(name, variant) for name, variant in zip(own, variants, strict=True)]
    words = [found.words for found in training_conditions(specs, _shared(variants))]
    return bounded(
        [
            "Line chart with a logarithmic vertical axis: change of the weights in one step, relative to",
            f"their size, over {count(specs[0].steps, 'training step')}.",
            sentence(courses[0]),
            after_pretraining(variants),
            f"Level line: {number(RULE_OF_THUMB)}, a rule of thumb.",
            *(f"Context: {found}" for found in courses[1:]),
            f"{band(_spread(variants[0], 'first'))}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def _shared(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Return what the names of the lines leave out: everything, where they are layers of one variant."""
    return pretty(variants[0].label) if len(variants) == 1 else line_names(variants)[1]


def _lines(measurements: Measurements, theme: Theme) -> list[Line]:
    """Return both layers of one variant, or the first layer of each of several."""
    variants = list(measurements.variants)
    own, _ = line_names(variants)
    if len(variants) > 1:
        found = [(name, _spread(variant, "first")) for name, variant in zip(own, variants, strict=True)]
    elif (layers := _layers(variants[0])) == 1:
        found = [("weights", _spread(variants[0], "first"))]
    else:
        found = [
            (f"{along([variants[0].spec]).step} 1", _spread(variants[0], "first")),
            (f"{along([variants[0].spec]).step} {layers}", _spread(variants[0], "last")),
        ]
    return [
        Line(name=name, spread=spread, pen=pen_of(theme, place)) for place, (name, spread) in enumerate(found)
    ]


def _courses(name: str, variant: Variant) -> str:
    """Tell the course of the first layer, and of the last one if that is another."""
    layers, part = _layers(variant), along([variant.spec]).step
    ends = {"first": "the weights"} if layers == 1 else {"first": f"{part} 1", "last": f"{part} {layers}"}
    told: list[str] = []
    for end, words in ends.items():
        spread = _spread(variant, end)
        told.append("; ".join([f"{words} {course(spread)}", *filter(None, edges_over_steps(spread))]))
    return f"{name}: {'; '.join(told)}."


def _spread(variant: Variant, end: str) -> Spread:
    return Spread.of(variant.series[f"update_{end}"], variant.series["update_steps"])


def _layers(variant: Variant) -> int:
    """Count the layers whose weights are followed; all steps of a recurrent network share one."""
    return variant.series["moved"].values.shape[-1]
