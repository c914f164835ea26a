"""Networks and data of the replicas of a spec, in chunks that fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim import losses
from sim.activations import Phi, activation
from sim.cost import CHUNK_BYTES, replica_bytes
from sim.data import Batch, draw_batch
from sim.networks import Network, Parameters, build
from sim.networks.lsuv import scale_to_data
from sim.networks.parameters import draw as draw_parameters
from sim.randomness import Streams
from sim.spec import Spec
from sim.vocabulary import SEQUENTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicas:
    """Some replicas of one spec: their numbers, their architecture, their parameters and their data.

    `inputs` counts what feeds a unit of the first layer: units, channels, or features of a step or token.
    """

    numbers: range
    network: Network
    parameters: Parameters
    batch: Batch
    phi: Phi
    inputs: int


def draw(spec: Spec, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[Replicas]:
    """Yield all replicas of a spec, as many at a time as fit into `chunk_bytes`, at least one.

    Chunking does not change a number: every replica draws from its own stream.
    """
    together = max(1, min(spec.seeds, int(chunk_bytes // replica_bytes(spec))))
    for start in range(0, spec.seeds, together):
        numbers = range(start, min(start + together, spec.seeds))
        streams = Streams([spec.seed + number for number in numbers])
        batch = draw_batch(spec, streams)
        inputs = batch.inputs.shape[3 if spec.arch in SEQUENTIAL else 2]
        network = build(spec, streams, inputs=inputs, outputs=losses.output_units(spec))
        parameters = draw_parameters(spec, network.slots, streams)
        if spec.init == "lsuv":
            scale_to_data(network, parameters.tensors, batch.inputs, spec.gain)
        yield Replicas(
            numbers=numbers,
            network=network,
            parameters=parameters,
            batch=batch,
            phi=activation(spec, streams),
            inputs=inputs,
        )
