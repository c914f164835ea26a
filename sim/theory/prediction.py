"""What the theory says of one spec, as numbers per layer."""

from dataclasses import dataclass

import numpy as np

from sim.measurements import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The predicted factors of a network.

    `factors[l-1]` is the predicted ratio of the root-mean-square signal of layer l to that of layer
    l+1; `factor_per_layer` is their geometric mean, None for a network of one hidden layer.
    """

    factors: Array

    @property
    def factor_per_layer(self) -> float | None:
        """The mean norm factor over the hidden layers."""
        return self.factor_between(1, len(self.factors) + 1)

    def factor_between(self, first: int, last: int) -> float | None:
        """Return the geometric mean of the factors from layer `first` to layer `last`.

        Layers count from 1, and both ends are included: of three layers there are two factors. None for
        fewer than two layers, and where a layer is not one of the network's.
        """
        if not 1 <= first < last <= len(self.factors) + 1:
            return None
        return float(np.exp(np.log(self.factors[first - 1 : last - 1]).mean()))

    def anchored(self, last: float) -> Array:
        """Return the predicted signal of every layer, given that of the last hidden layer."""
        return last * np.append(np.cumprod(self.factors[::-1])[::-1], 1.0)
