"""A batch of examples for every replica."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor

from sim.data import plane, real, sequences
from sim.data.fitting import classes, example_shape, require_fitting
from sim.networks.parameters import DTYPES
from sim.randomness import Streams
from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Examples of every replica.

    `inputs` has the shape (replica, batch, *example), as `sim.data.fitting.example_shape` gives it;
    `labels` (replica, batch) holds the classes, from 0 on.
    """

    inputs: Tensor
    labels: Tensor


def draw_batch(spec: Spec, streams: Streams) -> Batch:
    """Draw the examples of a spec, as many of every class up to one, in random order.

    The inputs have a root mean square of `spec.input_scale`, exactly or in expectation.

    Raises:
        SpecError: the data set does not fit the spec, or its file is missing.
    """
    require_fitting(spec)
    order = streams.permutation(spec.batch)
    inputs = _DRAW[spec.data](spec, streams, order)
    return Batch(inputs=(inputs * spec.input_scale).to(DTYPES[spec.precision]), labels=order % classes(spec))


def _gaussian(spec: Spec, streams: Streams, _order: Tensor) -> Tensor:
    """Draw independent standard normal inputs as wide as the network: the reference case of the theory."""
    return streams.normal(spec.batch, *example_shape(spec))


# Called with a random order of 0 … batch−1 per replica: order % classes is the label of an example, and
# order // classes its number within its class.
_DRAW: Mapping[str, Callable[[Spec, Streams, Tensor], Tensor]] = {
    "gaussian": _gaussian,
    "blobs": plane.blobs,
    "spirals": plane.spirals,
    "xor": plane.xor,
    "parity": sequences.parity,
    "recall": sequences.recall,
    "digits": real.examples,
    "cancer": real.examples,
}
