"""The connection to Discord: which events reach the service, and how its replies get back."""

import asyncio
import contextlib
import logging
import re
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from answers.followups import Turn
from answers.parameters import reread
from bot.discord.cards import Card, text_card, to_card
from bot.discord.choices import AnswerButton
from bot.discord.commands import add_commands
from bot.discord.conversations import Conversations
from bot.discord.failures import explain, is_gone
from bot.discord.recent import Recent
from bot.discord.sending import follow_up, reply
from bot.discord.sync import sync_if_changed
from bot.service import Service

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


class _Tree(app_commands.CommandTree[discord.Client]):
    """Commands whose errors become sentences, and which run once however often Discord delivers them."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(client)
        self._recent = Recent()

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        if isinstance(self.client, BackchatClient):
            self.client.remember_task()
        return self._recent.first_time(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        original = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(original, discord.HTTPException) and is_gone(original):
            _log.info("the interaction expired before it could be acknowledged")
        elif not isinstance(error, app_commands.CheckFailure):
            await _tell(interaction, explain(error))


class BackchatClient(discord.Client):
    """The bot on Discord."""

    def __init__(self, service: Service, data: Path) -> None:
        super().__init__(intents=_intents(), allowed_mentions=discord.AllowedMentions.none())
        self.tree = _Tree(self)
        self._service = service
        self._data = data
        self._recent = Recent()
        self._busy: set[asyncio.Task[Any]] = set()
        self._conversations = Conversations()
        add_commands(self.tree, service, self._conversations.remember)
        self.add_dynamic_items(AnswerButton)

    async def setup_hook(self) -> None:
        """Register the commands once the application is known."""
        await sync_if_changed(self.tree, self._data)

    def remember_task(self) -> None:
        """Count the present task as somebody's request, until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def settle(self, seconds: float) -> None:
        """Wait until the requests under way have been answered, at most this long."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)

    async def on_ready(self) -> None:
        """Say in the log that the bot is there; Discord may call this more than once."""
        _log.info("connected as %s to %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer mentions, direct messages, and what is asked below one of the bot's answers."""
        if message.author.bot or message.webhook_id:
            return
        previous = self._conversations.before(message, self.user)
        question = self._without_mention(message.content)
        if not (self._is_addressed(message) or await self._is_below(question, previous)):
            return
        if self._recent.first_time(message.id):
            self.remember_task()
            await self._reply(message, question, previous)

    async def show_answer(self, interaction: discord.Interaction, id_: str, knobs: str) -> None:
        """Reply to a pressed button with the answer of this id, on the network that the question set."""
        if not self._recent.first_time(interaction.id):
            return
        self.remember_task()
        # An offer that only its asker sees is answered for its asker only.
        private = interaction.message is not None and interaction.message.flags.ephemeral
        await interaction.response.defer(thinking=True, ephemeral=private)
        entry = self._service.catalog.entries.get(id_)
        if entry is None:
            await _tell(interaction, "This answer is not in the library any more; ask again with `/ask`.")
            return
        try:
            answer = await self._service.answer(entry, entry.title, reread(knobs))
            sent = await follow_up(interaction, to_card(answer), private=private)
            self._conversations.remember(sent, interaction.user.id, answer.turn)
        except Exception as error:  # noqa: BLE001  a button has no other error handler
            await _tell(interaction, explain(error))

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
        return await asyncio.to_thread(self._service.is_for_us, question, previous)

    async def _reply(self, message: discord.Message, question: str, previous: Turn | None) -> None:
        if not question:
            await reply(message, text_card(_HELLO))
            return
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(message.channel.typing())
            except discord.HTTPException as error:  # a courtesy: not being allowed to is no reason to stop
                _log.info("could not show typing: %s", error.text)
            card, turn = await self._answer(question, previous)
        sent = await reply(message, card)
        self._conversations.remember(sent, message.author.id, turn)

    async def _answer(self, question: str, previous: Turn | None) -> tuple[Card, Turn | None]:
        try:
            answer = await self._service.ask(question, previous=previous)
            return to_card(answer), answer.turn
        except Exception as error:  # noqa: BLE001  whoever asked is told
            return text_card(explain(error)), previous


async def _tell(interaction: discord.Interaction, text: str) -> None:
    """Send one sentence, whether or not the interaction was acknowledged."""
    card = text_card(text)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=card.view, allowed_mentions=discord.AllowedMentions.none())
        else:
            await interaction.response.send_message(
                view=card.view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )
    except discord.HTTPException as error:
        if not is_gone(error):
            _log.warning("could not deliver an error message: %s", error.text)
