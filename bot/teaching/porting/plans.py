"""What an import would do, before it does it, and what it did."""

from dataclasses import dataclass
from enum import StrEnum

from answers.problem import Problem
from bot.storage.answers import Version
from bot.teaching.outcomes import Meanwhile
from bot.teaching.review import Review


class Kind(StrEnum):
    """What a file is to a server."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BROKEN = "broken"


class Policy(StrEnum):
    """What becomes of answers that the server has in another form."""

    MINE = "keep mine"
    THEIRS = "take theirs"
    DRAFTS = "as drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file of an import."""

    name: str
    slug: str
    kind: Kind
    text: str = ""
    disabled: bool = False
    """Whether it comes as an answer that students are not to see."""
    head: int = 0
    """The version of the server that it was compared with."""
    summary: str = ""
    """What would change, in a few words."""
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    """Why it cannot even be read."""
    review: Review | None = None
    """With its simulations run; only reviewed files go live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do."""

    source: str
    rows: tuple[Row, ...]
    passed: tuple[str, ...] = ()
    """Files that are no answers."""

    def of(self, kind: Kind) -> tuple[Row, ...]:
        """Return the files of one kind."""
        return tuple(row for row in self.rows if row.kind is kind)

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        counts = ", ".join(f"{len(self.of(kind))} {kind}" for kind in Kind)
        return f"{self.source}: {counts}."


class Became(StrEnum):
    """What became of one file."""

    PUBLISHED = "published"
    DISABLED = "disabled"
    DRAFT = "put among the drafts"
    KEPT = "left alone"
    SAME = "already the same"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What an import did with one file."""

    slug: str
    became: Became
    undo: int | None = None
    """The version to restore, to undo it: 0 is the shipped one; None where there was nothing before."""
    version: Version | None = None
    meanwhile: Meanwhile | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    rows: tuple[Applied, ...]
    live: bool = True

    def of(self, became: Became) -> tuple[Applied, ...]:
        """Return the files that became one thing."""
        return tuple(row for row in self.rows if row.became is became)
