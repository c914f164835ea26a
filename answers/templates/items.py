"""A list as a template sees it: as long as it is, or refused with a sentence."""

from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

MAX_LIST = 50
"""The longest list that a loop runs over, or that is written out."""
MAX_ITEMS = 256
"""The longest list of which each item can be seen: more than a network has layers."""


class Items:
    """The items of a list, and how many it has, which may be more.

    It is no `list`: what a template does with it goes through what is defined here. `length` is that of the
    list it was cut from.
    """

    __slots__ = ("_items", "_length")

    def __init__(self, items: Sequence[Any], length: int) -> None:
        self._items = list(items)
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __contains__(self, item: object) -> bool:
        return item in self._whole()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Items) and self._whole() == other._whole()

    __hash__ = None  # pyright: ignore[reportAssignmentType]  as of a list

    def __repr__(self) -> str:
        return repr(self.few("a text shows"))

    def item(self, index: int) -> Any:
        """Return an item, counted from the end where the index is negative."""
        index = index if index >= 0 else len(self) + index
        return self._items[index] if index < len(self._items) else self._whole()[index]

    def few(self, what: str) -> list[Any]:
        """Return all items; raise TemplateError, which says what was tried, if they are too many."""
        return self._whole(what, MAX_LIST)

    def _whole(self, what: str = "a template looks into", most: int = MAX_ITEMS) -> list[Any]:
        if len(self) > most:
            msg = f"{what} a list of at most {most} items, got {len(self)}"
            raise TemplateError(msg)
        return self._items
