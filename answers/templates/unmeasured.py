"""What stands in a template for a number that could not be measured."""

import math

WORDS = "n/a"


class Unmeasured(float):
    """Not a number, and false: no comparison with it holds, and it is shown as n/a.

    A network that a question asks for may overflow or have one layer only; a text about its factor per layer
    has to survive that.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return WORDS


UNMEASURED = Unmeasured(math.nan)
