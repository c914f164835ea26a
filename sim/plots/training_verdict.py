"""Judge how one training run ended, and say so in a few words."""

from typing import Literal, cast

import numpy as np

from sim.measurements import Variant
from sim.plots.along import along
from sim.plots.level import plateau_of, plateau_words
from sim.plots.over_steps import loss_of, pretrained
from sim.plots.training_right import answers_right, knows, margin
from sim.plots.wording import UNMOVED, count, finite, from_to, nested, number, ranges, share

Verdict = Literal["learns", "slow", "stuck", "worse", "diverges"]

_NEAR = 1.1  # times the plateau, up to which a loss counts as near it
_FAR = 2.0  # times the plateau, from which on a loss that has not fallen counts as diverged
_AT = 0.01  # of the plateau: a loss this close to it is at it
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
    return "stuck" if abs(last - plateau) <= _AT * plateau and _stays(variant) else "slow"


def _stays(variant: Variant) -> bool:
    """Tell whether the loss is the same after half of the steps as after all."""
    spread, plateau = loss_of(variant), plateau_of(variant)
    half = spread.median[np.searchsorted(spread.x, spread.x[-1] / 2)]
    return bool(abs(half - spread.median[-1]) <= _STILL * plateau)


def split(variant: Variant) -> str:
    """Say in how many seeds a network learns, where that is neither in most nor in next to none."""
    last = np.atleast_2d(variant.series["loss"].values)[:, -1]
    left = last < _LEARNT * plateau_of(variant)
    learnt, seeds = int(left.sum()), len(last)
    if not _FEW < learnt / seeds < 1 - _FEW:
        return ""
    # A seed whose loss is still at its level may have learnt to answer all the same.
    right = variant.series.get("accuracy")
    hidden = right is not None and float(np.median(np.ravel(right.values)[~left])) >= margin(variant)
    level, first = plateau_words(plateau_of(variant)), finite(nested(variant.facts, "loss"), "first")
    began = first is not None and first <= _NEAR * plateau_of(variant)
    verb = "learns" if not hidden else f"leaves {level}" if began else f"well below {level}"
    return f"{verb} in {learnt} of {seeds} seeds"


def forms(variant: Variant) -> tuple[str, ...]:
    """Say how one run ends, the fullest form first; what is said is true of the loss and of the answers."""
    if divided := split(variant):
        return (divided,)
    return {
        "diverges": _diverges,
        "worse": _above,
        "learns": _learns,
        "slow": _slowly,
        "stuck": _level,
    }[verdict(variant)](variant)


def _diverges(variant: Variant) -> tuple[str, ...]:
    spread = loss_of(variant)
    at = int(spread.x[np.argmax(spread.over)])
    course = from_to(*_ends(variant))
    return (f"training diverges at step {at}" if spread.over.any() else f"training diverges: loss {course}",)


def _above(variant: Variant) -> tuple[str, ...]:
    (first, last), level = _ends(variant), plateau_words(plateau_of(variant))
    if first and last and last < (1 - _BARELY) * first:
        return f"loss {from_to(first, last)}, still above {level}", f"loss still above {level}"
    return f"loss above {level} after {count(variant.spec.steps, 'step')}", f"loss ends above {level}"


def _learns(variant: Variant) -> tuple[str, ...]:
    course, still = from_to(*_ends(variant)), still_words(variant)
    if not knows(variant):
        return f"loss {course}, but only {_right(variant)}", f"loss {course}"
    if still:
        return f"it learns, but {still}", f"learns: loss {course}"
    words = f"learns: loss {course}"
    return (f"every {_part(variant)} {words}", words) if layers_of(variant) > 1 else (words,)


def _level(variant: Variant) -> tuple[str, ...]:
    """Say that a loss stays at its level, and what there is to say against "nothing was learnt"."""
    level, still, right = plateau_words(plateau_of(variant)), still_words(variant), _right(variant)
    if knows(variant):
        unmoved = (f"{still}, yet {right}",) if still else ()
        return *unmoved, f"{right}, yet the loss stays at {level}", f"{right} at a loss of {level}"
    if still:
        return f"loss stays at {level}: {still}", f"stays at {level}: {still}", still
    return f"loss stays at {level} for {count(variant.spec.steps, 'step')}", f"loss stays at {level}"


def _ends(variant: Variant) -> tuple[float | None, float | None]:
    facts = nested(variant.facts, "loss")
    return finite(facts, "first"), finite(facts, "last")


def _right(variant: Variant) -> str:
    return f"{share(answers_right(variant) or 0.0)} right"


def _slowly(variant: Variant) -> tuple[str, ...]:
    """Say what a loss does that has neither left the level of knowing nothing nor stays at it."""
    steps = count(variant.spec.steps, "step")
    first, last = (end or 0.0 for end in _ends(variant))
    course, plateau = from_to(first, last), plateau_of(variant)
    if knows(variant):
        return (f"loss {course}, {_right(variant)}",)
    place = "hardly below" if last < (1 - _AT) * plateau else "not below"
    beaten = f"{place} {plateau_words(plateau)}"
    if abs(first - last) <= _STILL * plateau:
        return f"loss stays at {number(last)}, {beaten}", f"loss stays at {number(last)}"
    if last > first:
        return f"loss does not fall, {course} in {steps}", f"loss does not fall, {course}"
    if first - last < _BARELY * first:
        return f"loss barely falls, {course} in {steps}", f"loss barely falls, {course}"
    return (
        f"loss falls {course}, {beaten}",
        f"loss falls {course} in {steps}",
        f"loss falls {course}",
    )


def _part(variant: Variant) -> str:
    return along([variant.spec]).step


def layers_of(variant: Variant) -> int:
    """Count the layers whose weights are followed; all steps of a recurrent network share one."""
    return variant.series["moved"].values.shape[-1]


def still_words(variant: Variant) -> str:
    """Say which layers hardly moved, or nothing if all did; those of a pretrained network had before."""
    layers = variant.facts.get("still_layers")
    still = cast("list[int]", layers) if isinstance(layers, list) else []
    if not still:
        return ""
    before, part, several = pretrained(variant.spec), _part(variant), len(still) > 1
    everything = layers_of(variant) == len(still)
    who = f"{part}{'s' * several} {ranges(still)}"
    if layers_of(variant) == 1:
        who, several = "the weights", True
    elif everything and before:
        who, several = f"every {part}", False
    if before and layers_of(variant) > 1:
        return f"{who} {'stay' if several else 'stays'} as pretrained"
    if _exactly(variant, still):
        if everything and layers_of(variant) > 1:
            return f"no {part} has moved"
        return f"{who} {'have' if several else 'has'} not moved"
    if everything and layers_of(variant) > 1:
        who = f"all {part}s"
    return f"{who} moved under {100 * UNMOVED:g} %"


def _exactly(variant: Variant, still: list[int]) -> bool:
    """Tell whether the weights of these layers are exactly where they were."""
    moved = variant.facts.get("moved")
    shares = cast("list[float]", moved) if isinstance(moved, list) else []
    return all(shares[layer - 1] == 0 for layer in still if layer <= len(shares))
