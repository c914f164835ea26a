"""The networks that are timed.

The peers read only the sizes: all are sigmoid networks with Glorot's initialisation, binary cross-entropy
and plain gradient descent on Gaussian data, in float32.
"""

from sim.spec import Spec

TRAINING = Spec(depth=10, width=32, batch=64, seeds=16, steps=300, lr=0.1)
"""Trained while the gradients of every layer are measured at every step."""

INITIALISATION = (
    Spec(depth=20, width=64, batch=64, seeds=16),
    Spec(depth=50, width=128, batch=64, seeds=16),
)
"""Drawn and measured once, untrained."""
