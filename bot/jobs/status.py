"""Where somebody's job, or the several jobs of one request, stand."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """It waits for its turn."""

    ahead: int
    """How many jobs begin before it."""
    seconds: float
    """In how many seconds it is expected to begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """It runs."""

    fraction: float
    """How much of the work is done, from 0 to 1."""
    text: str
    """What it is doing, in a few words."""
    seconds: float
    """In how many seconds it is expected to end."""


Status = Queued | Running

OnStatus = Callable[[Status], None]
"""Called in the event loop, never after the end of what it is about."""


def ignore(_status: Status) -> None:
    """Take no interest in where it stands."""
