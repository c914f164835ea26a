"""The buttons of the first steps; everybody sees them, and who may not is told who may."""

import contextlib
import re
from typing import Self

import discord
from discord import ui

from bot.discord.cards import NOBODY
from bot.discord.explained import explained
from bot.discord.here import Here, client_of, here
from bot.discord.places import in_charge
from bot.discord.settings.card import Section, Sight, settings_card
from bot.discord.telling import tell
from bot.discord.translating import marked, read_by, say
from bot.teaching.roles import Refused, Role

_SET_UP, _SKIP = "backchat:1:first:setup", "backchat:1:first:skip"
_BEGIN = marked("Begin here: who are the instructors? Then choose **Channels and forums** below.")
_SKIPPED = marked("Put away, and nothing was decided. `/settings` shows the same at any time.")
_REFUSED = marked("Setting me up is not for everybody. {who} may, here or with `/settings`.")


class SetUpButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_SET_UP):
    """Opens the settings for who may change them, and takes the post away."""

    def __init__(self) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=say("Set up"), style=style, custom_id=_SET_UP))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button."""
        del interaction, item, match
        return cls()

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the settings, to this person alone."""
        read_by(interaction)
        where = await _allowed(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        sight = Sight(
            client=client_of(interaction),
            guild=interaction.guild,
            settings=await where.hub.storage.settings.get(where.guild),
            section=Section.ROLES,
            notice=say(_BEGIN),
        )
        await interaction.edit_original_response(view=settings_card(sight), allowed_mentions=NOBODY)
        if interaction.message is not None:
            with contextlib.suppress(discord.HTTPException):  # somebody else was first
                await interaction.message.delete()


class SkipButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_SKIP):
    """Takes the post away."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=say("Skip"), custom_id=_SKIP))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button."""
        del interaction, item, match
        return cls()

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete the post, and say where its card is from now on."""
        read_by(interaction)
        await _allowed(interaction)
        await interaction.response.defer()
        await interaction.delete_original_response()
        await tell(interaction, say(_SKIPPED))


async def _allowed(interaction: discord.Interaction) -> Here:
    """Find out who presses.

    Raises:
        Refused: somebody who may not decide anything here.
    """
    where = await here(interaction)
    if where.person.role < Role.INSTRUCTOR:
        raise Refused(say(_REFUSED, who=in_charge(where.settings)))
    return where
