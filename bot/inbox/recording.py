"""Counting questions once they were replied to; the words of some are kept where the server agreed to it."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.inbox.background import Background
from bot.inbox.keeping import Keeper
from bot.reply import AnswerReply, AskReply, OfferReply, SilentReply
from bot.storage.inbox import Missed, Reason
from bot.storage.questions import Outcome

PATIENCE = 0.2
"""Seconds that an answer waits for the number of its question; without it nobody can vote on it.

A row takes a few milliseconds.  Nobody waits longer for an answer because the database hangs: the question
is counted when it can be.
"""


def _now() -> datetime:
    return datetime.now(UTC)


class Recorder:
    """Called by a front after every reply; it returns soon, and never raises anything of its own.

    `user_id` is hashed with the server's key before it is stored, and only beside kept words; what is
    counted has neither person nor words.
    """

    def __init__(
        self,
        keeper: Keeper,
        background: Background,
        *,
        clock: Callable[[], datetime] = _now,
        patience: float = PATIENCE,
    ) -> None:
        self._keeper = keeper
        self._background = background
        self._clock = clock
        self._patience = patience

    async def record(self, guild: str | None, reply: AskReply, question: str, *, user_id: str) -> int | None:
        """Count a question, and keep its words if it got no answer and the server keeps such words.

        A part of an answer, such as its sources, and a remark are no questions of their own; direct messages
        are nobody's to count.  Use `choose` for an answer that was chosen from an offer.

        Args:
            guild: the server; None is a direct message.
            reply: what was sent.
            question: as it was asked.
            user_id: who asked, on the platform.

        Returns:
            The number that the buttons of the reply carry; None if there is none, or not yet.
        """
        counted = _counted(reply)
        if guild is None or counted is None:
            return None
        write = self._record(guild, *counted, question, user_id, self._clock())
        return await self._background.run(write, patience=self._patience)

    async def choose(
        self, guild: str | None, offered: int | None, slug: str, question: str, *, user_id: str
    ) -> int | None:
        """Note which of several offered answers somebody chose; that is no second question.

        Args:
            guild: the server; None is a direct message.
            offered: the number of the offer, if it has one.
            slug: the answer that was chosen.
            question: as it was asked.
            user_id: who chose.

        Returns:
            The number for the buttons of the answer: that of the offer.
        """
        if guild is None:
            return None
        write = self._choose(guild, offered, slug, question, user_id, self._clock())
        return await self._background.run(write, patience=self._patience)

    async def _record(  # noqa: PLR0913, PLR0917  one row
        self, guild: str, outcome: Outcome, slug: str | None, question: str, user_id: str, at: datetime
    ) -> int:
        number = await self._keeper.storage.questions.log(guild, outcome, slug, at=at)
        if outcome is not Outcome.ANSWERED:
            # The number is there already, whatever becomes of the words.
            missed = Missed(text=question, reason=Reason.UNANSWERED)
            self._background.start(self._keeper.keep(guild, missed, user_id=user_id, at=at))
        return number

    async def _choose(  # noqa: PLR0913, PLR0917  as above
        self, guild: str, offered: int | None, slug: str, question: str, user_id: str, at: datetime
    ) -> int | None:
        logged = None if offered is None else await self._keeper.storage.questions.get(guild, offered)
        missed = Missed(text=question, reason=Reason.UNANSWERED, slug=slug)
        await self._keeper.keep(guild, missed, user_id=user_id, at=at)
        # After an answer that was not what they asked, a vote on the next would take that complaint back.
        return offered if logged is not None and logged.outcome is Outcome.OFFERED else None


def _counted(reply: AskReply) -> tuple[Outcome, str | None] | None:
    """Return what is counted of a reply: what became of the question, and the answer that came first."""
    if isinstance(reply, AnswerReply):
        return Outcome.ANSWERED, reply.id
    if isinstance(reply, OfferReply):
        return Outcome.OFFERED, reply.candidates[0].id if reply.candidates else None
    if isinstance(reply, SilentReply):
        return Outcome.SILENT, None
    return None
