"""The requests under way: from the asking until the answer is shown, or the reason why there is none."""

import asyncio
import logging
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import discord

from answers.followups import Turn
from bot.discord.audit import note_use
from bot.discord.cards import Card, text_card, to_card
from bot.discord.carrying import carry_out, retry_hint
from bot.discord.conversations import Conversations
from bot.discord.counting import Counted, count
from bot.discord.courier import Courier
from bot.discord.delivery import Undelivered, deliver, delivery_of
from bot.discord.dismissing import PREFIX as DISMISS
from bot.discord.dismissing import DismissButton
from bot.discord.failures import explain
from bot.discord.playing.controls import controls_for
from bot.discord.playing.in_place import in_place
from bot.discord.progress import Progress
from bot.discord.turns import Turns
from bot.discord.votes import objectionable, vote_row
from bot.hub import Hub
from bot.jobs.asker import Asker
from bot.jobs.errors import JobCancelled
from bot.jobs.status import Running, Status
from bot.pending import (
    Choice,
    Configuration,
    Extra,
    InteractionAddress,
    Pending,
    PendingFolder,
    Played,
    Question,
    Wanted,
)
from bot.reply import AnswerReply, AskReply, SimulationReply

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_log = logging.getLogger(__name__)

RESTARTING = "I am restarting; ask again in a minute."
_STOPPED = "I am restarting, so this was not run to its end; ask again in a minute"
_AGAIN = "I was restarted; your run waits for its turn again."
_NOT_YOURS = "Only the person who asked can cancel this; ask your own question with `/ask`."
_ENDED = "This is not running any more; ask again if you still want its result."
_TOO_LATE = "Too late to cancel: the result is on its way."
_TOO_LONG = (
    "This took longer than the 14 minutes I have to answer in private; ask for less, or not in private."
)
_SHOWN = 2_000
_PRIVATE_SECONDS = 14 * 60
"""A minute before Discord closes a private message to us."""


@dataclass(slots=True, eq=False)
class _UnderWay:
    """One request: the task that computes the answer, and the one around it that delivers it."""

    pending: Pending
    """As it is on disk."""
    work: asyncio.Task[Card] = field(init=False)
    cancelled: bool = False
    first: int | None = None
    """How often it had been begun before it was taken up again after a restart."""


@dataclass(slots=True)
class _Talk:
    """What a follow-up to the answer refers to; nothing is noted of what is none."""

    turn: Turn | None = None
    changed: bool = False
    question: str = ""
    """What was asked, for who asks a human."""
    objectionable: Turn | None = None
    """What "not what I asked" would be about, below the card."""
    faulty: AnswerReply | None = None
    """The answer, if something of it failed, which instructors are told."""


class Requests:
    """Answers requests, and knows which are under way."""

    def __init__(
        self, hub: Hub, folder: PendingFolder, conversations: Conversations, courier: Courier
    ) -> None:
        self.closing = False
        self.hub = hub
        self.shown: Turns[int] = Turns(_SHOWN)
        """What the latest messages answer or offer, for the buttons below them."""
        self.changing: dict[int, str] = {}
        """The cards that are being changed in their place, as they were seen."""
        self.courier = courier
        self._words: Turns[int] = Turns(_SHOWN)
        self._folder = folder
        self._conversations = conversations
        self._under_way: dict[int, _UnderWay] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Count the requests under way, those too that are being acknowledged."""
        return len(self._tasks)

    def accept(self, pending: Pending) -> None:
        """Note a request on disk, before it is acknowledged; `serve` or `drop` it next, in the same task."""
        self._register()
        self._folder.keep(pending)

    def drop(self, pending: Pending) -> None:
        """Forget a request that could not be acknowledged."""
        self._folder.forget(pending.id)

    async def serve(
        self, pending: Pending, again: asyncio.Semaphore | None = None, message: int | None = None
    ) -> None:
        """Answer a request in its place, or say there why not.

        Args:
            pending: the request, which was accepted.
            again: of those that are run again after a restart, which wait for it.
            message: the one that was deferred, where that is known.
        """
        delivery = in_place(delivery_of(pending, self.courier), pending, self.courier)
        delivery.message = delivery.message or message
        talk = _Talk()
        progress = Progress(pending.id, delivery, self.courier, lambda id_: self._shown(pending.id, id_))
        one = _UnderWay(pending)
        one.work = work = asyncio.create_task(self._work(one, again, progress, talk))
        self._under_way[pending.id] = one
        self._register()
        try:
            if again is not None:
                progress.say(_AGAIN)
            progress.begin()
            await asyncio.wait([work], timeout=_time_left(pending))
            card = await _end(work, one, pending)
            await progress.end()
            sent = await deliver(delivery, card)
            if talk.changed:
                self._conversations.remember(sent, pending.user, talk.turn)
            if sent is not None:
                self.shown.remember(sent.id, talk.objectionable)
                if talk.question:
                    self._words.remember(sent.id, Turn(answer="", question=talk.question))
            self._folder.forget(pending.id)
            await self._tell_of(talk.faulty, pending)
        except Undelivered:
            _log.error("Discord took no answer for minutes; the next start sees to it")
        finally:
            work.cancel()
            if self._under_way.get(pending.id) is one:
                del self._under_way[pending.id]
            await progress.end()

    def words_below(self, message: discord.Message | None) -> str:
        """Return the words of the question that a message replies to, while they are remembered."""
        if message is None:
            return ""
        turn = self._words.at(message.id) or self.shown.at(message.id)
        return turn.question if turn is not None else ""

    def cancel(self, id_: int, user: int) -> str | None:
        """End a request on its asker's wish; return a sentence if that is not to be."""
        one = self._under_way.get(id_)
        if one is None:
            return _ENDED
        if one.pending.user != user:
            return _NOT_YOURS
        if one.work.done():
            return _TOO_LATE
        one.cancelled = True
        one.work.cancel()
        return None

    async def settle(self, seconds: float) -> None:
        """Wait until the requests under way, those being acknowledged too, are answered; so long at most."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    async def abandon(self) -> None:
        """End what is under way without a word; its files are left for the next start."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _register(self) -> None:
        """Note the task that acknowledges and answers a request."""
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(
        self, one: _UnderWay, again: asyncio.Semaphore | None, progress: Progress, talk: _Talk
    ) -> Card:
        pending = one.pending
        asker = Asker(person=pending.user, place=pending.guild)
        try:
            async with again or nullcontext():
                if again is not None:
                    one.first = pending.attempts
                    # On disk before it begins: should it be what kills the bot, it is not begun a third time.
                    await asyncio.wrap_future(self._note(one, attempts=pending.attempts + 1))
                guild = str(pending.guild) if pending.guild else None
                service, settings = await self.hub.service_at(guild), await self.hub.settings_at(guild)
                reply = await carry_out(
                    service,
                    pending.wanted,
                    asker,
                    lambda status: self._stands(one, status, progress),
                    theme=settings.theme.value,
                )
            if not isinstance(reply, SimulationReply):
                talk.turn, talk.changed = reply.turn, not isinstance(pending.wanted, Extra)
            counted = await self._counted(pending, reply)
            talk.objectionable, talk.question = objectionable(reply), _question(pending)
            if isinstance(reply, AnswerReply) and reply.problems:
                talk.faulty = reply
            controls = await controls_for(service, pending, reply, settings, settings.theme.value)
            votes = vote_row(reply, counted.number)
            if votes is not None and _is_unasked(pending.wanted):
                votes.add_item(DismissButton(pending.user))
            return to_card(reply, note=counted.note, below=votes, controls=controls)
        except Exception as error:  # noqa: BLE001  whoever asked is told
            if isinstance(pending.wanted, Question) and pending.wanted.previous is not None:
                talk.turn, talk.changed = pending.wanted.previous, True
            if isinstance(error, JobCancelled) and self.closing:
                return text_card(f"{_STOPPED} with {retry_hint(pending.wanted)}.")
            return text_card(explain(error))

    async def _counted(self, pending: Pending, reply: AskReply | SimulationReply) -> Counted:
        """Count a question; what is changed in a card or shown beside it is none."""
        if isinstance(pending.wanted, Played):
            return Counted(number=pending.wanted.number)
        return Counted() if isinstance(pending.wanted, Extra) else await count(self.hub, pending, reply)

    async def _tell_of(self, faulty: AnswerReply | None, pending: Pending) -> None:
        """Tell instructors of an answer that failed; who asked has it by now."""
        if faulty is None or pending.guild is None:
            return
        client = cast("BackchatClient", self.courier.client)
        try:
            await note_use(client, str(pending.guild), faulty)
        except Exception:  # noqa: BLE001  who asked has the answer
            _log.exception("nobody could be told that %s failed", faulty.id)

    def _stands(self, one: _UnderWay, status: Status, progress: Progress) -> None:
        """Show where a request stands; one that waits for its turn has not been begun, and kills nobody."""
        if one.first is not None:
            attempts = one.first + isinstance(status, Running)
            if attempts != one.pending.attempts:
                self._note(one, attempts=attempts)
        progress.update(status)

    def _shown(self, id_: int, message: int) -> None:
        """Note which message is to be changed, should the bot be killed now."""
        if (one := self._under_way.get(id_)) is not None:
            self._note(one, address=one.pending.address.model_copy(update={"message": message}))

    def _note(self, one: _UnderWay, **changed: object) -> Future[None]:
        one.pending = one.pending.model_copy(update=changed)
        return self._folder.keep(one.pending)


async def _end(work: asyncio.Task[Card], one: _UnderWay, pending: Pending) -> Card:
    """Return what is shown in the end; what is not done by now is too late."""
    late = not work.done()
    if late:
        work.cancel()
        await asyncio.wait([work])
    if not work.cancelled():
        return work.result()
    if late and not one.cancelled:
        return text_card(_TOO_LONG)
    return text_card(f"Cancelled; nothing is running any more. Ask again with {retry_hint(pending.wanted)}.")


def _is_unasked(wanted: Wanted) -> bool:
    """Tell whether a card is changed that nobody had asked for; it can still be dismissed."""
    return isinstance(wanted, Played) and f'"{DISMISS}' in wanted.kept


def _question(pending: Pending) -> str:
    """Return the words that were asked, as far as they are known."""
    wanted = pending.wanted
    if isinstance(wanted, Question):
        return wanted.text
    if isinstance(wanted, Choice | Played):
        return wanted.question
    return wanted.spec if isinstance(wanted, Configuration) else ""


def _time_left(pending: Pending) -> float | None:
    """Return for how long the answer can wait; what is public can be changed at any time."""
    private = isinstance(pending.address, InteractionAddress) and pending.address.private
    return max(0.0, _PRIVATE_SECONDS - pending.age) if private else None
