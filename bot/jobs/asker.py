"""Who a job is for."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import IntEnum


class Priority(IntEnum):
    """Which jobs go first; within one priority the people take turns."""

    ANSWER = 0
    """Somebody waits for it, and it is quick."""
    LONG = 1
    """Somebody waits for it, and knows that it takes a while."""
    WARMING = 2
    """Nobody waits for it; it is cancelled when somebody's job needs its place."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asker:
    """One request of one person, which may need several jobs; make a new one for every request.

    The limits count a person's and a place's requests, not jobs.  Where `person` or `place` is None, nothing
    is limited on its account.
    """

    person: Hashable | None = None
    """For example a user's id."""
    place: Hashable | None = None
    """For example a server's id."""
    warming: bool = False
    """Whether this is the bot itself, which gives way to everybody."""
