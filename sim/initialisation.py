"""How the weights of a layer are drawn, and with what variance.

Sources: Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural
networks, eq. 16; He et al. 2015, arXiv:1502.01852, eq. 10; LeCun et al. 1998, Efficient BackProp,
section 4.6; Saxe et al. 2013, arXiv:1312.6120 (orthogonal); Mishkin & Matas 2015, arXiv:1511.06422
(lsuv, which starts orthogonal and is then scaled to its data by `sim.networks.lsuv`); PyTorch's
`nn.Linear.reset_parameters`.
"""

import math
from dataclasses import dataclass

from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The distribution of one layer's parameters.

    `weight_std` and `bias_std` are standard deviations; `shape` is "normal", "uniform" or
    "orthogonal" for the weights. Biases, where they are not zero, are uniform as in PyTorch.
    """

    shape: str
    weight_std: float
    bias_std: float = 0.0


def law(spec: Spec, fan_in: int, fan_out: int) -> Law:
    """Return how a layer with these fans is drawn under the init of `spec`."""
    third = 1 / math.sqrt(3 * fan_in)
    laws = {
        "glorot": Law(shape="uniform", weight_std=math.sqrt(2 / (fan_in + fan_out))),
        "he": Law(shape="normal", weight_std=math.sqrt(2 / fan_in)),
        "lecun": Law(shape="normal", weight_std=math.sqrt(1 / fan_in)),
        "orthogonal": Law(shape="orthogonal", weight_std=math.sqrt(1 / fan_in)),
        "lsuv": Law(shape="orthogonal", weight_std=math.sqrt(1 / fan_in)),
        "torch": Law(shape="uniform", weight_std=third, bias_std=third),
        "heuristic": Law(shape="uniform", weight_std=third),
        "normal": Law(shape="normal", weight_std=spec.std),
        "zeros": Law(shape="normal", weight_std=0.0),
    }
    plain = laws[spec.init]
    return Law(shape=plain.shape, weight_std=plain.weight_std * spec.gain, bias_std=plain.bias_std)
