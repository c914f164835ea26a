"""One thing that is wrong with an answer, where, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem found by a check.

    `code` is a stable word such as "schema" or "claim-fails"; `line` counts from 1 in the file, and so does
    `column`, which is 0 where only the line is known. A `warning` tells of what may be meant so.
    """

    code: str
    message: str
    line: int = 1
    path: str = ""
    warning: bool = False
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.path else f"line {self.line}: "
        warning = "warning: " if self.warning else ""
        return f"{place}{warning}{self.message} [{self.code}]"
