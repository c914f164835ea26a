"""One thing that is wrong with an answer, where, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem found by a check.

    `code` is a stable word such as "schema" or "claim-fails"; `line` counts from 1 in the file.
    """

    code: str
    message: str
    line: int = 1
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.path else f"line {self.line}: "
        return f"{place}{self.message} [{self.code}]"
