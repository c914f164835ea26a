"""The connection to Discord: which events become requests, and of whom."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import discord

from answers.followups import Turn
from bot.discord.cards import text_card
from bot.discord.choices import AnswerButton
from bot.discord.commands import add_commands
from bot.discord.conversations import Conversations
from bot.discord.courier import Courier
from bot.discord.delivery import delivery_of
from bot.discord.failures import is_gone
from bot.discord.recent import Recent
from bot.discord.recovery import recover
from bot.discord.requests import RESTARTING, Requests
from bot.discord.sync import sync_if_changed
from bot.discord.telling import tell
from bot.discord.tree import Tree
from bot.discord.waiting import CancelButton
from bot.pending import (
    Choice,
    InteractionAddress,
    MessageAddress,
    Pending,
    PendingFolder,
    Question,
    Wanted,
)
from bot.service import Service
from bot.thinking import think

_log = logging.getLogger(__name__)

_HELLO = (
    "Ask me a question about training deep networks, for example: "
    "*How do CNNs avoid the vanishing gradient problem?*"
)


def _intents() -> discord.Intents:
    """Ask for what mentions and commands need; reading other messages would take a privileged intent."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    return intents


class BackchatClient(discord.Client):
    """The bot on Discord."""

    def __init__(self, service: Service, data: Path) -> None:
        super().__init__(intents=_intents(), allowed_mentions=discord.AllowedMentions.none())
        self.tree = Tree(self)
        self._service = service
        self._data = data
        self._recent = Recent()
        self._conversations = Conversations()
        self._courier = Courier(self)
        self._folder = PendingFolder(data / "pending")
        self.requests = Requests(service, self._folder, self._conversations, self._courier)
        self._leftovers: list[Pending] = []
        self._recovering: asyncio.Task[None] | None = None
        add_commands(self.tree, self.take)
        self.add_dynamic_items(AnswerButton, CancelButton)

    async def setup_hook(self) -> None:
        """Register the commands once the application is known, and see what was under way at the last end."""
        self._leftovers = await asyncio.to_thread(self._folder.leftovers)
        await sync_if_changed(self.tree, self._data)

    async def close(self) -> None:
        """Leave what is under way to the next start, and close everything."""
        self.requests.closing = True
        if self._recovering is not None:
            self._recovering.cancel()
            await asyncio.wait([self._recovering])
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
        """Answer mentions, direct messages, and what is asked below one of the bot's answers."""
        if message.author.bot or message.webhook_id:
            return
        previous = self._conversations.before(message, self.user)
        question = self._without_mention(message.content)
        if not (self._is_addressed(message) or await self._is_below(question, previous)):
            return
        if self._recent.first_time(message.id):
            await self._reply(message, question, previous)

    async def take(self, interaction: discord.Interaction, wanted: Wanted, *, private: bool) -> None:
        """Acknowledge an interaction and answer it; while the bot stops, say so."""
        if self.requests.closing:
            await tell(interaction, RESTARTING)
            return
        address = InteractionAddress(
            application=interaction.application_id,
            token=interaction.token,
            channel=interaction.channel_id,
            private=private,
        )
        pending = Pending(
            id=interaction.id,
            user=interaction.user.id,
            guild=interaction.guild_id,
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
            await self.take(interaction, Choice(answer=id_, knobs=knobs), private=private)
        except discord.HTTPException as error:
            _log.warning("a pressed button could not be acknowledged: %s", error.text)

    async def cancel_request(self, interaction: discord.Interaction, id_: int) -> None:
        """End a request whose button was pressed, if it is the presser's, or say why not."""
        if not self._recent.first_time(interaction.id):
            return
        try:
            if (refusal := self.requests.cancel(id_, interaction.user.id)) is None:
                await interaction.response.defer()  # what it was is said in the message itself
            else:
                await tell(interaction, refusal)
        except discord.HTTPException as error:
            if not is_gone(error):
                _log.warning("a pressed button could not be acknowledged: %s", error.text)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what an event handler let through; there is nobody to tell."""
        _log.exception("the handler of %s failed", event_method)

    def _without_mention(self, content: str) -> str:
        return re.sub(rf"<@!?{self.user.id}>", " ", content).strip() if self.user else content

    def _is_addressed(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        # A reply with the ping on mentions the bot too; only a mention that was typed asks it something.
        return self.user is not None and re.search(rf"<@!?{self.user.id}>", message.content) is not None

    async def _is_below(self, question: str, previous: Turn | None) -> bool:
        # What is said below an answer may be meant for other people, and is empty if Discord keeps it back.
        if previous is None or not question:
            return False
        return await think(self._service.is_for_us, question, previous)

    async def _reply(self, message: discord.Message, question: str, previous: Turn | None) -> None:
        pending = Pending(
            id=message.id,
            user=message.author.id,
            guild=message.guild.id if message.guild else None,
            address=MessageAddress(channel=message.channel.id, question=message.id),
            wanted=Question(text=question, previous=previous),
        )
        if not question or self.requests.closing:
            text = RESTARTING if self.requests.closing else _HELLO
            await delivery_of(pending, self._courier).finish(text_card(text))
            return
        self.requests.accept(pending)
        await self.requests.serve(pending)
