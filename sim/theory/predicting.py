"""Which theory applies to a spec, if any."""

import numpy as np

from sim.measurements import Array
from sim.spec import Spec
from sim.theory.highway import highway
from sim.theory.layers import chain, dense
from sim.theory.nonlinearities import nonlinearity
from sim.theory.paths import walked
from sim.theory.prediction import Prediction
from sim.theory.recurrent import states


def predict(spec: Spec, *, input_mean_square: float, input_units: int) -> Prediction | None:
    """Predict the signal's factors, or return None where no theory applies.

    It applies to untrained networks on Gaussian data, as long as the predicted numbers neither overflow
    nor vanish.

    Args:
        spec: the network.
        input_mean_square: q_0, the mean square of one input unit.
        input_units: input units or channels: the fan-in of the first layer differs from the others'.
    """
    # Elsewhere the examples differ in length, and one q for all of them predicts none.
    if spec.steps or spec.data != "gaussian" or spec.init == "zeros" or nonlinearity(spec) is None:
        return None
    with np.errstate(all="ignore"):  # what overflows or vanishes ends in None below
        factors = _factors(spec, input_mean_square, input_units)
    if factors is None or not np.all(np.isfinite(factors) & (factors > 0)):
        return None
    return Prediction(factors=factors)


def _factors(spec: Spec, input_mean_square: float, input_units: int) -> Array | None:
    if spec.init == "lsuv" and (spec.arch not in {"mlp", "cnn"} or spec.skip not in {"none", "residual"}):
        return None
    match spec.arch, spec.skip, spec.order:
        case "rnn", "none", _:
            return states(spec, input_mean_square, input_units)
        case (("mlp" | "cnn"), "highway", _):
            return highway(spec, input_mean_square, input_units)
        case (("mlp" | "cnn"), "dense", _):
            return dense(spec, input_mean_square, input_units, outputs=2 if spec.loss == "ce" else 1)
        case (("mlp" | "cnn"), "residual", "post"):
            return walked(spec, input_mean_square, input_units)
        case (("mlp" | "cnn"), ("none" | "residual"), _):
            return chain(spec, input_mean_square, input_units)
        case _:
            return None
