"""Writing an answer for a group of questions: the form opens with their words in it."""

import asyncio

import discord

from bot.discord.here import Here
from bot.discord.inbox.targets import Target
from bot.discord.teaching.form import form
from bot.discord.telling import tell
from bot.inbox.group import GroupId

_SECONDS = 1.8
"""A form has to be shown within three, and cannot be shown once we asked for more time."""
_READY = "The questions are read now: press “Write an answer” again, and the form opens at once."


async def write(interaction: discord.Interaction, at: Here, target: Target) -> None:
    """Open the form of a new answer for a group."""
    opening = asyncio.create_task(at.hub.post.writing.open(at.guild, at.person, GroupId.read(target.about)))
    await asyncio.wait([opening], timeout=_SECONDS)
    if opening.done():
        await interaction.response.send_modal(form(opening.result()))
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    await opening
    await tell(interaction, _READY)
