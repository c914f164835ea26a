"""Remembering what was handled: Discord delivers an event again after a dropped connection."""

from collections import OrderedDict


class Recent:
    """The last few ids seen."""

    def __init__(self, size: int = 2_000) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()
        self._size = size

    def first_time(self, id_: int) -> bool:
        """Note an id and tell whether it is new."""
        if id_ in self._ids:
            return False
        self._ids[id_] = None
        if len(self._ids) > self._size:
            self._ids.popitem(last=False)
        return True
