"""The words of any message as a question: what people find as "Answer this" among its apps."""

import re

import discord

from bot.discord.here import client_of, guild_of
from bot.discord.places import mode_in
from bot.discord.telling import tell
from bot.pending import MessageAddress, Pending, Question
from bot.service import MAX_QUESTION
from bot.storage.guild_settings import GuildSettings, Mode, Visibility

NAME = "Answer this"
_MENTION = re.compile(r"<@[!&]?\d+>")
_MINE = "That is what I said myself; reply to it to ask further, or ask with `/ask`."
_EMPTY = "There are no words in this message that I could answer; ask with `/ask`."
_BELOW = "I answer it below the message."


async def answer_this(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer a message: in a reply to it where everybody may read that, else to who asked for it."""
    client = client_of(interaction)
    if client.user is not None and message.author.id == client.user.id:
        await tell(interaction, _MINE)
        return
    question = " ".join(_MENTION.sub(" ", message.content).split())[:MAX_QUESTION]
    if not question:
        await tell(interaction, _EMPTY)
        return
    wanted = Question(text=question)
    settings = await client.hub.settings_at(guild_of(interaction))
    if client.requests.closing or not _may_reply(interaction, settings):
        await client.take(interaction, wanted, private=None)
        return
    if (refusal := client.rates.refusal(interaction.user.id, interaction.channel_id)) is not None:
        await tell(interaction, refusal.text)
        return
    await tell(interaction, _BELOW)
    pending = Pending(
        id=interaction.id,
        user=interaction.user.id,
        guild=interaction.guild_id,
        address=MessageAddress(channel=message.channel.id, question=message.id),
        wanted=wanted,
    )
    client.requests.accept(pending)
    await client.requests.serve(pending)


def _may_reply(interaction: discord.Interaction, settings: GuildSettings) -> bool:
    """Tell whether an answer may stand in a channel, for all to see."""
    if not interaction.is_guild_integration() or settings.visibility is Visibility.PRIVATE:
        return False
    may = interaction.app_permissions
    thread = isinstance(interaction.channel, discord.Thread)
    send = may.send_messages_in_threads if thread else may.send_messages
    on = mode_in(settings, interaction.channel) is not Mode.OFF
    return on and may.view_channel and send and may.attach_files and may.read_message_history
