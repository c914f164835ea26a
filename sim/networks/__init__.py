"""The architectures, each computing S replicas at once."""

from sim.networks.cnn import CNN
from sim.networks.mlp import MLP
from sim.networks.network import Forward, Network
from sim.randomness import Streams
from sim.spec import Spec

__all__ = ["Forward", "Network", "build"]


def build(spec: Spec, streams: Streams, *, inputs: int, outputs: int) -> Network:
    """Draw the networks of a spec.

    Args:
        spec: the architecture and its initialisation.
        streams: random numbers, one stream per replica.
        inputs: input units, or input channels of a convolutional network.
        outputs: units of the output layer.
    """
    kind = CNN if spec.arch == "cnn" else MLP
    return kind(spec, streams, inputs=inputs, outputs=outputs)
