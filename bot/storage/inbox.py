"""The questions that instructors should see, in their words, where the server agreed to keep those.

Only texts are kept, no vectors: whoever groups them by meaning encodes each distinct text once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import changes, phrasings
from bot.storage.database import Database, first
from bot.storage.errors import Conflict, NotFound
from bot.storage.guild_keys import GuildKeys
from bot.storage.people import Author, Signed
from bot.storage.schema import DecisionRow, InboxRow, PhrasingRow
from bot.storage.settings import settings_in
from bot.storage.text import digest, stripped

MAX_TEXT = 2000
_LATEST = 25
_AT_ONCE = 10_000


class Reason(StrEnum):
    """Why a question is in the inbox."""

    UNANSWERED = "unanswered"
    MISMATCH = "mismatch"
    """The asker said that the answer is not what they asked."""
    UNHELPFUL = "unhelpful"


class How(StrEnum):
    """What an instructor did with questions."""

    PHRASING = "phrasing"
    """They are wordings of an answer that there is."""
    NEGATIVE = "negative"
    """They do not mean the answer that was given, or any."""
    ANSWER = "answer"
    """An answer was written for them."""
    IGNORE = "ignore"


_WITH_TEXT = (How.PHRASING, How.NEGATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A question that did not get its answer."""

    text: str
    reason: Reason
    slug: str | None = None
    """The answer that was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Missed):
    """A question that was asked, perhaps often; the text is as it was asked last."""

    ids: tuple[int, ...]
    """One for every time it was asked."""
    people: int
    """How many different people asked it, as far as can be told."""
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be done with questions."""

    how: How
    slug: str | None = None
    """The answer that it is about."""
    text: str | None = None
    """The wording that becomes a phrasing or a negative; with those choices alone."""

    def __post_init__(self) -> None:
        if (self.text is not None) != (self.how in _WITH_TEXT):
            msg = f"a text goes with {', '.join(_WITH_TEXT)}, and with those alone"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an instructor did with some questions."""

    id: int
    how: How
    slug: str | None
    author: Author
    at: datetime


class DecisionConflict(Conflict):
    """Somebody else decided on one of the questions first."""

    def __init__(self, winner: Decision) -> None:
        super().__init__(winner)
        self.winner = winner

    def __str__(self) -> str:
        winner = self.winner
        about = f" for {winner.slug}" if winner.slug else ""
        return (
            f"{winner.author.name} decided on one of these questions at {winner.at:%Y-%m-%d %H:%M} UTC "
            f"({winner.how.value}{about}); nothing of yours was saved; undo that, or open the inbox again."
        )


class Inbox:
    """The inboxes of all servers."""

    def __init__(self, database: Database, keys: GuildKeys) -> None:
        self._database = database
        self._keys = keys

    async def keep(self, guild: str, missed: Missed, *, user_id: str, at: datetime) -> int | None:
        """Keep a question; where the server has not agreed to that, do nothing and return None."""
        text = stripped(missed.text, MAX_TEXT)
        async with self._database.writing(guild) as connection:
            if not text or not (await settings_in(connection, guild)).keep_questions:
                return None
            who = await self._keys.hide(connection, guild, user_id, at)
            row = {
                "guild": guild,
                "digest": digest(text),
                "reason": missed.reason.value,
                "slug": missed.slug,
                "who": who,
                "asked_at": at,
                "text": text,
            }
            added = await connection.execute(insert(InboxRow).values(row).returning(InboxRow.id))
            return added.scalar_one()

    async def open(self, guild: str) -> tuple[Asked, ...]:
        """Return what nobody has decided on, every distinct text once, the most asked first."""
        rows = await self._database.rows(
            select(*_QUESTION)
            .where(InboxRow.guild == guild, InboxRow.decision_id.is_(None))
            .order_by(InboxRow.asked_at, InboxRow.id)
        )
        groups: dict[tuple[str, str, str | None], list[_Row]] = {}
        for row in rows:
            question = _Row(*row)
            groups.setdefault((question.digest, question.reason, question.slug), []).append(question)
        found = [_group(group) for group in groups.values()]
        return tuple(sorted(found, key=lambda one: (-len(one.ids), -one.people, one.last_at, one.ids)))

    async def decision_on(self, guild: str, question_id: int) -> Decision | None:
        """Return what was decided on a question; None if nothing was, or it is gone."""
        rows = await self._database.rows(
            select(*_DECISION)
            .join(InboxRow, InboxRow.decision_id == DecisionRow.id)
            .where(DecisionRow.guild == guild, InboxRow.guild == guild, InboxRow.id == question_id)
        )
        return _read(rows[0]) if rows else None

    async def people(self, guild: str, ids: Sequence[int]) -> int:
        """Count who asked some questions, as far as can be told: in a new term everybody has another code."""
        codes: set[str] = set()
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            rows = await self._database.rows(
                select(InboxRow.who).where(InboxRow.guild == guild, InboxRow.id.in_(some)).distinct()
            )
            codes.update(who for (who,) in rows)
        return len(codes)

    async def decide(self, guild: str, ids: Sequence[int], choice: Choice, *, by: Signed) -> Decision:
        """Take questions out of the list, and do with them what was chosen, together or not at all.

        Raises:
            NotFound: none of the questions is there any more.
            DecisionConflict: somebody else decided on one of them.
            Taken: the wording belongs to another answer.
        """
        async with self._database.writing(guild) as connection:
            mine = (InboxRow.guild == guild, InboxRow.id.in_(ids))
            rows = (await connection.execute(select(InboxRow.id, InboxRow.decision_id).where(*mine))).all()
            if not rows:
                raise NotFound(
                    "These questions are gone, as all are after thirty days; open the inbox again."
                )
            for _, decision_id in rows:
                if decision_id is not None:
                    raise DecisionConflict(await _decision(connection, guild, decision_id))
            row = {
                "guild": guild,
                "how": choice.how.value,
                "slug": choice.slug,
                "author_id": by.author.id,
                "author_name": by.author.name,
                "at": by.at,
            }
            added = await connection.execute(insert(DecisionRow).values(row).returning(DecisionRow.id))
            number = added.scalar_one()
            await connection.execute(update(InboxRow).where(*mine).values(decision_id=number))
            if choice.text is not None:
                negative = choice.how is How.NEGATIVE
                wording = phrasings.Wording(text=choice.text, slug=choice.slug, negative=negative)
                await phrasings.insert_new(connection, guild, wording, by, number)
        return Decision(id=number, how=choice.how, slug=choice.slug, author=by.author, at=by.at)

    async def undo(self, guild: str, decision_id: int) -> Decision:
        """Take a decision back: its questions are open again, the wording that it added is gone.

        Raises:
            NotFound: this server has no such decision, or not any more.
        """
        async with self._database.writing(guild) as connection:
            decision = await _decision(connection, guild, decision_id)
            taught = delete(PhrasingRow).where(*phrasings.of_decision(guild, decision_id))
            if (await connection.execute(taught)).rowcount:
                await changes.mark(connection, guild)
            # Its questions are open again: the reference to it is emptied with it.
            await connection.execute(
                delete(DecisionRow).where(DecisionRow.guild == guild, DecisionRow.id == decision_id)
            )
        return decision

    async def decisions(self, guild: str, *, limit: int = _LATEST) -> tuple[Decision, ...]:
        """Return the latest decisions, the newest first."""
        rows = await self._database.rows(
            select(*_DECISION)
            .where(DecisionRow.guild == guild)
            .order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
            .limit(limit)
        )
        return tuple(_read(row) for row in rows)


_QUESTION = (
    InboxRow.id,
    InboxRow.digest,
    InboxRow.reason,
    InboxRow.slug,
    InboxRow.who,
    InboxRow.asked_at,
    InboxRow.text,
)
_DECISION = (
    DecisionRow.id,
    DecisionRow.how,
    DecisionRow.slug,
    DecisionRow.author_id,
    DecisionRow.author_name,
    DecisionRow.at,
)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    digest: str
    reason: str
    slug: str | None
    who: str
    asked_at: datetime
    text: str


def _group(rows: Sequence[_Row]) -> Asked:
    last = rows[-1]
    return Asked(
        text=last.text,
        reason=Reason(last.reason),
        slug=last.slug,
        ids=tuple(row.id for row in rows),
        people=len({row.who for row in rows}),
        first_at=rows[0].asked_at,
        last_at=last.asked_at,
    )


async def _decision(connection: AsyncConnection, guild: str, decision_id: int) -> Decision:
    found = await first(
        connection,
        select(*_DECISION).where(DecisionRow.guild == guild, DecisionRow.id == decision_id),
    )
    if found is None:
        raise NotFound("That decision was undone already, or is too old to be undone; open the inbox again.")
    return _read(found)


def _read(row: Row[int, str, str | None, str, str, datetime]) -> Decision:
    id_, how, slug, author_id, author_name, at = row
    author = Author(id=author_id, name=author_name)
    return Decision(id=id_, how=How(how), slug=slug, author=author, at=at)
