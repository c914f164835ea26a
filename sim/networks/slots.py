"""What an architecture wants drawn: one slot per parameter tensor, in the order of drawing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One parameter tensor of one replica.

    `fans` are fan-in and fan-out of one unit of a weight, which is drawn by the init's law; a bias has
    `fans` and `is_bias`, and is drawn by the law's bias where the init has one. Without fans every entry is
    `constant`; a bias gets `constant` added. `layer` counts from 1 at the input side; 0 is a stem before
    the first layer, and the head has the number after the last.
    """

    name: str
    layer: int
    shape: tuple[int, ...]
    fans: tuple[int, int] | None = None
    is_bias: bool = False
    constant: float = 0.0
