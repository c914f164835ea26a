"""Answers that a server has changed or added, on top of the shipped library, with their history.

An answer's history is a list of versions, each a whole: its text, and whether the server shows it.  The
last one, the head, counts.  Nothing is ever taken out: to disable, to enable and to restore are versions too.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import changes, drafts
from bot.storage.database import Database, first, values
from bot.storage.errors import Conflict, NotFound
from bot.storage.people import Author, Signed
from bot.storage.schema import AnswerRow, VersionRow
from bot.storage.text import folded, storable

MAX_BODY = 40_000
MAX_TITLE = 300
MAX_SLUG = 100
_HISTORY = 25
SHIPPED = 0
"""The number of the text that came with the bot, before a server's first version."""


class Change(StrEnum):
    """What made a version."""

    PUBLISHED = "published"
    DISABLED = "disabled"
    ENABLED = "enabled"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An answer's text: the whole file, and the title that stands in it."""

    title: str
    body: str

    def __post_init__(self) -> None:
        storable(self.title, "A title", MAX_TITLE)
        storable(self.body, "An answer", MAX_BODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A version of an answer without its text."""

    slug: str
    n: int
    """Counted from 1 within the server's answer, never reused."""
    change: Change
    live: bool
    """Whether the server shows it."""
    title: str | None
    """None where the text is the shipped one."""
    author: Author
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Listed):
    """A version of an answer."""

    body: str | None
    """The whole file, with its front matter; None is the shipped one, whatever it says at the time."""


class AnswerConflict(Conflict):
    """Somebody else changed the answer first."""

    def __init__(self, winner: Version) -> None:
        super().__init__(winner)
        self.winner = winner

    def __str__(self) -> str:
        winner = self.winner
        note = f", saying {winner.note!r}" if winner.note else ""
        return (
            f"{winner.author.name} {winner.change.value} version {winner.n} of {winner.slug} at "
            f"{winner.at:%Y-%m-%d %H:%M} UTC{note}; nothing of yours was saved; "
            "look at the difference, then save again on top of it."
        )


_LISTED = (
    VersionRow.slug,
    VersionRow.n,
    VersionRow.change,
    VersionRow.live,
    VersionRow.title,
    VersionRow.author_id,
    VersionRow.author_name,
    VersionRow.note,
    VersionRow.at,
)
_HEAD = and_(
    AnswerRow.guild == VersionRow.guild, AnswerRow.slug == VersionRow.slug, AnswerRow.head == VersionRow.n
)


class Answers:
    """The answers of all servers; every method looks at one server alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, guild: str) -> tuple[Listed, ...]:
        """Return the heads of all answers that a server has touched, by id."""
        return await self.search(guild, "")

    async def search(self, guild: str, words: str) -> tuple[Listed, ...]:
        """Return the heads in whose id, title or text every one of the words stands."""
        found = [AnswerRow.search.contains(word, autoescape=True) for word in folded(words).split()]
        rows = await self._database.rows(
            select(*_LISTED)
            .join(AnswerRow, _HEAD)
            .where(AnswerRow.guild == guild, *found)
            .order_by(AnswerRow.slug)
        )
        return tuple(_listed(values(row)) for row in rows)

    async def heads(self, guild: str) -> tuple[Version, ...]:
        """Return what the matcher has to know of a server: all heads with their texts."""
        rows = await self._database.rows(
            select(*_LISTED, VersionRow.body)
            .join(AnswerRow, _HEAD)
            .where(AnswerRow.guild == guild)
            .order_by(AnswerRow.slug)
        )
        return tuple(_version(values(row)) for row in rows)

    async def head(self, guild: str, slug: str) -> Version | None:
        """Return the version that counts; None if the server has never touched this answer."""
        rows = await self._database.rows(_head_of(guild, slug))
        return _version(values(rows[0])) if rows else None

    async def version(self, guild: str, slug: str, n: int) -> Version:
        """Return one version.

        Raises:
            NotFound: the answer has no such version in this server.
        """
        rows = await self._database.rows(_version_of(guild, slug, n))
        if not rows:
            raise await self._no_version(guild, slug, n)
        return _version(values(rows[0]))

    async def history(
        self, guild: str, slug: str, *, before: int | None = None, limit: int = _HISTORY
    ) -> tuple[Listed, ...]:
        """Return the versions of an answer, the newest first, optionally only those before one."""
        older = () if before is None else (VersionRow.n < before,)
        rows = await self._database.rows(
            select(*_LISTED)
            .where(VersionRow.guild == guild, VersionRow.slug == slug, *older)
            .order_by(VersionRow.n.desc())
            .limit(limit)
        )
        return tuple(_listed(values(row)) for row in rows)

    async def publish(self, guild: str, slug: str, text: Text, *, base: int, by: Signed) -> Version:
        """Make a text the live version; the author's draft that says exactly this is done with.

        A draft that says something else by now, because it was saved again in another window, stays; what
        it started from is no longer the head, which its author is told.

        Args:
            guild: the server.
            slug: the answer's id.
            text: of the answer.
            base: the head that the author started from; `SHIPPED` if there was none.
            by: who publishes it, when and why.

        Raises:
            AnswerConflict: the head is another one by now.
        """
        new = _new(slug, base, Change.PUBLISHED, by, text)
        async with self._database.writing(guild) as connection:
            await _append(connection, guild, new)
            await drafts.forget(connection, guild, slug, by.author, body=text.body)
        return new

    async def disable(self, guild: str, slug: str, *, base: int, by: Signed) -> Version:
        """Stop showing an answer, also a shipped one, in this server; its texts are kept."""
        return await self._again(guild, base, _new(slug, base, Change.DISABLED, by))

    async def enable(self, guild: str, slug: str, *, base: int, by: Signed) -> Version:
        """Show an answer again."""
        return await self._again(guild, base, _new(slug, base, Change.ENABLED, by))

    async def restore(self, guild: str, slug: str, n: int, *, base: int, by: Signed) -> Version:
        """Make the text of an old version live again, as a new version; `SHIPPED` is the shipped text.

        Raises:
            NotFound: the answer has no such version in this server.
            AnswerConflict: the head is another one by now.
        """
        return await self._again(guild, n, _new(slug, base, Change.RESTORED, by))

    async def _again(self, guild: str, n: int, new: Version) -> Version:
        """Append a version with the text of version `n`."""
        async with self._database.writing(guild) as connection:
            if n != SHIPPED:
                old = await first(connection, _version_of(guild, new.slug, n))
                if old is None:
                    raise await self._no_version(guild, new.slug, n)
                new = replace(new, title=_version(values(old)).title, body=_version(values(old)).body)
            await _append(connection, guild, new)
        return new

    async def _no_version(self, guild: str, slug: str, n: int) -> NotFound:
        head = await self.head(guild, slug)
        if head is None:
            return NotFound(f"This server has no versions of {slug!r}; got number {n}.")
        return NotFound(f"{slug} has the versions 1 to {head.n} in this server; got {n}; choose one of them.")


def _new(slug: str, base: int, change: Change, by: Signed, text: Text | None = None) -> Version:
    return Version(
        slug=storable(slug, "The id of an answer", MAX_SLUG),
        n=base + 1,
        change=change,
        live=change is not Change.DISABLED,
        title=text and text.title,
        author=by.author,
        note=by.note,
        at=by.at,
        body=text and text.body,
    )


async def _append(connection: AsyncConnection, guild: str, new: Version) -> None:
    """Add a version on top of the one that its author saw; if that is not the head, somebody else won."""
    base = new.n - 1
    search = "\n".join(folded(part) for part in (new.slug, new.title or "", new.body or ""))
    head = await first(connection, _head_of(guild, new.slug))
    if head is None and base != SHIPPED:
        raise NotFound(f"This server has no versions of {new.slug!r}; got one on top of version {base}.")
    if head is None:
        row = {"guild": guild, "slug": new.slug, "head": new.n, "search": search}
        await connection.execute(insert(AnswerRow).values(row))
    else:
        moved = await connection.execute(
            update(AnswerRow)
            .where(AnswerRow.guild == guild, AnswerRow.slug == new.slug, AnswerRow.head == base)
            .values(head=new.n, search=search)
        )
        if not moved.rowcount:
            raise AnswerConflict(_version(values(head)))
    await changes.mark(connection, guild)
    await connection.execute(
        insert(VersionRow).values(
            guild=guild,
            slug=new.slug,
            n=new.n,
            change=new.change.value,
            live=new.live,
            title=new.title,
            author_id=new.author.id,
            author_name=new.author.name,
            note=new.note,
            at=new.at,
            body=new.body,
        )
    )


def _head_of(guild: str, slug: str) -> Select[*tuple[Any, ...]]:
    return (
        select(*_LISTED, VersionRow.body)
        .join(AnswerRow, _HEAD)
        .where(AnswerRow.guild == guild, AnswerRow.slug == slug)
    )


def _version_of(guild: str, slug: str, n: int) -> Select[*tuple[Any, ...]]:
    return select(*_LISTED, VersionRow.body).where(
        VersionRow.guild == guild, VersionRow.slug == slug, VersionRow.n == n
    )


def _listed(found: dict[str, Any]) -> Listed:
    return Listed(**_common(found))


def _version(found: dict[str, Any]) -> Version:
    return Version(**_common(found), body=found["body"])


def _common(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": found["slug"],
        "n": found["n"],
        "change": Change(found["change"]),
        "live": found["live"],
        "title": found["title"],
        "author": Author(id=found["author_id"], name=found["author_name"]),
        "note": found["note"],
        "at": found["at"],
    }
