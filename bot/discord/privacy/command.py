"""The commands with which everybody sees, takes along and deletes what is held about them."""

import asyncio
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import discord
from discord import app_commands, ui

from bot.discord.cards import NOBODY, Card, boxed
from bot.discord.explained import explained
from bot.discord.here import client_of, guild_of
from bot.discord.privacy.card import asking_card, done_card, nothing_card, shown_card
from bot.discord.privacy.file import to_file
from bot.discord.privacy.places import look
from bot.storage.registry import REGISTRY, Erasing
from bot.storage.terms import guilds_of_people

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_DELETE, _KEEP = "backchat:1:privacy:delete:", "backchat:1:privacy:keep"
_EVERYWHERE = "all"
_ABOUT = "**{name}** holds all that is held about you: text that any editor opens, table by table."
_DELETED = frozenset(held.name for held in REGISTRY if held.erasing is Erasing.DELETE)


class DeleteButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_DELETE}(?P<guild>\d{{1,20}}|{_EVERYWHERE})"
):
    """Deletes what the card with this button showed, of whoever presses it."""

    def __init__(self, guild: str | None) -> None:
        button: ui.Button[ui.LayoutView] = ui.Button(
            label="Delete it",
            style=discord.ButtonStyle.danger,
            custom_id=f"{_DELETE}{guild or _EVERYWHERE}",
        )
        super().__init__(button)
        self.guild = guild

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(None if match["guild"] == _EVERYWHERE else match["guild"])

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete, and say in the card's place what that was."""
        await interaction.response.defer()
        storage = client_of(interaction).hub.storage
        guilds = await guilds_of_people(storage.database) if self.guild is None else (self.guild,)
        deleted = blanked = 0
        for guild in guilds:
            for name, count in (
                await storage.privacy.forget(guild, user_id=str(interaction.user.id))
            ).items():
                deleted += count if name in _DELETED else 0
                blanked += 0 if name in _DELETED else count
        await _replace(interaction, done_card(deleted, blanked))


class KeepButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_KEEP):
    """Deletes nothing."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Keep it", custom_id=_KEEP))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button."""
        del interaction, item, match
        return cls()

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Say in the card's place that nothing happened."""
        await interaction.response.defer()
        view = boxed([ui.TextDisplay("Nothing was deleted.")])
        await _replace(interaction, Card(view=view))


def add_privacy(client: "BackchatClient") -> None:
    """Register /privacy and what is on its cards."""
    client.add_dynamic_items(DeleteButton, KeepButton)
    group = app_commands.Group(name="privacy", description="What I hold about you; only you see it")

    @group.command(name="show", description="Show what is held about you, why and for how long")
    async def show(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild = guild_of(interaction)
        await _replace(interaction, shown_card(await look(interaction), everywhere=guild is None))

    @group.command(name="export", description="Hand me all that is held about me as a file")
    async def export(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        places = await look(interaction)
        if not places:
            await _replace(interaction, nothing_card(everywhere=guild_of(interaction) is None))
            return
        # In a thread: an author of hundreds of versions gets many megabytes.
        name, data = await asyncio.to_thread(to_file, places, str(interaction.user.id), datetime.now(UTC))
        view = boxed([ui.TextDisplay(_ABOUT.format(name=name)), ui.File(f"attachment://{name}")])
        # A follow-up, since Discord has refused files in messages that exist (discord-api-docs#7529).
        file = discord.File(io.BytesIO(data), name)
        await interaction.followup.send(view=view, file=file, ephemeral=True, allowed_mentions=NOBODY)

    @group.command(name="delete", description="Delete what is held about you; you are asked once more")
    async def delete(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild = guild_of(interaction)
        places = await look(interaction)
        if not places:
            await _replace(interaction, nothing_card(everywhere=guild is None))
            return
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        row.add_item(DeleteButton(guild)).add_item(KeepButton())
        await _replace(interaction, asking_card(places, row))

    client.tree.add_command(group)
    del show, export, delete  # the group has them


async def _replace(interaction: discord.Interaction, card: Card) -> None:
    """Fill or change the message that the interaction was acknowledged with."""
    await interaction.edit_original_response(view=card.view, allowed_mentions=NOBODY)
