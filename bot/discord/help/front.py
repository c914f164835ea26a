"""`/help` and `/about`, and what is done when a server lets the bot in."""

from pathlib import Path
from typing import TYPE_CHECKING

import discord

from bot.discord.cards import NOBODY, Card
from bot.discord.help.about_card import about_card, facts
from bot.discord.help.arriving import Arriving
from bot.discord.help.buttons import HelpButton, Page
from bot.discord.help.examples import example
from bot.discord.help.first_buttons import SetUpButton, SkipButton
from bot.discord.help.help_card import Reader, help_card
from bot.discord.here import client_of, guild_of, person_of
from bot.discord.places import mode_in, switched_off
from bot.discord.privacy.card import shown_card
from bot.discord.privacy.places import look
from bot.discord.translating import read_by
from bot.storage.guild_settings import Mode

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_TIME_BITS = 22
"""Below them an interaction's id is the time."""


def add_help(client: "BackchatClient", data: Path) -> None:
    """Register /help and /about, their buttons, and the first steps in a new server.

    Args:
        client: the bot.
        data: the folder that remembers which servers were greeted.
    """
    HelpButton.show = {Page.PRIVACY: _show_privacy, Page.ABOUT: _show_about}
    client.add_dynamic_items(HelpButton, SetUpButton, SkipButton)
    arriving = Arriving(client, data)

    @client.tree.command(name="help", description="What I can do, and how to ask me; only you see it")
    async def help_(interaction: discord.Interaction) -> None:
        read_by(interaction)
        await _show_help(interaction)

    @client.tree.command(name="about", description="Which version I am, and what I am made of")
    async def about(interaction: discord.Interaction) -> None:
        read_by(interaction)
        await _show_about(interaction)

    @client.event
    async def on_guild_join(guild: discord.Guild) -> None:
        await arriving.greet(guild)

    del help_, about, on_guild_join  # the tree and the client have them


async def _show_help(interaction: discord.Interaction) -> None:
    hub, guild = client_of(interaction).hub, guild_of(interaction)
    settings = await hub.settings_at(guild)
    off = guild is not None and mode_in(settings, interaction.channel) is Mode.OFF
    reader = Reader(
        bot=f"<@{interaction.application_id}>",
        role=person_of(interaction, settings).role,
        in_server=guild is not None,
        closed=switched_off(settings) if off else "",
    )
    # From memory: who asks for help for the first time has not loaded the server's own answers yet.
    catalog = hub.service_of(guild).catalog
    await _send(interaction, help_card(reader, example(catalog, interaction.id >> _TIME_BITS)))


async def _show_about(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    card = about_card(await facts(client_of(interaction).hub, guild_of(interaction)))
    await interaction.edit_original_response(view=card.view, allowed_mentions=NOBODY)


async def _show_privacy(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    card = shown_card(await look(interaction), everywhere=guild_of(interaction) is None)
    await interaction.edit_original_response(view=card.view, allowed_mentions=NOBODY)


async def _send(interaction: discord.Interaction, card: Card) -> None:
    await interaction.response.send_message(view=card.view, ephemeral=True, allowed_mentions=NOBODY)
