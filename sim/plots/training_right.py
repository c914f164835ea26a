"""What the share of right answers says beside the loss, which may hide answers that are right."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Variant
from sim.plots.wording import finite, share

_ABOVE = 0.1  # of the answers: no fewer than this above chance are told
_NOISE = 2.0  # standard deviations of as many guesses


def answers_right(variant: Variant) -> float | None:
    """Return the share of right answers; None where training diverged, as no number is no answer."""
    return None if variant.facts.get("diverged") else finite(variant.facts, "accuracy")


def margin(variant: Variant) -> float:
    """Return how far above chance a share must be to say that a network knows something."""
    chance = finite(variant.facts, "chance") or 0.0
    noise = float(np.sqrt(chance * (1 - chance) / variant.spec.batch))
    return chance + max(_ABOVE, _NOISE * noise)


def knows(variant: Variant) -> bool:
    """Tell whether clearly more answers are right than chance gives."""
    right = answers_right(variant)
    return right is not None and right >= margin(variant)


def right_of(variants: Sequence[Variant]) -> str:
    """Write the shares of right answers of several networks: 53–66 %."""
    found = sorted(right for right in map(answers_right, variants) if right is not None)
    low, high = share(found[0]), share(found[-1])
    if low == high:
        return high
    plain = low.removesuffix(" %")
    return f"{plain}–{high}" if plain.isdigit() and high[0].isdigit() else f"{low} to {high}"
