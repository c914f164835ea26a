"""Votes on replies: thumbs, and "not what I asked", which instructors get to see with the answer given."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

from answers.matching.reading import digest
from bot.inbox.background import Background
from bot.inbox.keeping import Keeper
from bot.storage.errors import NotFound
from bot.storage.feedback import Verdict
from bot.storage.inbox import Missed, Reason

_REASONS = {Verdict.MISMATCH: Reason.MISMATCH, Verdict.UNHELPFUL: Reason.UNHELPFUL}
_COUNTED = "Thank you: your vote is counted, without your name."
_THANKS = {
    Verdict.HELPFUL: f"{_COUNTED} Press another button to change it.",
    Verdict.UNHELPFUL: (
        f"{_COUNTED} The course team sees which answers do not help. Press another button to change it."
    ),
    Verdict.MISMATCH: "Sorry! That is noted, without your name; try to ask in other words.",
}
_REMEMBERED = 10_000


def _now() -> datetime:
    return datetime.now(UTC)


class Voting:
    """Counts votes; unlike a reply, a vote that fails is told, since somebody waits to see it counted."""

    def __init__(
        self,
        keeper: Keeper,
        background: Background,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._keeper = keeper
        self._background = background
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, str, Verdict], None] = OrderedDict()

    async def vote(  # noqa: PLR0913  who votes on what, how
        self,
        guild: str | None,
        number: int | None,
        verdict: Verdict,
        *,
        user_id: str,
        question: str | None = None,
        slug: str | None = None,
    ) -> str:
        """Count a vote, and keep the words of a question that got the wrong answer or one that does not help.

        Args:
            guild: the server; None is a direct message, where nothing is counted.
            number: what `Recorder.record` returned for the reply.
            verdict: what somebody thinks of it.
            user_id: who, on the platform.
            question: its words, if the front still has them.
            slug: the answer that was given.

        Returns:
            One sentence for who voted.

        Raises:
            StorageError: the vote was not counted.
        """
        if guild is None:
            return "Votes are counted in servers; in direct messages there is nobody to read them."
        at = self._clock()
        if number is None and verdict is Verdict.HELPFUL:
            return "Thank you! This question was not counted, so a vote on its reply is not either."
        if number is not None:
            try:
                votes = self._keeper.storage.feedback
                await votes.vote(guild, number, verdict, user_id=user_id, at=at, slug=slug)
            except NotFound as error:
                return str(error)
        reason = _REASONS.get(verdict)
        if reason is not None and question and self._is_new(guild, user_id, question, verdict):
            missed = Missed(text=question, reason=reason, slug=slug)
            self._background.start(self._keeper.keep(guild, missed, user_id=user_id, at=at))
        return _THANKS[verdict]

    def _is_new(self, guild: str, user_id: str, question: str, verdict: Verdict) -> bool:
        """Tell whether somebody says this for the first time: who taps ten times has one complaint."""
        key = (guild, user_id, digest(question), verdict)
        if key in self._kept:
            return False
        self._kept[key] = None
        while len(self._kept) > _REMEMBERED:
            self._kept.popitem(last=False)
        return True
