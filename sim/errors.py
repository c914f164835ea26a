"""What can go wrong with a simulation, as one small tree.

SimulationError         the message is one sentence for the person who asked
├─ SpecError            the request cannot be understood or makes no sense
└─ TooExpensive         it would take longer or need more memory than allowed
"""


class SimulationError(Exception):
    """Something the person who asked can mend; the message says how."""


class SpecError(SimulationError):
    """The request cannot be understood, or combines what does not go together."""


class TooExpensive(SimulationError):
    """The run would exceed the limits; the message names the knob to turn."""
