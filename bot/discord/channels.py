"""Answering what nobody asked the bot: questions in channels and forums whose server wants that.

It speaks only if it is sure, once, and goes away at a press; whatever goes wrong, it says nothing.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord import ui

from answers.matching import Answer, Mode
from answers.parameters import parameters
from bot.discord.audit import note_use
from bot.discord.cards import NOBODY, Card, to_card, without_files
from bot.discord.conversations import Conversations
from bot.discord.counting import count
from bot.discord.dismissing import DismissButton
from bot.discord.failures import refuses_files
from bot.discord.listening import Listening
from bot.discord.places import mode_in
from bot.discord.playing.controls import controls_for
from bot.discord.votes import objectionable, vote_row
from bot.errors import BackchatError
from bot.jobs.asker import Asker
from bot.jobs.errors import JobError, JobFailed
from bot.pending import MessageAddress, Pending, Question
from bot.reply import AnswerReply
from bot.service import MAX_QUESTION, Service
from bot.storage.guild_settings import GuildSettings
from bot.storage.guild_settings import Mode as ChannelMode
from bot.thinking import think
from sim.errors import SimulationError

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_log = logging.getLogger(__name__)

_LATEST = 60.0
"""Seconds after which an answer that nobody waits for comes too late."""


class Unasked:
    """Answers questions that were asked to nobody, or to all."""

    def __init__(self, client: "BackchatClient", conversations: Conversations) -> None:
        self._client = client
        self._conversations = conversations
        self._listening = Listening()
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, message: discord.Message) -> None:
        """Note that somebody wrote, so that conversations are known."""
        self._listening.hear(message)

    async def take(self, message: discord.Message, channel: object, settings: GuildSettings) -> None:
        """Answer a message that is surely a question, where the server wants it; mostly do nothing."""
        if self._client.requests.closing or (task := asyncio.current_task()) is None:
            return
        self._tasks.add(task)
        try:
            async with asyncio.timeout(_LATEST):
                await self._take(message, channel, settings)
        except TimeoutError:
            _log.info("an answer that nobody waits for was not ready in time")
        finally:
            self._tasks.discard(task)

    async def aclose(self) -> None:
        """End what is under way; nobody waits for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, message: discord.Message, channel: object, settings: GuildSettings) -> None:
        if (asked := self._question(message, channel, settings)) is None:
            return
        service = await self._client.hub.service_at(str(message.guild.id) if message.guild else None)
        found = await think(surely, service, *asked)
        if found is None or not self._client.first_time(message):
            return
        if not self._client.rates.may_speak_up(message.channel.id):
            return
        question, answer = found
        try:
            reply = await self._answer(service, message, question, answer, settings)
        except (BackchatError, JobError, SimulationError) as error:
            if isinstance(error, JobFailed):
                _log.exception("an answer that nobody waits for failed")
            return
        if self._listening.has_reply(message):
            return  # somebody else was there first
        await self._send(message, question, reply)

    def _question(
        self, message: discord.Message, channel: object, settings: GuildSettings
    ) -> tuple[str, str] | None:
        """Return the title and the words of what may be a question to all."""
        if message.type is not discord.MessageType.default or message.reference is not None:
            return None
        if isinstance(channel, discord.Thread):
            return (channel.name, message.content) if is_wanted(message.id, channel, settings) else None
        if mode_in(settings, channel) is not ChannelMode.ANSWER or not message.content:
            return None
        if message.raw_mentions or message.raw_role_mentions or message.mention_everyone:
            return None  # it is for somebody
        return None if self._listening.is_among_others(message) else ("", message.content)

    async def _answer(
        self,
        service: Service,
        message: discord.Message,
        question: str,
        answer: Answer,
        settings: GuildSettings,
    ) -> AnswerReply:
        return await service.answer(
            service.catalog.entries[answer.id],
            question,
            await think(parameters, question),
            theme=settings.theme.value,
            candidates=answer.candidates,
            closer=answer.narrower.id if answer.narrower else None,
            asker=Asker(person=message.author.id, place=message.guild.id if message.guild else None),
        )

    async def _send(self, message: discord.Message, question: str, reply: AnswerReply) -> None:
        requests, asker = self._client.requests, message.author.id
        guild = message.guild.id if message.guild else None
        address = MessageAddress(channel=message.channel.id, question=message.id)
        wanted = Question(text=question)
        pending = Pending(id=message.id, user=asker, guild=guild, address=address, wanted=wanted)
        counted = await count(self._client.hub, pending, reply)
        row = vote_row(reply, counted.number) or ui.ActionRow[ui.LayoutView]()
        place = None if guild is None else str(guild)
        service, settings = (
            await self._client.hub.service_at(place),
            await self._client.hub.settings_at(place),
        )
        controls = await controls_for(service, pending, reply, settings, settings.theme.value)
        card = to_card(reply, below=row.add_item(DismissButton(asker)), controls=controls)
        try:
            sent = await _reply(message, card)
        except discord.HTTPException as error:
            _log.info("an answer that nobody waits for was not taken: %s", error.text)
            return
        self._conversations.remember(sent, asker, reply.turn)
        requests.shown.remember(sent.id, objectionable(reply))
        if reply.problems and guild is not None:
            await note_use(self._client, str(guild), reply)


def is_wanted(message: int, thread: discord.Thread, settings: GuildSettings) -> bool:
    """Tell whether a message begins a post of a forum that is answered, and has one of the tags for that."""
    if message != thread.id or str(thread.parent_id) not in settings.forums:
        return False
    if mode_in(settings, thread) is ChannelMode.OFF:
        return False
    tags = settings.forums[str(thread.parent_id)]
    return not tags or any(str(tag.id) in tags for tag in thread.applied_tags)


def surely(service: Service, title: str, words: str) -> tuple[str, Answer] | None:
    """Return a question and the answer that surely belongs to it.

    Of a post in a forum the title alone counts too, where title and words together point to the same answer:
    long stories hide short questions.
    """

    def match(text: str) -> tuple[str, Answer] | None:
        found = service.matcher.match(text[:MAX_QUESTION], mode=Mode.CHANNEL, caution=service.caution)
        return (text[:MAX_QUESTION], found) if isinstance(found, Answer) else None

    together = f"{title}\n{words}".strip()
    if (whole := match(together)) is not None or not (title and words):
        return whole
    if (alone := match(title)) is None:
        return None
    ranked = service.matcher.match(together[:MAX_QUESTION]).candidates
    return alone if ranked and ranked[0].id == alone[1].id else None


async def _reply(message: discord.Message, card: Card) -> discord.Message:
    # Discord refuses a reply to a message that is gone: who deleted a question wants no answer.
    try:
        return await message.reply(view=card.view, files=card.files(), allowed_mentions=NOBODY)
    except discord.HTTPException as error:
        if not refuses_files(error, card):
            raise
        bare = without_files(card)
        return await message.reply(view=bare.view, allowed_mentions=NOBODY)
