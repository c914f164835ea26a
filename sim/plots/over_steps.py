"""What the cards of training have in common: an axis of steps, words about it, and conditions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Variant
from sim.plots.along import along
from sim.plots.conditions import USUAL, Condition, conditions
from sim.plots.names import differing, phrase, short_labels
from sim.plots.plain_scales import step_scale
from sim.plots.scales import Scale
from sim.plots.spread import Spread
from sim.plots.wording import count, number
from sim.spec import Spec

_SOON = 0.05  # share of the steps in which a fall is too steep for a plain axis
_SEEN = 0.5  # of the fall
_ENOUGH = 40  # recorded steps below which the first few are spread out anyway


def loss_of(variant: Variant) -> Spread:
    """Return the loss over the steps."""
    return Spread.of(variant.series["loss"], variant.series["loss_steps"])


def line_names(variants: Sequence[Variant]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name each line, its depth in what it is deep in; return also what the names share.

    Steps of time are called so, beside those of training.
    """
    own, shared = short_labels([variant.label for variant in variants])
    named = tuple(along([one.spec]).named(name, full=True) for name, one in zip(own, variants, strict=True))
    return named, tuple(along([one.spec for one in variants]).named(name) for name in shared)


def horizontal(variants: Sequence[Variant]) -> Scale:
    """Return the axis of steps, logarithmic where a loss falls so soon that a plain one would hide how."""
    most = max(variant.spec.steps for variant in variants)
    soon = [spread for variant in variants if _falls_soon(spread := loss_of(variant))]
    return step_scale(most, first=min(float(spread.x[1]) for spread in soon) if soon else None)


def x_label(scale: Scale, specs: Sequence[Spec]) -> str:
    """Name the axis of steps; where all networks are pretrained it begins after that."""
    since = " after pretraining" if all(map(pretrained, specs)) else ""
    return f"training step{since}" if scale.to is np.asarray else f"training step{since} (log scale)"


def pretrained(spec: Spec) -> bool:
    """Tell whether every layer was trained by itself before the steps that are counted."""
    return spec.pretrain != "none"


def after_pretraining(variants: Sequence[Variant]) -> str:
    """Say in a sentence where step 0 of a pretrained network is."""
    known = [variant.spec for variant in variants if pretrained(variant.spec)]
    if not known:
        return ""
    before = f"{count(known[0].steps, 'step')} for each layer as an autoencoder"
    return f"Step 0 of a pretrained network comes after pretraining, {before}."


def _falls_soon(spread: Spread) -> bool:
    median = spread.median
    if len(median) < _ENOUGH or not np.isfinite(median).all() or median[-1] >= _SEEN * median[0]:
        return False
    half = median[0] - _SEEN * (median[0] - median[-1])
    return bool(spread.x[np.argmax(median < half)] <= _SOON * spread.x[-1])


def edges_over_steps(spread: Spread, verb: str = "overflow") -> tuple[str, str]:
    """Say at which steps the median overflows and is exactly 0; empty where it does neither."""
    return _when(verb, spread.over, spread), _when("exactly 0", spread.under, spread)


def _when(what: str, where: NDArray[np.bool_], spread: Spread) -> str:
    places = np.flatnonzero(where)
    if not len(places):
        return ""
    if where.all():
        return f"{what} at every step"
    first, last = (int(spread.x[places[end]]) for end in (0, -1))
    if where[places[0] :].all():
        return f"{what} from step {first} on"
    if where[: places[-1] + 1].all():
        return f"{what} up to step {last}"
    return f"{what} at {share_of(len(places), len(where))} of the steps"


def share_of(part: int, whole: int) -> str:
    """Write a share of counted things as a percentage that is never 0 or 100."""
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def course(spread: Spread) -> str:
    """Tell a line from its first step to its last."""
    first, last = (number(float(spread.median[end])) for end in (0, -1))
    if len(spread.x) == 1:
        return f"is {first} at step {spread.x[0]:.0f}"
    return f"goes from {first} at step {spread.x[0]:.0f} to {last} at step {spread.x[-1]:.0f}"


def training_conditions(
    specs: Sequence[Spec], shared: Sequence[str] = (), said: Sequence[str] = (), *, deep: bool = True
) -> list[Condition]:
    """Name what all specs have in common, with the rule, the rate and the data, whose defaults count too."""
    focus, apart, default = specs[0], differing(specs), Spec()
    axis = f"after {count(focus.steps, 'step')}"  # the horizontal axis says this
    found = conditions(specs, shared, said, deep=deep)
    known = [condition for condition in found if condition.words != axis]
    usual = [
        Condition(phrase("optimizer", focus.optimizer), USUAL if focus.optimizer == default.optimizer else 1),
        Condition(phrase("lr", focus.lr), 0),
        Condition("random labels" if focus.data == "gaussian" else phrase("data", focus.data), 1),
    ]
    keys = ("optimizer", "lr", "data")
    words = {condition.words for condition in usual}
    rest = [condition for condition in known if condition.words not in words]
    return [
        *rest,
        *(one for key, one in zip(keys, usual, strict=True) if key not in apart and one.words not in said),
    ]
