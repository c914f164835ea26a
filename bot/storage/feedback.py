"""What people thought of the replies: one vote each, which they can change and take back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, first
from bot.storage.errors import NotFound
from bot.storage.guild_keys import GuildKeys
from bot.storage.schema import FeedbackRow, QuestionRow


class Verdict(StrEnum):
    """What somebody thought of a reply."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    MISMATCH = "mismatch"
    """It answers another question than was asked."""


class Feedback:
    """The votes of all servers; the id of who votes is not stored."""

    def __init__(self, database: Database, keys: GuildKeys) -> None:
        self._database = database
        self._keys = keys

    async def vote(  # noqa: PLR0913  who votes on what, how and when
        self,
        guild: str,
        question_id: int,
        verdict: Verdict,
        *,
        user_id: str,
        at: datetime,
        slug: str | None = None,
    ) -> None:
        """Count somebody's vote; it replaces the one that they gave before.

        Args:
            guild: the server.
            question_id: the question whose reply it is about.
            verdict: what they think of it.
            user_id: who, on the platform.
            at: when.
            slug: the answer, where it is not the one that was given or offered first.

        Raises:
            NotFound: the question is too old, or not of this server.
        """
        async with self._database.writing(guild) as connection:
            asked = select(QuestionRow.week, QuestionRow.slug).where(
                QuestionRow.guild == guild, QuestionRow.id == question_id
            )
            found = await first(connection, asked)
            if found is None:
                raise NotFound("That reply is too old to be voted on; ask again, and vote on the new reply.")
            week, first_slug = found
            who = await self._keys.hide(connection, guild, user_id, at)
            await _withdraw(connection, guild, question_id, who)
            row = {
                "question_id": question_id,
                "who": who,
                "guild": guild,
                "week": week,
                "slug": slug or first_slug,
                "verdict": verdict.value,
                "at": at,
            }
            await connection.execute(insert(FeedbackRow).values(row))

    async def withdraw(self, guild: str, question_id: int, *, user_id: str) -> None:
        """Take somebody's vote back, if there is one."""
        who = await self._keys.who(guild, user_id)
        if who is not None:
            async with self._database.writing(guild) as connection:
                await _withdraw(connection, guild, question_id, who)

    async def votes(self, guild: str, question_id: int) -> Mapping[Verdict, int]:
        """Count the votes on one reply."""
        rows = await self._database.rows(
            select(FeedbackRow.verdict, func.count())
            .where(FeedbackRow.guild == guild, FeedbackRow.question_id == question_id)
            .group_by(FeedbackRow.verdict)
        )
        return {Verdict(verdict): count for verdict, count in rows}


async def _withdraw(connection: AsyncConnection, guild: str, question_id: int, who: str) -> None:
    await connection.execute(
        delete(FeedbackRow).where(
            FeedbackRow.guild == guild, FeedbackRow.question_id == question_id, FeedbackRow.who == who
        )
    )
