"""Networks and data of the replicas of a spec, in chunks that fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim import losses
from sim.cost import replica_bytes
from sim.data import Batch, draw_batch
from sim.networks import Network, build
from sim.randomness import Streams
from sim.spec import Spec

CHUNK_BYTES = 512 * 2**20
"""How much memory the replicas that are computed together may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicas:
    """Some replicas of one spec: their numbers, their networks and their data."""

    numbers: range
    network: Network
    batch: Batch


def draw(spec: Spec, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[Replicas]:
    """Yield all replicas of a spec, as many at a time as fit into `chunk_bytes`, at least one.

    Chunking does not change a number: every replica draws from its own stream.
    """
    together = max(1, min(spec.seeds, int(chunk_bytes // replica_bytes(spec))))
    for start in range(0, spec.seeds, together):
        numbers = range(start, min(start + together, spec.seeds))
        streams = Streams([spec.seed + number for number in numbers])
        batch = draw_batch(spec, streams)
        inputs, outputs = batch.inputs.shape[2], losses.output_units(spec)
        network = build(spec, streams, inputs=inputs, outputs=outputs)
        yield Replicas(numbers=numbers, network=network, batch=batch)
