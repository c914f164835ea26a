"""Judge how one training run ended, and say so in a few words."""

from typing import Literal, cast

import numpy as np

from sim.measurements import Variant
from sim.plots.level import plateau_of, plateau_words
from sim.plots.over_steps import loss_of, pretrained
from sim.plots.wording import count, finite, from_to, nested, number, ranges

Verdict = Literal["learns", "slow", "stuck", "worse", "diverges"]

_NEAR = 1.1  # times the plateau, up to which a loss counts as near it
_FAR = 2.0  # times the plateau, from which on a loss that has not fallen counts as diverged
_LEVEL = 0.01  # of the plateau: a loss this close to it is at it
_STILL = 0.0025  # of the plateau: a loss that changes by less in the second half of the steps stays
_LEARNT = 0.9  # of the plateau: a loss below it is learnt, as in the facts
_FEW = 0.1  # of the seeds: what fewer do is not told of all
_BARELY = 0.05  # of the first loss: a smaller fall is a small one


def verdict(variant: Variant) -> Verdict:
    """Judge a run by its last loss, and by whether that still changes."""
    facts, plateau = nested(variant.facts, "loss"), plateau_of(variant)
    first, last = finite(facts, "first"), finite(facts, "last")
    if variant.facts.get("diverged") or last is None:
        return "diverges"
    if last >= _FAR * plateau:
        return "diverges" if first is None or last >= first else "worse"
    if variant.facts.get("learnt"):
        return "learns"
    if last > _NEAR * plateau:
        return "worse"
    return "stuck" if abs(last - plateau) <= _LEVEL * plateau and _stays(variant) else "slow"


def _stays(variant: Variant) -> bool:
    """Tell whether the loss is the same after half of the steps as after all."""
    spread, plateau = loss_of(variant), plateau_of(variant)
    half = spread.median[np.searchsorted(spread.x, spread.x[-1] / 2)]
    return bool(abs(half - spread.median[-1]) <= _STILL * plateau)


def split(variant: Variant) -> str:
    """Say in how many seeds a network learns, where that is neither in most nor in next to none."""
    last = np.atleast_2d(variant.series["loss"].values)[:, -1]
    learnt, seeds = int((last < _LEARNT * plateau_of(variant)).sum()), len(last)
    return f"learns in {learnt} of {seeds} seeds" if _FEW < learnt / seeds < 1 - _FEW else ""


def forms(variant: Variant) -> tuple[str, ...]:
    """Say how one run ends, the fullest form first."""
    if divided := split(variant):
        return (divided,)
    facts, found = nested(variant.facts, "loss"), verdict(variant)
    first, last = finite(facts, "first"), finite(facts, "last")
    course, steps, still = from_to(first, last), count(variant.spec.steps, "step"), still_words(variant)
    if found == "diverges":
        over = loss_of(variant).over
        at = int(loss_of(variant).x[np.argmax(over)])
        return (f"training diverges at step {at}" if over.any() else f"training diverges: loss {course}",)
    if found == "worse" and first and last and last < (1 - _BARELY) * first:
        return f"still worse than guessing: loss {course}", f"still worse than guessing: {course}"
    if found == "worse":
        return f"worse than guessing after {steps}", f"worse than guessing: loss {number(last)}"
    if found == "learns" and still:
        return f"it learns, but {still}", f"learns: loss {course}"
    if found == "learns":
        words = f"learns: loss {course}"
        return (f"every layer {words}", words) if layers_of(variant) > 1 else (words,)
    if found == "slow":
        return _slowly(variant)
    level = plateau_words(plateau_of(variant))
    return (f"stuck at {level}: {still}", still) if still else (f"stuck at {level} after {steps}",)


def _slowly(variant: Variant) -> tuple[str, ...]:
    """Say what a loss does that has neither left the level of guessing nor stays at it."""
    facts, steps = nested(variant.facts, "loss"), count(variant.spec.steps, "step")
    first, last = (finite(facts, end) or 0.0 for end in ("first", "last"))
    course = from_to(first, last)
    beaten = "hardly better than" if last < (1 - _LEVEL) * plateau_of(variant) else "no better than"
    if abs(first - last) <= _STILL * plateau_of(variant):
        return f"loss stays at {number(last)}: {beaten} guessing", f"loss stays at {number(last)}"
    if last > first:
        return f"loss does not fall, {course} in {steps}", f"loss does not fall, {course}"
    if first - last < _BARELY * first:
        return f"loss barely falls, {course} in {steps}", f"loss barely falls, {course}"
    return (
        f"loss falls {course}: {beaten} guessing",
        f"loss falls {course} in {steps}",
        f"loss falls {course}",
    )


def layers_of(variant: Variant) -> int:
    """Count the layers whose weights are followed; all steps of a recurrent network share one."""
    return variant.series["moved"].values.shape[-1]


def still_words(variant: Variant) -> str:
    """Say which layers have not moved, or nothing if all have; those of a pretrained network had before."""
    layers = variant.facts.get("still_layers")
    still = cast("list[int]", layers) if isinstance(layers, list) else []
    if not still:
        return ""
    before = pretrained(variant.spec)
    if layers_of(variant) == 1:
        return "the weights have not moved"
    if len(still) == layers_of(variant):
        return "every layer stays as pretrained" if before else "no layer has moved"
    if len(still) == 1:
        return f"layer {still[0]} {'stays as pretrained' if before else 'has not moved'}"
    return f"layers {ranges(still)} {'stay as pretrained' if before else 'have not moved'}"
