"""Who wrote something, where their name is meant to be seen: instructors, not students."""

from dataclasses import dataclass
from datetime import datetime

from bot.storage.text import storable

MAX_NOTE = 500
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An instructor, as the history names them."""

    id: str
    """The platform's id of the account."""
    name: str
    """The name that was shown when they wrote it."""

    def __post_init__(self) -> None:
        storable(self.id, "The id of an author", _LONGEST)
        storable(self.name, "The name of an author", _LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who did something, when, and why in their own words."""

    author: Author
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        storable(self.note, "A note", MAX_NOTE)


NOBODY = Author(id="", name="somebody who has left")
"""Stands where an author asked to be forgotten."""
