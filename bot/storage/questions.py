"""That something was asked, and what became of it: neither by whom nor in which words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import insert, select

from bot.storage.database import Database
from bot.storage.schema import QuestionRow
from bot.storage.text import storable

_MAX_SLUG = 100


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    OFFERED = "offered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One question."""

    id: int
    outcome: Outcome
    slug: str | None
    """The answer that was given, or the first that was offered."""
    asked_at: datetime
    """To the hour: the minute would show whose it was to anybody who reads the channel."""


class Questions:
    """The questions of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def log(self, guild: str, outcome: Outcome, slug: str | None, *, at: datetime) -> int:
        """Count a question, and return the number that votes on the reply refer to."""
        if slug is not None:
            storable(slug, "The id of an answer", _MAX_SLUG)
        async with self._database.writing(guild) as connection:
            added = await connection.execute(
                insert(QuestionRow)
                .values(guild=guild, week=week(at), outcome=outcome.value, slug=slug, asked_at=_hour(at))
                .returning(QuestionRow.id)
            )
            return added.scalar_one()

    async def get(self, guild: str, id_: int) -> Logged | None:
        """Return a question; None if this server has none of that number, or not any more."""
        rows = await self._database.rows(
            select(QuestionRow.id, QuestionRow.outcome, QuestionRow.slug, QuestionRow.asked_at).where(
                QuestionRow.guild == guild, QuestionRow.id == id_
            )
        )
        for number, outcome, slug, asked_at in rows:
            return Logged(id=number, outcome=Outcome(outcome), slug=slug, asked_at=asked_at)
        return None


def week(at: datetime) -> date:
    """Return the Monday of a moment's week, in UTC."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
