"""Answers that fail while students read them: they get the plain text, and the instructors are told, once."""

from collections import OrderedDict
from dataclasses import dataclass

from bot.reply import AnswerReply
from bot.teaching.office import Office, called

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInUse:
    """Something for the instructors of one server."""

    guild: str
    slug: str
    n: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        parts = " ".join(self.problems)
        return (
            f"The answer {self.slug} ({called(self.n)}) could not be told as it is written; readers got "
            f"the rest of it. {parts} Mend it, restore an older version, or disable it."
        )


class InUse:
    """Notices answers that fail, each version once as long as the program runs."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._told: OrderedDict[tuple[str, str, int], None] = OrderedDict()

    async def note(self, guild: str, reply: AnswerReply) -> FaultInUse | None:
        """Return what the instructors should be told of an answer that was given; mostly nothing."""
        if not reply.problems:
            return None
        head = await self._office.storage.answers.head(guild, reply.id)
        n = head.n if head else 0
        if (guild, reply.id, n) in self._told:
            return None
        self._told[guild, reply.id, n] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return FaultInUse(guild=guild, slug=reply.id, n=n, problems=reply.problems)
