"""Wordings that a server added: to an answer, shipped or its own, or to what no answer is meant by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import changes
from bot.storage.database import Database, first
from bot.storage.errors import NotFound, Taken, Unstorable
from bot.storage.people import Author, Signed
from bot.storage.schema import PhrasingRow
from bot.storage.text import digest, folded, storable

MAX_PHRASING = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text, and what it means or does not mean."""

    text: str
    slug: str | None
    """The answer that it is about; None where it is a negative of all of them."""
    negative: bool = False
    """Whether it says what is not meant."""

    def __post_init__(self) -> None:
        storable(self.text, "A phrasing", MAX_PHRASING)
        if not folded(self.text):
            raise Unstorable("A phrasing has words; got an empty text; write one.")
        if self.slug is None and not self.negative:
            msg = "a phrasing is one of an answer"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing(Wording):
    """A wording that somebody added."""

    id: int
    author: Author
    at: datetime


class Phrasings:
    """The wordings of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, guild: str) -> tuple[Phrasing, ...]:
        """Return a server's wordings in the order in which they were added."""
        rows = await self._database.rows(
            select(*COLUMNS).where(PhrasingRow.guild == guild).order_by(PhrasingRow.id)
        )
        return tuple(read(row) for row in rows)

    async def add(self, guild: str, wording: Wording, *, by: Signed) -> Phrasing:
        """Add a wording; one that is there already, but for case and blanks, is returned as it is.

        Raises:
            Taken: it is a wording of another answer, or one that is not meant.
        """
        async with self._database.writing(guild) as connection:
            return await insert_new(connection, guild, wording, by)

    async def remove(self, guild: str, id_: int) -> Phrasing:
        """Take a wording away; it is returned, for whoever wants it back.

        Raises:
            NotFound: this server has no such wording.
        """
        async with self._database.writing(guild) as connection:
            mine = (PhrasingRow.guild == guild, PhrasingRow.id == id_)
            found = await first(connection, select(*COLUMNS).where(*mine))
            if found is None:
                raise NotFound(f"This server has no wording number {id_}; look at the list for those it has.")
            await connection.execute(delete(PhrasingRow).where(*mine))
            await changes.mark(connection, guild)
        return read(found)


COLUMNS = (
    PhrasingRow.id,
    PhrasingRow.slug,
    PhrasingRow.negative,
    PhrasingRow.text,
    PhrasingRow.author_id,
    PhrasingRow.author_name,
    PhrasingRow.at,
)


async def insert_new(
    connection: AsyncConnection, guild: str, wording: Wording, by: Signed, decision_id: int | None = None
) -> Phrasing:
    """Add a wording inside a transaction, see `Phrasings.add`."""
    slug, negative, key = wording.slug, wording.negative, digest(wording.text)
    rows = await connection.execute(
        select(*COLUMNS).where(PhrasingRow.guild == guild, PhrasingRow.digest == key).order_by(PhrasingRow.id)
    )
    there = [read(row) for row in rows]
    for one in there:
        if (one.slug, one.negative) == (slug, negative):
            return one
    for one in there:
        _require_compatible(one, wording)
    row = {
        "guild": guild,
        "slug": slug,
        "negative": negative,
        "digest": key,
        "scope": slug if negative and slug else "",
        "decision_id": decision_id,
        "author_id": by.author.id,
        "author_name": by.author.name,
        "at": by.at,
        "text": wording.text,
    }
    await changes.mark(connection, guild)
    added = await connection.execute(insert(PhrasingRow).values(row).returning(PhrasingRow.id))
    return Phrasing(
        id=added.scalar_one(), slug=slug, negative=negative, text=wording.text, author=by.author, at=by.at
    )


def _require_compatible(there: Phrasing, wording: Wording) -> None:
    """Check that a text does not mean two answers, nor one that it is said not to mean."""
    if there.negative and wording.negative:
        return
    about = {there.slug, wording.slug}
    if there.negative != wording.negative and None not in about and len(about) > 1:
        return
    state = (
        f"a phrasing of {there.slug}"
        if not there.negative
        else f"no phrasing of {there.slug or 'any answer'}"
    )
    raise Taken(
        f"{there.text!r:.80} is {state} already, since {there.author.name} said so; take that away first."
    )


def of_decision(guild: str, decision_id: int) -> tuple[ColumnElement[bool], ...]:
    """Select what a decision of the inbox added."""
    return (PhrasingRow.guild == guild, PhrasingRow.decision_id == decision_id)


def read(row: Row[int, str | None, bool, str, str, str, datetime]) -> Phrasing:
    """Make a value of a row of `COLUMNS`."""
    id_, slug, negative, text, author_id, author_name, at = row
    author = Author(id=author_id, name=author_name)
    return Phrasing(id=id_, slug=slug, negative=negative, text=text, author=author, at=at)
