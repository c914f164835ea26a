"""Say what training did: the verdict, and the alternative text of the loss."""

from collections.abc import Sequence
from typing import Literal, cast

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.conditions import fit_title
from sim.plots.dealing import bounded
from sim.plots.level import plateau_of, plateau_words
from sim.plots.names import pretty, short_labels, subject
from sim.plots.over_steps import course as tell
from sim.plots.over_steps import edges_over_steps, loss_of, training_conditions
from sim.plots.spread import band
from sim.plots.wording import count, finite, nested, number, ranges, sentence, share

Verdict = Literal["learns", "stuck", "worse", "diverges"]

_NEAR = 1.1  # times the plateau, up to which a loss counts as being on it
_FAR = 2.0  # times the plateau, from which on a loss counts as diverged


def verdict(variant: Variant) -> Verdict:
    """Judge a run by its last loss."""
    last, plateau = finite(nested(variant.facts, "loss"), "last"), plateau_of(variant)
    if variant.facts.get("diverged") or last is None or last >= _FAR * plateau:
        return "diverges"
    if variant.facts.get("learnt"):
        return "learns"
    return "stuck" if last <= _NEAR * plateau else "worse"


def title(measurements: Measurements) -> str:
    """State the verdict in at most 46 characters."""
    focus, *others = measurements.variants
    forms = [sentence(form) for form in _forms(focus)]
    if not others:
        return fit_title(forms)
    specs = [variant.spec for variant in measurements.variants]
    named = [f"{sentence(name)}: {form}" for form in _forms(focus) for name in subject(specs)]
    return fit_title([*_compared(measurements.variants), *named])


def _forms(variant: Variant) -> tuple[str, ...]:
    """Say how one run ends, the fullest form first."""
    facts, found = nested(variant.facts, "loss"), verdict(variant)
    first, last = number(finite(facts, "first")), number(finite(facts, "last"))
    level, steps = plateau_words(plateau_of(variant)), count(variant.spec.steps, "step")
    still = _still(variant)
    if found == "diverges":
        over = loss_of(variant).over
        at = int(loss_of(variant).x[np.argmax(over)])
        return (
            (f"training diverges at step {at}",)
            if over.any()
            else (f"training diverges: loss {first} → {last}",)
        )
    if found == "worse":
        return f"worse than guessing after {steps}", f"worse than guessing: loss {last}"
    if found == "learns" and still:
        return f"it learns, but {still}", f"learns: loss {first} → {last}"
    if found == "learns":
        course = f"learns: loss {first} → {last}"
        return (f"every layer {course}", course) if _layers(variant) > 1 else (course,)
    if still:
        return f"stuck at {level}: {still}", still
    return f"stuck at {level} after {steps}", f"stuck at {level}"


def _layers(variant: Variant) -> int:
    """Count the layers whose weights are followed; all steps of a recurrent network share one."""
    return variant.series["moved"].values.shape[-1]


def _still(variant: Variant) -> str:
    """Say which layers have not moved, or nothing if all have."""
    layers = variant.facts.get("still_layers")
    still = cast("list[int]", layers) if isinstance(layers, list) else []
    if not still:
        return ""
    if _layers(variant) == 1:
        return "the weights have not moved"
    if len(still) == _layers(variant):
        return "no layer has moved"
    return f"layer {still[0]} has not moved" if len(still) == 1 else f"layers {ranges(still)} have not moved"


def _compared(variants: Sequence[Variant]) -> list[str]:
    """Return titles that set the verdicts against each other, if they differ and can be named."""
    if len({verdict(variant) for variant in variants}) == 1:
        return []
    titles: list[str] = []
    for which in (0, -1):
        names = [_names(variants, place)[which] for place in range(len(variants))]
        if len(set(names)) == len(names):
            titles += _set_against(variants, names)
    return titles


def _set_against(variants: Sequence[Variant], names: Sequence[str]) -> list[str]:
    found = [verdict(variant) for variant in variants]
    verbs = {
        "learns": "learns",
        "stuck": f"stays at {plateau_words(plateau_of(variants[0]))}",
        "worse": "ends above guessing",
        "diverges": "diverges",
    }
    if len(variants) == 2:  # noqa: PLR2004
        pair = [f"{name} {verbs[one]}" for name, one in zip(names, found, strict=True)]
        return [sentence(", ".join(pair))]
    learning = [name for name, one in zip(names, found, strict=True) if one == "learns"]
    rest = [name for name in names if name not in learning]
    if len(learning) == 1:
        return [f"Only {learning[0]} learns"]
    return [f"Only {rest[0]} does not learn"] if len(rest) == 1 else []


def _names(variants: Sequence[Variant], place: int) -> tuple[str, ...]:
    """Name one of the variants as the subject of a sentence, the fullest name first."""
    others = [variant.spec for number, variant in enumerate(variants) if number != place]
    return subject([variants[place].spec, *others])


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
    still = _still(variant)
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
