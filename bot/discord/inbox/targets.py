"""What a button of the inbox is for, written into its id."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.errors import BadRequest


class Act(StrEnum):
    """What is done."""

    PAGE = "page"
    """Show a page."""
    ACCEPT = "accept"
    """Make the question a way of asking for an answer; without one, choose for which."""
    DENY = "deny"
    """Say that the question does not mean an answer; without one, choose which."""
    NONE = "none"
    """Say that the question is for none of the bot's answers."""
    WRITE = "write"
    """Open a new answer."""
    DONE = "done"
    """It is answered by now."""
    IGNORE = "ignore"
    UNDO = "undo"


_PREFIX = "backchat:1:inbox:"
PATTERN = (
    rf"{_PREFIX}(?P<act>{'|'.join(Act)}):(?P<page>\d{{1,6}}):"
    r"(?P<about>[0-9.]{0,40})(?::(?P<slug>[a-z0-9_]{1,40}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a button or a menu is for."""

    act: Act
    page: int = 1
    """The page that it is on, which is shown again afterwards."""
    about: str = ""
    """The group, as `GroupId` writes it; of an undo, the number of the decision."""
    slug: str | None = None
    """The answer."""

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Read an id."""
        return cls(
            act=Act(match["act"]), page=int(match["page"]), about=match["about"], slug=match["slug"] or None
        )

    @property
    def decision(self) -> int:
        """The number of the decision that is undone.

        Raises:
            BadRequest: nobody wrote such an id.
        """
        if not re.fullmatch(r"[0-9]{1,18}", self.about):
            raise BadRequest("This button names no decision; open `/inbox` again.")
        return int(self.about)

    def __str__(self) -> str:
        return f"{_PREFIX}{self.act}:{self.page}:{self.about}{f':{self.slug}' if self.slug else ''}"
