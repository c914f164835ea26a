"""What authors are writing, kept until they publish it or throw it away."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, delete, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, first
from bot.storage.errors import Conflict
from bot.storage.people import Author
from bot.storage.schema import DraftRow
from bot.storage.text import storable

MAX_DRAFT = 60_000
"""More than an answer may have: what is too long is kept too, so that it can be shortened."""
_MAX_SLUG = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one author is writing; it need not be a valid answer."""

    slug: str
    author: Author
    base: int
    """The version that it was started from, `answers.SHIPPED` if there was none."""
    revision: int = 0
    """How often it was saved."""
    at: datetime
    body: str


class DraftConflict(Conflict):
    """The same author saved it elsewhere, as in another window."""

    def __init__(self, winner: Draft) -> None:
        super().__init__(winner)
        self.winner = winner

    def __str__(self) -> str:
        when = f"{self.winner.at:%Y-%m-%d %H:%M} UTC"
        return (
            f"You saved another draft of {self.winner.slug} at {when}; it was kept; open it and go on there."
        )


class Drafts:
    """The drafts of all authors; each sees their own, and instructors which there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, guild: str, author: Author) -> tuple[Draft, ...]:
        """Return an author's drafts in one server, the latest first."""
        rows = await self._database.rows(
            select(*_COLUMNS)
            .where(DraftRow.guild == guild, DraftRow.author_id == author.id)
            .order_by(DraftRow.at.desc(), DraftRow.slug)
        )
        return tuple(_draft(row) for row in rows)

    async def get(self, guild: str, slug: str, author: Author) -> Draft | None:
        """Return an author's draft of an answer."""
        rows = await self._database.rows(select(*_COLUMNS).where(*_is(guild, slug, author)))
        return _draft(rows[0]) if rows else None

    async def waiting(self, guild: str) -> tuple[Draft, ...]:
        """Return everybody's drafts in one server without their texts, by id, the latest first."""
        rows = await self._database.rows(
            select(*_COLUMNS[:-1], literal(""))
            .where(DraftRow.guild == guild)
            .order_by(DraftRow.slug, DraftRow.at.desc(), DraftRow.author_id)
        )
        return tuple(_draft(row) for row in rows)

    async def save(self, guild: str, draft: Draft) -> Draft:
        """Keep what an author has written so far, in the place of the revision that the draft names.

        Returns:
            The draft with its new revision.

        Raises:
            DraftConflict: the author saved another one since.
        """
        storable(draft.slug, "The id of an answer", _MAX_SLUG)
        storable(draft.body, "A draft", MAX_DRAFT)
        mine = _is(guild, draft.slug, draft.author)
        saved = replace(draft, revision=draft.revision + 1)
        row = {
            "author_name": saved.author.name,
            "base": saved.base,
            "revision": saved.revision,
            "at": saved.at,
            "body": saved.body,
        }
        async with self._database.writing(guild) as connection:
            found = await first(connection, select(*_COLUMNS).where(*mine))
            if found is None:
                # There was none, or it was published or thrown away meanwhile: this is a new one.
                key = {"guild": guild, "slug": saved.slug, "author_id": saved.author.id}
                await connection.execute(insert(DraftRow).values(key | row))
            elif (winner := _draft(found)).revision != draft.revision:
                raise DraftConflict(winner)
            else:
                await connection.execute(update(DraftRow).where(*mine).values(row))
        return saved

    async def discard(self, guild: str, slug: str, author: Author) -> Draft | None:
        """Throw a draft away; it is returned, for whoever wants it back."""
        async with self._database.writing(guild) as connection:
            found = await first(connection, select(*_COLUMNS).where(*_is(guild, slug, author)))
            await forget(connection, guild, slug, author)
        return _draft(found) if found else None


_COLUMNS = (
    DraftRow.slug,
    DraftRow.author_id,
    DraftRow.author_name,
    DraftRow.base,
    DraftRow.revision,
    DraftRow.at,
    DraftRow.body,
)


async def forget(
    connection: AsyncConnection, guild: str, slug: str, author: Author, *, body: str | None = None
) -> None:
    """Delete a draft inside a transaction, or only if it says exactly this."""
    says = () if body is None else (DraftRow.body == body,)
    await connection.execute(delete(DraftRow).where(*_is(guild, slug, author), *says))


def _is(guild: str, slug: str, author: Author) -> tuple[ColumnElement[bool], ...]:
    return (DraftRow.guild == guild, DraftRow.slug == slug, DraftRow.author_id == author.id)


def _draft(row: Row[str, str, str, int, int, datetime, str]) -> Draft:
    slug, author_id, author_name, base, revision, at, body = row
    author = Author(id=author_id, name=author_name)
    return Draft(slug=slug, author=author, base=base, revision=revision, at=at, body=body)
