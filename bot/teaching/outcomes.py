"""What became of something that somebody did at the desk; each is shown by the front in its own way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.storage.answers import Listed, Version
from bot.storage.drafts import Draft
from bot.storage.people import Author
from bot.teaching.differences import Difference
from bot.teaching.review import Review


class State(StrEnum):
    """Where an answer of a server comes from."""

    SHIPPED = "shipped"
    CHANGED = "changed here"
    OWN = "own"
    DISABLED = "disabled"
    DRAFT = "draft only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A draft that somebody could publish."""

    author: Author
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer in the list of a server."""

    slug: str
    title: str
    state: State
    n: int
    """Of the version that counts; 0 is the shipped one."""
    changed: Listed | None
    """Who changed it last in this server."""
    drafts: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The text of one version."""

    slug: str
    n: int
    body: str
    state: State
    changed: Listed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What others made of an answer since somebody began to write."""

    versions: tuple[Listed, ...]
    """The newest first."""
    difference: Difference
    """From the version that was begun with to the one that counts now."""

    def __str__(self) -> str:
        newest = self.versions[0]
        count = f" ({len(self.versions)} versions since yours)" if len(self.versions) > 1 else ""
        said = f", saying {newest.note!r}" if newest.note else ""
        return (
            f"{newest.author.name} {newest.change.value} version {newest.n} of {newest.slug} meanwhile{count}"
            f"{said}: {self.difference.summary}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A text to be edited, and what has to be handed in with it."""

    slug: str
    text: str
    base: int
    """The version that it was begun with."""
    revision: int = 0
    """Of the author's draft; 0 where there is none yet."""
    new: bool = False
    meanwhile: Meanwhile | None = None
    """What was published since the draft was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A draft was saved."""

    draft: Draft
    suggested: bool
    """Whether its author needs an instructor to publish it, who should be told."""
    meanwhile: Meanwhile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The author saved the same draft elsewhere; nothing was overwritten.

    To keep this text instead, save it again with `winner.revision`.
    """

    winner: Draft
    text: str
    """What was not saved."""
    difference: Difference
    """From what was saved there to what was not saved here."""

    def __str__(self) -> str:
        return (
            f"You saved another draft of {self.winner.slug} at {self.winner.at:%Y-%m-%d %H:%M} UTC; both are "
            "kept for now: go on with that one, or replace it by this one."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review, and what has to be handed in to publish exactly what was reviewed."""

    slug: str
    review: Review
    author: Author
    """Whose draft it is."""
    head: int
    revision: int
    difference: Difference
    """From what students see now."""
    meanwhile: Meanwhile | None = None
    """Where somebody else has published since: it cannot be published before it stands on top of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A new version counts."""

    version: Version
    before: str
    """What students saw before; empty if nothing."""
    after: str
    """What they see now; empty if nothing."""
    difference: Difference
    by: Author
    """Who did it; the author of the version is who wrote the text."""
    live: bool = True
    """Whether everybody has it already; else they will when the database can be reached again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Nothing was published, for there are problems."""

    slug: str
    review: Review

    def __str__(self) -> str:
        number = len(self.review.faults)
        return (
            f"{self.slug} was not published: {number} problem{'s' * (number != 1)} "
            f"{'have' if number != 1 else 'has'} to be mended first."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """Nothing was published, for somebody else was faster; the draft is kept.

    `Desk.rebase` makes it a draft on top of the version that counts now; `Desk.discard` gives it up.
    """

    slug: str
    head: int
    meanwhile: Meanwhile

    def __str__(self) -> str:
        return (
            f"{self.meanwhile} Your draft is kept: look at the difference, then keep yours as a draft on top "
            f"of version {self.head}, or give it up."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """Nothing was published, for the draft is not the one that was reviewed any more."""

    draft: Draft

    def __str__(self) -> str:
        return (
            f"{self.draft.author.name} saved the draft of {self.draft.slug} again at "
            f"{self.draft.at:%Y-%m-%d %H:%M} UTC, after it was reviewed; review it again."
        )
