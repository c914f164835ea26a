"""What every contestant returns, so that the tests can compare them."""

from typing import TypedDict

from sim.measurements import Array


class Traces(TypedDict):
    """The gradient of every hidden layer and the batch loss, before each training step.

    `signal` and `weight` have the shape (replica, step, layer), as defined in docs/simulations.md;
    `loss` has the shape (replica, step).
    """

    signal: Array
    weight: Array
    loss: Array


Profiles = tuple[Array, Array]
"""`signal` and `weight` of untrained networks, shape (replica, layer)."""
