"""What activation and normalisation make of the mean squares that enter and leave them.

A unit is handed q, the variance of what enters it, and answers with two factors of the recursion: the
mean square it hands on, and by how much a gradient's mean square is multiplied on its way back through it.
Without a normalisation they are E φ² and E φ'². Sources: layer normalisation, Ba et al. 2016,
arXiv:1607.06450; batch normalisation, Yang et al. 2019, arXiv:1902.08129, and our own averages.

With batch normalisation everything is counted orthogonally to what all examples share: q is the variance
of the differences between examples, and the gradients' sum over the batch, which is zero, carries nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.conventions import NORM_EPSILON, parts_of
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import Nonlinearity, nonlinearity
from sim.theory.pixels import Pixels
from sim.theory.sampled import batch_normalised_after, units_normalised_after
from sim.theory.sphere import normalised_over_batch, normalised_over_units

_FEWEST = 8  # below this many units in a group 1/s² has too heavy a tail for its mean to be typical
_SMALLEST_BATCH = 4  # for 3 examples E 1/s² is infinite
_MANY = 4096  # from here on a normalised vector is Gaussian to four digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The mean square that a unit hands on, and its gradient's gain, as fields over the pixels."""

    square: Array
    gain: Array


Unit = Callable[[Array], Passed]


def unit(spec: Spec, pixels: Pixels) -> Unit | None:
    """Return the unit of a spec, or None where no exact recursion is known."""
    phi = nonlinearity(spec)
    if phi is None:
        return None
    if spec.norm == "none":
        return _plain(phi)
    if spec.norm == "batch":
        return _over_batch(spec, phi, pixels)
    return _over_units(spec, phi, pixels)


def group_size(spec: Spec, pixels: Pixels) -> int:
    """Return how many numbers of one example are normalised together."""
    groups = parts_of(spec.width) if spec.norm == "group" else 1
    return spec.width // groups * pixels.count


def batch_size(spec: Spec, pixels: Pixels) -> int:
    """Return how many numbers of one unit batch normalisation takes together."""
    return spec.batch * pixels.count


def _plain(phi: Nonlinearity) -> Unit:
    table = moment_table(phi)

    def passed(q: Array) -> Passed:
        moments = table(q)
        return Passed(square=moments.square, gain=moments.slope_square)

    return passed


def _over_units(spec: Spec, phi: Nonlinearity, pixels: Pixels) -> Unit | None:
    centred = spec.norm != "rms"
    if group_size(spec, pixels) < _FEWEST:
        return None
    size = group_size(spec, pixels)
    few = pixels.alike and size <= _MANY
    if spec.order == "post":
        if not few:
            return _after(phi, pixels, centred=centred)
        return _short_after(
            lambda q: units_normalised_after(phi, size, centred=centred, variance=q, eps=NORM_EPSILON)
        )
    if few:
        return _short(lambda length: normalised_over_units(phi, size, centred=centred, length=length))
    return _before(phi, pixels)


def _over_batch(spec: Spec, phi: Nonlinearity, pixels: Pixels) -> Unit | None:
    size = batch_size(spec, pixels)
    if size < _SMALLEST_BATCH:
        return None
    if not pixels.alike:
        # Only an odd activation leaves no pattern of means near the edge.
        return _before(phi, pixels) if spec.order == "pre" and phi.odd else None
    if spec.order == "post":
        if size > _MANY:
            return _after(phi, pixels, centred=True)
        return _short_after(lambda q: batch_normalised_after(phi, size, variance=q, eps=NORM_EPSILON))
    if size > _MANY:
        return _limit(phi)
    return _short(lambda length: normalised_over_batch(phi, size, length=length))


def _before(phi: Nonlinearity, pixels: Pixels) -> Unit:
    """Normalise before φ, over so many numbers that their variance is its expectation."""
    table = moment_table(phi)

    def passed(q: Array) -> Passed:
        variance = pixels.mean(q) + NORM_EPSILON
        moments = table(q / variance)
        return Passed(square=moments.square, gain=moments.slope_square / variance)

    return passed


def _after(phi: Nonlinearity, pixels: Pixels, *, centred: bool) -> Unit:
    """Normalise after φ, over so many numbers that their mean and variance are their expectations."""
    table = moment_table(phi)

    def passed(q: Array) -> Passed:
        moments = table(q)
        mean = pixels.mean(moments.mean) if centred else 0.0
        variance = pixels.mean(moments.square) - mean**2 + NORM_EPSILON
        square = moments.square - 2 * mean * moments.mean + mean**2
        return Passed(square=square / variance, gain=moments.slope_square / variance)

    return passed


def _limit(phi: Nonlinearity) -> Unit:
    """Normalise before φ over a batch without end: gain / square is E φ'² / Var φ."""
    table = moment_table(phi)

    def passed(q: Array) -> Passed:
        moments = table(q / (q + NORM_EPSILON))
        variance = moments.square - moments.mean**2
        return Passed(square=variance, gain=moments.slope_square / (q + NORM_EPSILON))

    return passed


def _short(averages: Callable[[float], tuple[float, float]]) -> Unit:
    """Normalise before φ over few numbers, given the averages for inputs of variance 1."""

    def passed(q: Array) -> Passed:
        kept = float(q[0, 0]) / (float(q[0, 0]) + NORM_EPSILON)
        # Rounded, so that one integral serves all layers whose eps does next to nothing.
        square, gain = averages(max(float(f"{kept:.5g}"), 1e-12) ** 0.5)
        return Passed(square=np.full((1, 1), square), gain=gain / (q + NORM_EPSILON))

    return passed


def _short_after(averages: Callable[[float], tuple[float, float]]) -> Unit:
    """Normalise after φ over few numbers, given the averages for inputs of some variance."""

    def passed(q: Array) -> Passed:
        # Four digits, so that one sample serves all layers of a settled network.
        square, gain = averages(float(f"{q[0, 0]:.4g}"))
        return Passed(square=np.full((1, 1), square), gain=np.full((1, 1), gain))

    return passed
