"""Mean-field recursions over time steps.

h_t = φ(x_t W_x + h_{t−1} W_h + b) from h_0 = 0, with u_t the argument of φ and the signal read at the state:

    E u_1² = σ_x² q_in + σ_b²,  E u_{t+1}² = σ_h² E φ(u_t)² + E u_1²,  E δ_t² = σ_h² E φ'(u_{t+1})² E δ_{t+1}²

All steps share W_h; for wide networks that changes nothing, as each step sees an input of its own.
Source: Chen, Pennington & Schoenholz 2018, arXiv:1806.05394.
"""

import math

import numpy as np

from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.pixels import pixels_of
from sim.theory.units import unit


def states(spec: Spec, input_mean_square: float, input_units: int) -> Array | None:
    """Return the norm factors of a recurrent network with one state."""
    passing = unit(spec, pixels_of(spec))
    # A recurrent network is normalised before φ and over its units, or not at all.
    built = spec.norm == "none" or (spec.norm in {"layer", "rms"} and spec.order == "pre")
    if passing is None or not built:
        return None
    recurrent, driven = drive(spec, input_mean_square, input_units)
    factors: list[float] = []
    passed = passing(np.full((1, 1), driven))
    for _ in range(spec.depth - 1):
        passed = passing(recurrent * passed.square + driven)
        factors.append(math.sqrt(recurrent * float(passed.gain[0, 0])))
    return np.array(factors)


def drive(spec: Spec, input_mean_square: float, input_units: int) -> tuple[float, float]:
    """Return σ_h² = n Var W_h, and the variance of x_t W_x + b."""
    hidden = law(spec, spec.width, spec.width)
    entering = law(spec, input_units, spec.width)
    bias = hidden.bias_std**2
    if spec.init == "torch":
        # torch draws every matrix by the width, and has two biases.
        entering, bias = hidden, 2 * bias
    return hidden.weight_std**2 * spec.width, entering.weight_std**2 * input_units * input_mean_square + bias
