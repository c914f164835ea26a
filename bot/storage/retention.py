"""What is thrown away once it is old enough, in all servers; meant to run once a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from bot.storage.database import Database
from bot.storage.schema import DecisionRow, InboxRow, QuestionRow

INBOX_DAYS = 30
"""For the words of questions; servers are promised this when they agree to keep them."""
LOG_DAYS = 400
"""For what was asked and how often: a course can be compared with the one a year before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many rows were thrown away."""

    questions: int
    texts: int
    decisions: int


async def purge(
    database: Database, now: datetime, *, inbox_days: int = INBOX_DAYS, log_days: int = LOG_DAYS
) -> Purged:
    """Throw away what is too old: texts, decisions about them, and logged questions with their votes."""
    kept = now - timedelta(days=inbox_days)
    async with database.writing() as connection:
        texts = await connection.execute(delete(InboxRow).where(InboxRow.asked_at < kept))
        # The wordings that they added stay.
        decisions = await connection.execute(
            delete(DecisionRow).where(
                DecisionRow.at < kept, ~exists().where(InboxRow.decision_id == DecisionRow.id)
            )
        )
        logged = now - timedelta(days=log_days)
        questions = await connection.execute(delete(QuestionRow).where(QuestionRow.asked_at < logged))
    return Purged(questions=questions.rowcount, texts=texts.rowcount, decisions=decisions.rowcount)
