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


def bias_slot(name: str, layer: int, size: int, fans: tuple[int, int], constant: float = 0.0) -> Slot:
    """Return the slot of a bias of `size` units, whose weights have these fans."""
    return Slot(name=name, layer=layer, shape=(size,), fans=fans, is_bias=True, constant=constant)
