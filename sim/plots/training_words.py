"""Say what training did: the title and the alternative text of the card of the loss."""

from typing import cast

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.along import along
from sim.plots.conditions import fit_title
from sim.plots.dealing import bounded
from sim.plots.level import levels_told
from sim.plots.names import pretty
from sim.plots.over_steps import (
    after_pretraining,
    edges_over_steps,
    line_names,
    loss_of,
    training_conditions,
)
from sim.plots.over_steps import course as tell
from sim.plots.spread import band
from sim.plots.training_compared import compared
from sim.plots.training_right import answers_right
from sim.plots.training_verdict import forms, still_words
from sim.plots.wording import UNMOVED, agree, count, finite, number, ranges, sentence, share


def title(measurements: Measurements) -> str:
    """State the verdict in at most 46 characters, of several variants how they compare."""
    focus, *others = measurements.variants
    if others:
        return fit_title(compared(measurements.variants))
    return fit_title([sentence(form) for form in forms(focus)])


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, level, context, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    own, shared = line_names(variants)
    spread = loss_of(variants[0])
    said = pretty(variants[0].label) if len(variants) == 1 else ()
    low, high = number(float(spread.low[-1])), number(float(spread.high[-1]))
    width = f": {low} to {high} at the end" if spread.replicas > 1 and low != high else ""
    courses = [_course(name, variant) for name, variant in zip(own, variants, strict=True)]
    words = [found.words for found in training_conditions(specs, shared, said)]
    return bounded(
        [
            f"Line chart: loss on the training examples over {count(specs[0].steps, 'training step')}.",
            sentence(courses[0]),
            after_pretraining(variants),
            levels_told(variants),
            *(f"Context: {found}" for found in courses[1:]),
            f"{band(spread)}{width}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def _course(name: str, variant: Variant) -> str:
    spread = loss_of(variant)
    facts, over = variant.facts, edges_over_steps(spread)[0]
    right, chance = answers_right(variant), finite(facts, "chance")
    answers = "" if right is None else f", {share(right)} of the answers right"
    answers += f" (by chance {share(chance)})" if answers and chance is not None else ""
    return "; ".join([f"{agree(name, tell(spread))}{answers}", *filter(None, (over, _moved(variant)))]) + "."


def _moved(variant: Variant) -> str:
    """Say how far the first and last layer moved in the whole training, and which hardly did."""
    moved = variant.facts.get("moved")
    if not isinstance(moved, list) or not moved:
        return still_words(variant)
    ends = cast("list[float]", moved)
    if not np.isfinite([ends[0], ends[-1]]).all():
        return still_words(variant)
    part = along([variant.spec]).step
    if not any(ends):
        return still_words(variant)
    if len(ends) == 1:
        return f"the weights moved by {number(ends[0])} of their size"
    told = f"{part} 1 moved by {number(ends[0])} of its size, {part} {len(ends)} by {number(ends[-1])}"
    layers = variant.facts.get("still_layers")
    still = cast("list[int]", layers) if isinstance(layers, list) else []
    if not still:
        return told
    who = f"every {part}" if len(still) == len(ends) else f"{part}{'s' * (len(still) > 1)} {ranges(still)}"
    return f"{told}; {who} by less than {UNMOVED:g}"
