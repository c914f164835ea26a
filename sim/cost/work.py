"""What a run does: it calls torch, and torch computes; a machine can be fast at one and slow at the other."""

from dataclasses import dataclass

from sim.cost.machine import Machine


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds on the reference machine: of calls, which depend on Python, and of arithmetic.

    `bfloat16` is what more that type takes on a machine without instructions for it.
    """

    calls: float = 0.0
    arithmetic: float = 0.0
    bfloat16: float = 0.0

    def __add__(self, other: "Work") -> "Work":
        """Do one after the other."""
        return Work(
            self.calls + other.calls, self.arithmetic + other.arithmetic, self.bfloat16 + other.bfloat16
        )

    def __mul__(self, times: float) -> "Work":
        """Do it several times, or in part."""
        return Work(self.calls * times, self.arithmetic * times, self.bfloat16 * times)

    __rmul__ = __mul__

    def seconds(self, machine: Machine) -> float:
        """Return how long it takes on a machine."""
        converting = 0.0 if machine.bfloat16 else self.bfloat16
        return self.calls / machine.calls + (self.arithmetic + converting) / machine.arithmetic
