"""What is counted of a reply, before its card is made: the card carries the number of the question."""

import logging
from dataclasses import dataclass

from answers.followups import Turn
from bot.hub import Hub
from bot.pending import Choice, Pending, Question
from bot.reply import AskReply, OfferReply, SilentReply, SimulationReply
from bot.storage.feedback import Verdict

_log = logging.getLogger(__name__)

_KEPT = "The course team gets to read your question, without your name."


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a card says and carries because its question was counted."""

    number: int | None = None
    """For the buttons; None if it was not counted, or not yet."""
    note: str = ""
    """What becomes of the question, in a sentence for who asked."""


async def count(hub: Hub, pending: Pending, reply: AskReply | SimulationReply) -> Counted:
    """Count what somebody asked in a server, and what became of it; no answer is lost by a failure here."""
    if pending.guild is None or isinstance(reply, SimulationReply):
        return Counted()
    try:
        return await _count(hub, str(pending.guild), pending, reply)
    except Exception:  # noqa: BLE001  who asked gets the answer all the same
        _log.exception("a question was not counted")
        return Counted()


async def _count(hub: Hub, guild: str, pending: Pending, reply: AskReply) -> Counted:
    wanted, user_id = pending.wanted, str(pending.user)
    if isinstance(wanted, Question) and (refused := _refused(wanted, reply)) is not None:
        return await _objected(hub, guild, wanted, refused, reply, user_id)
    if isinstance(wanted, Choice) and wanted.offered:
        number = await hub.post.recorder.choose(
            guild, wanted.number, wanted.answer, wanted.question, user_id=user_id
        )
        return Counted(number=number)
    asked = wanted.text if isinstance(wanted, Question) else reply.question
    number = await hub.post.recorder.record(guild, reply, asked, user_id=user_id)
    silent = number is not None and isinstance(reply, SilentReply)
    return Counted(number=number, note=_KEPT if silent and await _keeps(hub, guild) else "")


async def _objected(  # noqa: PLR0913, PLR0917  who objects to what, and what is said to that
    hub: Hub, guild: str, wanted: Question, previous: Turn, reply: AskReply, user_id: str
) -> Counted:
    """Note that an answer was not what was asked; an offer was noted when it was made."""
    if previous.answer in previous.refused:
        nothing = isinstance(reply, SilentReply) and await _keeps(hub, guild)
        return Counted(number=wanted.number, note=_KEPT if nothing else "")
    said = await hub.post.voting.vote(
        guild,
        wanted.number,
        Verdict.MISMATCH,
        user_id=user_id,
        question=previous.question,
        slug=previous.answer,
    )
    return Counted(number=wanted.number, note=said)


def _refused(wanted: Question, reply: AskReply) -> Turn | None:
    """Return what a follow-up refuses: "not what I asked" is replied to about the question before it."""
    previous = wanted.previous
    if previous is None or not isinstance(reply, OfferReply | SilentReply) or reply.turn is None:
        return None
    same = reply.question == previous.question != wanted.text
    return previous if same and reply.turn.answer in reply.turn.refused else None


async def _keeps(hub: Hub, guild: str) -> bool:
    return (await hub.settings_at(guild)).keep_questions
