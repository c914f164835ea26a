"""How many questions were asked, and what became of them: sums over weeks and answers, nobody in them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.feedback import Verdict
from bot.storage.questions import Outcome
from bot.storage.schema import FeedbackRow, QuestionRow

_TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted of some questions."""

    answered: int = 0
    offered: int = 0
    silent: int = 0
    helpful: int = 0
    unhelpful: int = 0
    mismatch: int = 0

    @property
    def asked(self) -> int:
        """All questions."""
        return self.answered + self.offered + self.silent


class Stats:
    """The sums of every server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def weeks(self, guild: str, *, since: date) -> dict[date, Tally]:
        """Return the sums of every week in which something was asked, by its Monday, the first week first."""
        asked = await self._database.rows(
            select(QuestionRow.week, QuestionRow.outcome, func.count())
            .where(QuestionRow.guild == guild, QuestionRow.week >= since)
            .group_by(QuestionRow.week, QuestionRow.outcome)
        )
        voted = await self._database.rows(
            select(FeedbackRow.week, FeedbackRow.verdict, func.count())
            .where(FeedbackRow.guild == guild, FeedbackRow.week >= since)
            .group_by(FeedbackRow.week, FeedbackRow.verdict)
        )
        found: defaultdict[date, dict[str, int]] = defaultdict(dict)
        for monday, word, count in (*asked, *voted):
            found[monday][word] = count
        return {monday: _tally(found[monday]) for monday in sorted(found)}

    async def answers(self, guild: str, *, since: date, limit: int = _TOP) -> dict[str, Tally]:
        """Return the sums of the answers that were given or offered most, those first."""
        asked = await self._database.rows(
            select(QuestionRow.slug, QuestionRow.outcome, func.count())
            .where(
                QuestionRow.guild == guild,
                QuestionRow.week >= since,
                QuestionRow.slug.is_not(None),
                QuestionRow.outcome != Outcome.SILENT.value,
            )
            .group_by(QuestionRow.slug, QuestionRow.outcome)
        )
        voted = await self._database.rows(
            select(FeedbackRow.slug, FeedbackRow.verdict, func.count())
            .where(FeedbackRow.guild == guild, FeedbackRow.week >= since, FeedbackRow.slug.is_not(None))
            .group_by(FeedbackRow.slug, FeedbackRow.verdict)
        )
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for slug, word, count in (*asked, *voted):
            found[slug or ""][word] = count
        tallies = {slug: _tally(counts) for slug, counts in found.items()}
        most = sorted(tallies, key=lambda slug: (-tallies[slug].asked, slug))[:limit]
        return {slug: tallies[slug] for slug in most}


def _tally(counts: dict[str, int]) -> Tally:
    return Tally(
        answered=counts.get(Outcome.ANSWERED, 0),
        offered=counts.get(Outcome.OFFERED, 0),
        silent=counts.get(Outcome.SILENT, 0),
        helpful=counts.get(Verdict.HELPFUL, 0),
        unhelpful=counts.get(Verdict.UNHELPFUL, 0),
        mismatch=counts.get(Verdict.MISMATCH, 0),
    )
