"""The connection to Discord: which events become requests, and of whom."""

import asyncio
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord

from answers.followups import Turn
from answers.problem import Problem
from bot.discord.audit import note_problems
from bot.discord.cards import text_card
from bot.discord.channels import Unasked
from bot.discord.choices import AnswerButton
from bot.discord.commands import add_commands
from bot.discord.conversations import Conversations
from bot.discord.courier import Courier
from bot.discord.delivery import delivery_of
from bot.discord.diagnose.command import add_diagnose
from bot.discord.dismissing import DismissButton
from bot.discord.failures import is_gone
from bot.discord.forms import Forms
from bot.discord.guard import guard
from bot.discord.help.front import add_help
from bot.discord.here import guild_of, is_abroad
from bot.discord.inbox.front import InboxFront
from bot.discord.login import spare
from bot.discord.places import mode_in, switched_off
from bot.discord.playing.front import add_playing
from bot.discord.playing.recalling import recall
from bot.discord.privacy.command import add_privacy
from bot.discord.recent import Recent
from bot.discord.recovery import recover
from bot.discord.requests import RESTARTING, Requests
from bot.discord.settings.command import add_settings
from bot.discord.simulating.front import add_simulating
from bot.discord.stats.command import add_stats
from bot.discord.surviving import stop_waiting_for_servers, survive_odd_events
from bot.discord.sync import sync_if_changed
from bot.discord.teaching.front import AnswerFront
from bot.discord.telling import tell
from bot.discord.translating import language_of_server, read_by, write_in
from bot.discord.translating.commands import CommandTranslator
from bot.discord.tree import Tree
from bot.discord.votes import add_votes, chosen_from
from bot.discord.waiting import CancelButton
from bot.hub import Hub
from bot.pending import (
    InteractionAddress,
    MessageAddress,
    Pending,
    PendingFolder,
    Question,
    Wanted,
)
from bot.rates import RateLimits, Rates
from bot.storage.guild_settings import Mode, Visibility
from bot.thinking import think

_log = logging.getLogger(__name__)

_HELLO = (
    "Ask me a question about training deep networks, for example: "
    "*How do CNNs avoid the vanishing gradient problem?*"
)


def intents(*, reading: bool) -> discord.Intents:
    """Ask for what mentions and commands need; reading other messages takes a privileged intent."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = reading
    return wanted


class BackchatClient(discord.Client):
    """The bot on Discord.

    Args:
        hub: what serves everybody.
        data: the folder for what is under way.
        rates: how often people may ask.
        reading: whether it asks for the words of messages that nobody addressed to it.
        refused: whether Discord has refused them.
    """

    def __init__(
        self,
        hub: Hub,
        data: Path,
        *,
        rates: Rates | None = None,
        reading: bool = False,
        refused: bool = False,
    ) -> None:
        super().__init__(intents=intents(reading=reading), allowed_mentions=discord.AllowedMentions.none())
        self.reading_refused = refused
        self.tree = Tree(self)
        self.forms = Forms()
        self.hub = hub
        survive_odd_events(self)
        self.rates = RateLimits(rates or Rates())
        self._data = data
        self._recent = Recent()
        self._conversations = Conversations()
        self._courier = Courier(self)
        self._folder = PendingFolder(data / "pending")
        self.requests = Requests(hub, self._folder, self._conversations, self._courier)
        self._unasked = Unasked(self, self._conversations)
        self._telling: set[asyncio.Task[None]] = set()
        self._unsubscribe = hub.reports.listen(self._report)
        self._leftovers: list[Pending] = []
        self._recovering: asyncio.Task[None] | None = None
        add_commands(self.tree, self.take)
        add_simulating(self)
        add_playing(self)
        add_settings(self)
        add_votes(self)
        self.inbox = InboxFront(self)
        add_stats(self)
        add_privacy(self)
        add_help(self, data)
        add_diagnose(self)
        self.answers = AnswerFront(self)
        self.add_dynamic_items(AnswerButton, CancelButton, DismissButton)

    async def setup_hook(self) -> None:
        """Register the commands once the application is known, and see what was under way at the last end."""
        guard(self)
        self._leftovers = await asyncio.to_thread(self._folder.leftovers)
        await self.tree.set_translator(CommandTranslator())
        await sync_if_changed(self.tree, self._data)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Log in again only as often as Discord allows."""
        del shard_id
        await spare(self.http.token or "", initial=initial)

    async def close(self) -> None:
        """Leave what is under way to the next start, and close everything."""
        self.requests.closing = True
        stop_waiting_for_servers(self)
        self._unsubscribe()
        await self._unasked.aclose()
        if self._recovering is not None:
            self._recovering.cancel()
            await asyncio.wait([self._recovering])
        await self.answers.aclose()
        await self.requests.abandon()
        await self._courier.aclose()
        await super().close()
        await asyncio.to_thread(self._folder.close)

    async def on_ready(self) -> None:
        """Say in the log that the bot is there; Discord may call this more than once."""
        _log.info("connected as %s to %d servers", self.user, len(self.guilds))
        leftovers, self._leftovers = self._leftovers, []
        if leftovers:
            self._recovering = asyncio.create_task(recover(leftovers, self.requests, self._courier))

    async def on_message(self, message: discord.Message) -> None:
        """Answer mentions, direct messages, what is asked below an answer, and what else a server wants."""
        if message.author.bot or message.webhook_id:
            return
        channel: object = None
        settings = await self.hub.settings_at(guild_of(message))
        write_in(language_of_server(message.guild, settings))
        if message.guild is not None:
            self._unasked.hear(message)
            channel = await self._place(message)
            if mode_in(settings, channel) is Mode.OFF:
                return
        previous = self._conversations.before(message, self.user)
        if previous is None:
            catalog = self.hub.service_of(guild_of(message)).catalog
            previous = recall(message, self.user, catalog)
        question = self._without_mention(message.content)
        if not (self._is_addressed(message) or await self._is_below(message, question, previous)):
            if message.guild is not None:
                await self._unasked.take(message, channel, settings)
            return
        if self._recent.first_time(message.id):
            await self._reply(message, question, previous)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take the forms that were sent in; commands and buttons find their way by themselves."""
        await self.forms.take(interaction)

    def first_time(self, event: discord.Interaction | discord.Message) -> bool:
        """Note an event and tell whether it is new: Discord delivers some twice."""
        return self._recent.first_time(event.id)

    async def take(self, interaction: discord.Interaction, wanted: Wanted, *, private: bool | None) -> None:
        """Acknowledge an interaction and answer it; while the bot stops, or is switched off there, say so."""
        read_by(interaction)
        if self.requests.closing:
            await tell(interaction, RESTARTING)
            return
        guild = guild_of(interaction)
        settings = await self.hub.settings_at(guild)
        if guild is not None and mode_in(settings, interaction.channel) is Mode.OFF:
            await tell(interaction, switched_off(settings))
            return
        if (refusal := self.rates.refusal(interaction.user.id, interaction.channel_id)) is not None:
            await tell(interaction, refusal.text)
            return
        if private is None:
            private = guild is not None and settings.visibility is Visibility.PRIVATE
            private = private or is_abroad(interaction)
        address = InteractionAddress(
            application=interaction.application_id,
            token=interaction.token,
            channel=interaction.channel_id,
            private=private,
        )
        pending = Pending(
            id=interaction.id,
            user=interaction.user.id,
            guild=int(guild) if guild else None,
            address=address,
            wanted=wanted,
        )
        self.requests.accept(pending)
        try:
            acknowledged = await interaction.response.defer(ephemeral=private, thinking=True)
        except Exception:
            # If the bot ends meanwhile, it may have been acknowledged, and the next start sees to it.
            self.requests.drop(pending)
            raise
        await self.requests.serve(pending, message=acknowledged.message_id if acknowledged else None)

    async def show_answer(self, interaction: discord.Interaction, id_: str, knobs: str) -> None:
        """Reply to a pressed button with the answer of this id, on the network that the question set."""
        if not self._recent.first_time(interaction.id):
            return
        # An offer that only its asker sees is answered for its asker only.
        private = interaction.message is not None and interaction.message.flags.ephemeral
        try:
            await self.take(interaction, chosen_from(interaction, id_, knobs), private=private)
        except discord.HTTPException as error:
            _log.warning("a pressed button could not be acknowledged: %s", error.text)

    async def cancel_request(self, interaction: discord.Interaction, id_: int) -> None:
        """End a request whose button was pressed, if it is the presser's, or say why not."""
        if not self._recent.first_time(interaction.id):
            return
        read_by(interaction)
        try:
            if (refusal := self.requests.cancel(id_, interaction.user.id)) is None:
                await interaction.response.defer()  # what it was is said in the message itself
            else:
                await tell(interaction, refusal)
        except discord.HTTPException as error:
            if not is_gone(error):
                _log.warning("a pressed button could not be acknowledged: %s", error.text)

    def _report(self, guild: str | None, problems: Sequence[Problem]) -> None:
        """Have instructors told of answers that cannot be read."""
        task = asyncio.get_running_loop().create_task(note_problems(self, guild, problems))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what an event handler let through; there is nobody to tell."""
        _log.exception("the handler of %s failed", event_method)

    async def _place(self, message: discord.Message) -> object:
        """Return the channel of a message, which may come before the thread that it is the first of."""
        if not isinstance(message.channel, discord.PartialMessageable):
            return message.channel
        try:
            return await self.fetch_channel(message.channel.id)
        except discord.HTTPException as error:
            _log.info("the channel of a message is not there: %s", error.text)
            return message.channel

    def _without_mention(self, content: str) -> str:
        return re.sub(rf"<@!?{self.user.id}>", " ", content).strip() if self.user else content

    def _is_addressed(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        # A reply with the ping on mentions the bot too; only a mention that was typed asks it something.
        return self.user is not None and re.search(rf"<@!?{self.user.id}>", message.content) is not None

    async def _is_below(self, message: discord.Message, question: str, previous: Turn | None) -> bool:
        # What is said below an answer may be meant for other people, and is empty if Discord keeps it back.
        if previous is None or not question:
            return False
        service = await self.hub.service_at(guild_of(message))
        return await think(service.is_for_us, question, previous)

    async def _reply(self, message: discord.Message, question: str, previous: Turn | None) -> None:
        pending = Pending(
            id=message.id,
            user=message.author.id,
            guild=message.guild.id if message.guild else None,
            address=MessageAddress(channel=message.channel.id, question=message.id),
            wanted=Question(text=question, previous=previous),
        )
        if (refusal := self.rates.refusal(message.author.id, message.channel.id)) is not None:
            if refusal.first:
                await delivery_of(pending, self._courier).finish(text_card(refusal.text))
            return
        if not question or self.requests.closing:
            text = RESTARTING if self.requests.closing else _HELLO
            await delivery_of(pending, self._courier).finish(text_card(text))
            return
        self.requests.accept(pending)
        await self.requests.serve(pending)
