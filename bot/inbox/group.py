"""Questions that mean the same, as instructors see them, and the number by which a button names them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from bot.errors import BadRequest
from bot.storage.inbox import Reason


class People(StrEnum):
    """How many people asked, which is all that is told of them."""

    ONE = "one person"
    SEVERAL = "several people"
    UNKNOWN = "one person or more"
    """Each wording came from one, who may be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupId:
    """What a button carries: a question of the group, and the newest question that its card knew of.

    With both, the same groups are found again after a restart, and what was asked since is not decided on by
    somebody who has not seen it.
    """

    anchor: int
    horizon: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str` wrote.

        Raises:
            BadRequest: nobody wrote that.
        """
        found = re.fullmatch(r"(\d{1,18})\.(\d{1,18})", text, re.ASCII)
        if found is None:
            raise BadRequest(
                f"A group of the inbox looks like 12.345; got {text!r:.60}; open the inbox again."
            )
        return cls(anchor=int(found[1]), horizon=int(found[2]))

    def __str__(self) -> str:
        return f"{self.anchor}.{self.horizon}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that mean the same."""

    id: GroupId
    wordings: tuple[str, ...]
    """As they were asked; the one that speaks for all stands first."""
    asked: int
    """How often, in all wordings."""
    people: People
    last: date
    """The day on which it was asked last; the minute would show by whom."""
    reasons: Mapping[Reason, int]
    """Why it is here, and how often for that reason."""
    wrong: Mapping[str, int]
    """Answers that were given and are not what was asked, by id."""
    chosen: Mapping[str, int]
    """Answers that askers chose where several were offered, by id."""
    ids: tuple[int, ...]
    """The numbers of all that was asked."""

    @property
    def question(self) -> str:
        """The wording that speaks for all."""
        return self.wordings[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """An answer that the group may be about."""

    id: str
    title: str
    score: float
    """How likely it is right, from 0 to 1."""
    wrong: int = 0
    """How many askers said that it is not."""
    chosen: int = 0
    """How many askers chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A group with the answers that are nearest to it."""

    group: Group
    nearest: tuple[Nearest, ...]
    answered: bool
    """Whether the bot would answer it by now: the first of the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A few groups of the inbox."""

    groups: tuple[Shown, ...]
    number: int
    """Counted from 1."""
    pages: int
    total: int
    """Groups on all pages."""
    asked: int
    """Questions on all pages."""
    keeps: bool
    """Whether this server keeps the words of questions at all; where it does not, there is nothing to see."""
