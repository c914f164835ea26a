"""What training did, in a few lines."""

from typing import cast

from sim.measurements import Variant
from sim.parts import part
from sim.plots.wording import UNMOVED, finite, nested, number, ranges, share
from sim.summaries import profile


def lines(variant: Variant) -> tuple[str, ...]:
    """Say how the loss went, how many answers are right, and what became of the gradient."""
    plateau = finite(nested(variant.facts, "loss"), "plateau")
    course = f"{profile.loss(variant)} (knowing nothing scores {number(plateau)})"
    found = (course, _accuracy(variant), profile.factor(variant), profile.edges(variant), _still(variant))
    return tuple(line for line in found if line)


def _accuracy(variant: Variant) -> str:
    right, chance = finite(variant.facts, "accuracy"), finite(variant.facts, "chance")
    if variant.facts.get("diverged"):
        return "training diverged"
    if right is None or chance is None:
        return ""
    return f"accuracy {share(right)} on the training examples (chance {share(chance)})"


def _still(variant: Variant) -> str:
    """Name the layers that hardly moved; all steps of a recurrent network are one."""
    still = cast("list[int]", variant.facts["still_layers"])
    moved = cast("list[float]", variant.facts["moved"])
    if not still:
        return ""
    several = len(still) > 1 or len(moved) == 1
    one = part(variant.spec)
    who = "the weights" if len(moved) == 1 else f"{one}{'s' * several} {ranges(still)}"
    if all(moved[layer - 1] == 0 for layer in still):
        return f"{who} {'have' if several else 'has'} not moved"
    return f"{who} moved by less than {UNMOVED:g} of {'their' if several else 'its'} size"
