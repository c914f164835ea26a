"""What a request looks like after it was mended, and what had to be changed."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file that is uploaded with a request."""

    number: int
    name: str
    size: int


@dataclass(slots=True)
class Notes:
    """What was changed: none of it should ever have been needed, so it goes to the log."""

    changes: list[str] = field(default_factory=list[str])
    left_out: set[int] = field(default_factory=set[int])
    """The numbers of the files that must not be uploaded."""

    def add(self, change: str) -> None:
        """Note a change."""
        self.changes.append(change)
