"""Signal propagation at initialisation in the limit of wide layers.

With q_l = E h_l² and nVar σ² = fan_in · Var W, layer by layer from the real input,

    q_1 = σ² q_0 + σ_b²,   q_{l+1} = σ² E[φ(√q_l z)²] + σ_b²,   E δ_l² = χ(q_l) E δ_{l+1}²,
    χ(q) = σ² E[φ'(√q z)²],   z standard normal.

Source: Poole et al. 2016, arXiv:1606.05340, eq. 3; Schoenholz et al. 2017, arXiv:1611.01232, eq. 13.
With zero padding a convolution sees fewer inputs near the edge, so q and δ² get one value per pixel
(our extension; with circular padding every pixel is alike and the recursion is the one above).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.nonlinearities import NONLINEARITIES, Nonlinearity, leaky
from sim.theory.quadrature import expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the theory says of one spec.

    `factors[l-1]` is the predicted ratio of the root-mean-square signal of layer l to that of layer
    l+1; `factor_per_layer` is their geometric mean, None for a network of one hidden layer.
    """

    factors: Array

    @property
    def factor_per_layer(self) -> float | None:
        """The mean norm factor over the hidden layers."""
        return float(np.exp(np.log(self.factors).mean())) if len(self.factors) else None

    def anchored(self, last: float) -> Array:
        """Return the predicted signal of every layer, given that of the last hidden layer."""
        return last * np.append(np.cumprod(self.factors[::-1])[::-1], 1.0)


def predict(spec: Spec, *, input_mean_square: float, input_units: int) -> Prediction | None:
    """Predict the signal's factors, or return None where no theory applies.

    It applies to untrained plain MLPs and CNNs with one of the activations below, as long as the predicted
    numbers neither overflow nor vanish.

    Args:
        spec: the network.
        input_mean_square: q_0, the mean square of one input unit.
        input_units: input units or channels: the fan-in of the first layer differs from the others'.
    """
    plain = spec.arch in {"mlp", "cnn"} and spec.norm == "none" and spec.skip == "none"
    # In `blobs` the examples differ in length, and one q for all of them predicts none.
    if not plain or spec.steps or spec.data != "gaussian" or spec.init in {"zeros", "lsuv"}:
        return None
    if spec.activation not in {*NONLINEARITIES, "leaky_relu"}:
        return None
    with np.errstate(all="ignore"):  # what overflows or vanishes ends in None below
        factors = _factors(*_backward_gains(spec, input_mean_square, input_units))
    if not np.all(np.isfinite(factors) & (factors > 0)):
        return None
    return Prediction(factors=factors)


def _backward_gains(spec: Spec, input_mean_square: float, input_units: int) -> tuple[list[Array], Array]:
    """Run the length recursion forward; return χ of every layer, per pixel, and the matrix of taps."""
    taps = _neighbours(spec)
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    first, rest = (law(spec, n * area, spec.width * area) for n in (input_units, spec.width))
    q = first.weight_std**2 * input_units * (taps @ np.full(len(taps), input_mean_square)) + first.bias_std**2
    chi: list[Array] = []
    for _ in range(spec.depth):
        # Twelve digits are enough, and make mirror-image pixels share one integral.
        moments = np.array([_moments(spec.activation, spec.slope, float(f"{value:.12g}")) for value in q])
        chi.append(rest.weight_std**2 * spec.width * moments[:, 1])
        q = rest.weight_std**2 * spec.width * (taps @ moments[:, 0]) + rest.bias_std**2
    return chi, taps


def _factors(chi: list[Array], taps: Array) -> Array:
    """Propagate δ² backwards and return the norm factor of each layer.

    The head's weights are alike for all pixels, so δ² of the last layer varies as its E φ'² does.
    """
    delta = chi[-1] / chi[-1].mean()
    factors = np.empty(len(chi) - 1)
    for layer in range(len(chi) - 2, -1, -1):
        below = chi[layer] * (taps.T @ delta)
        factors[layer] = np.sqrt(below.mean() / delta.mean())
        delta = below / below.mean()
    return factors


def _neighbours(spec: Spec) -> Array:
    """Count how many taps of the kernel lead from pixel j to pixel i, as a matrix [i, j].

    A layer whose pixels are all alike (an MLP, or circular padding) is one pixel with all taps.
    """
    if spec.arch != "cnn":
        return np.ones((1, 1))
    if spec.padding == "circular":
        return np.full((1, 1), float(spec.kernel**2))
    pixels = np.arange(spec.image)
    line = (np.abs(pixels[:, None] - pixels) <= spec.kernel // 2).astype(np.float64)
    return np.kron(line, line).astype(np.float64)


@lru_cache(maxsize=4096)
def _moments(activation: str, slope: float, q: float) -> tuple[float, float]:
    """Return E φ(√q z)² and E φ'(√q z)²."""
    phi: Nonlinearity = leaky(slope) if activation == "leaky_relu" else NONLINEARITIES[activation]
    square = expectation(lambda x: phi.value(x) ** 2, q, phi.kinks)
    slope_square = expectation(lambda x: phi.slope(x) ** 2, q, phi.kinks)
    return square, slope_square
