"""Which eigenvalues of a Hessian are zero up to rounding, and which are not."""

import numpy as np

from sim.measurements import Array


def settled(spectrum: Array, examples: int) -> Array:
    """Return eigenvalues (…, parameter) in which those that rounding cannot tell from 0 are 0.

    Adding up the examples leaves an error of at most `examples` · ε in an entry, relative to the largest, and
    solving for the eigenvalues one of the order of `parameters` · ε · |λ|max (Golub & Van Loan 2013, Matrix
    Computations, sections 2.7 and 8.1): a singular matrix has eigenvalues of either sign that small.
    """
    if not spectrum.shape[-1]:
        return spectrum
    largest = np.abs(spectrum).max(axis=-1, keepdims=True)
    within = (spectrum.shape[-1] + examples) * np.finfo(np.float64).eps * largest
    return np.where(np.abs(spectrum) <= within, 0.0, spectrum)
