"""What stands in a template for a number that could not be measured."""

from typing import Any

WORDS = "n/a"


class Unmeasured:
    """False, shown as n/a, and whatever is computed from it is unmeasured too.

    A network that a question asks for may overflow or have one layer only; a text about its factor per layer
    has to survive that. Arithmetic, filters and negation are the environment's part: see there.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return WORDS

    def __eq__(self, other: object, /) -> Any:
        return self

    def __ne__(self, other: object, /) -> Any:
        return self

    def __lt__(self, other: object, /) -> Any:
        return self

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = object.__hash__

    def __contains__(self, item: object, /) -> bool:
        return False


UNMEASURED = Unmeasured()
