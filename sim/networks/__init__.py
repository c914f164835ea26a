"""The architectures, each computing S replicas at once."""

from sim.activations import activation
from sim.networks.feedforward import Feedforward
from sim.networks.gated import GRU, LSTM
from sim.networks.logistic import Logistic
from sim.networks.maps import Convolution, Dense
from sim.networks.network import Forward, Network
from sim.networks.parameters import Parameters
from sim.networks.recurrent import Recurrent, Simple
from sim.networks.transformer import Transformer
from sim.randomness import Streams
from sim.spec import Spec

__all__ = ["Forward", "Network", "Parameters", "build"]

_CELLS = {"rnn": Simple, "lstm": LSTM, "gru": GRU}


def build(spec: Spec, streams: Streams, *, inputs: int, outputs: int) -> Network:
    """Return the architecture of a spec.

    Args:
        spec: what to build.
        streams: where an activation with noise draws it, one stream per replica.
        inputs: input units, channels of an image, or features of one time step or token.
        outputs: units of the output layer.
    """
    phi = activation(spec, streams)
    if spec.arch == "logistic":
        return Logistic(inputs=inputs, outputs=outputs)
    if spec.arch in _CELLS:
        return Recurrent(spec, _CELLS[spec.arch](phi), inputs=inputs, outputs=outputs)
    if spec.arch == "transformer":
        return Transformer(spec, phi, inputs=inputs, outputs=outputs)
    linear = Convolution(spec) if spec.arch == "cnn" else Dense()
    return Feedforward(spec, phi, linear, inputs=inputs, outputs=outputs)
