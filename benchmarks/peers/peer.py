"""What a module has to offer to be compared with the engine."""

from typing import Protocol

from benchmarks.traces import Profiles, Traces
from sim.spec import Spec


class Peer(Protocol):
    """A way to write the measurement; all of them draw their own networks and data."""

    def train_with_norms(self, spec: Spec) -> Traces:
        """Train the networks of a spec, measuring every layer before each of its steps."""
        ...

    def initialise(self, spec: Spec) -> Profiles:
        """Measure every layer of the untrained networks of a spec."""
        ...
