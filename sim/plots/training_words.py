"""Say what training did: the title and the alternative text of the card of the loss."""

from typing import cast

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.conditions import fit_title
from sim.plots.dealing import bounded
from sim.plots.level import plateau_of, plateau_words
from sim.plots.names import pretty, short_labels
from sim.plots.over_steps import after_pretraining, edges_over_steps, loss_of, training_conditions
from sim.plots.over_steps import course as tell
from sim.plots.spread import band
from sim.plots.training_compared import compared
from sim.plots.training_verdict import forms, still_words
from sim.plots.wording import count, finite, number, sentence, share


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
    own, shared = short_labels([variant.label for variant in variants])
    spread, plateau = loss_of(variants[0]), plateau_of(variants[0])
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
            f"Dashed level: {plateau_words(plateau)} = {number(plateau)}, the loss of knowing nothing.",
            *(f"Context: {found}" for found in courses[1:]),
            f"{band(spread)}{width}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def answers_right(variant: Variant) -> float | None:
    """Return the share of right answers; None where training diverged, as no number is no answer."""
    return None if variant.facts.get("diverged") else finite(variant.facts, "accuracy")


def _course(name: str, variant: Variant) -> str:
    spread = loss_of(variant)
    facts, over = variant.facts, edges_over_steps(spread)[0]
    right, chance = answers_right(variant), finite(facts, "chance")
    answers = "" if right is None else f", {share(right)} of the answers right"
    answers += f" (by chance {share(chance)})" if answers and chance is not None else ""
    still = still_words(variant)
    return "; ".join([f"{name} {tell(spread)}{answers}", *filter(None, (over, still, _moved(variant)))]) + "."


def _moved(variant: Variant) -> str:
    """Say how far the first and last layer moved in the whole training."""
    moved = variant.facts.get("moved")
    if not isinstance(moved, list) or not moved:
        return ""
    ends = cast("list[float]", moved)
    if not np.isfinite([ends[0], ends[-1]]).all():
        return ""
    if len(ends) == 1:
        return f"the weights moved by {number(ends[0])} of their size"
    return f"layer 1 moved by {number(ends[0])} of its size, layer {len(ends)} by {number(ends[-1])}"
