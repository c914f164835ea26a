"""Everything around `/inbox`: registered with the client, and handed to whom it is for."""

import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.cards import NOBODY
from bot.discord.forms import Fields
from bot.discord.here import Here, here
from bot.discord.inbox import deciding, writing
from bot.discord.inbox.buttons import AnswerMenu, InboxButton
from bot.discord.inbox.choosing import FIELD, FORM, NO_ANSWER, OTHER, choose_card, name_form, named
from bot.discord.inbox.showing import page_of
from bot.discord.inbox.targets import Act, Target
from bot.discord.places import in_charge
from bot.inbox.group import GroupId
from bot.teaching.roles import Refused, require_assistant

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient


class InboxFront:
    """The command, buttons, menu and form of those who look after what got no good answer."""

    def __init__(self, client: "BackchatClient") -> None:
        """Register all of it."""
        client.add_dynamic_items(InboxButton, AnswerMenu)
        client.forms.add(FORM, self.send_in)
        client.tree.add_command(
            app_commands.Command(
                name="inbox",
                description="Questions without a good answer; for instructors and assistants",
                callback=_inbox,
            )
        )

    async def press(self, interaction: discord.Interaction, target: Target) -> None:
        """Do what a button is for."""
        at = await enter(interaction)
        if target.act is Act.PAGE:
            await interaction.response.defer()
            await _show(interaction, at, target.page)
        elif target.act is Act.WRITE:
            await writing.write(interaction, at, target)
        elif target.act in {Act.ACCEPT, Act.DENY} and target.slug is None:
            await interaction.response.defer()
            shown = await at.hub.post.looking.show(at.guild, GroupId.read(target.about))
            view = choose_card(shown, target)
            await interaction.edit_original_response(view=view, allowed_mentions=NOBODY)
        else:
            await deciding.decide(interaction, at, target)

    async def choose(self, interaction: discord.Interaction, target: Target, value: str) -> None:
        """Take what was chosen from the menu."""
        at = await enter(interaction)
        if value == OTHER:
            await interaction.response.send_modal(name_form(target))
        else:
            await deciding.decide(interaction, at, _about(target, value))

    async def send_in(self, interaction: discord.Interaction, match: re.Match[str], values: Fields) -> None:
        """Take the answer that somebody named."""
        at = await enter(interaction)
        library = await at.hub.libraries.at(at.guild)
        slug = named(str(values.get(FIELD) or ""), library)
        await deciding.decide(interaction, at, _about(Target.of(match), slug))


@app_commands.guild_only()
async def _inbox(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _show(interaction, await enter(interaction), 1)


async def enter(interaction: discord.Interaction) -> Here:
    """Find out who works where.

    Raises:
        BadRequest: this is no server.
        Refused: with the roles that may.
    """
    at = await here(interaction)
    try:
        require_assistant(at.person, "The inbox")
    except Refused as error:
        raise Refused(f"{error} {in_charge(at.settings)} can change that with `/settings`.") from None
    return at


async def _show(interaction: discord.Interaction, at: Here, page: int) -> None:
    await interaction.edit_original_response(view=await page_of(at, page), allowed_mentions=NOBODY)


def _about(target: Target, chosen: str) -> Target:
    """Return what is done with the answer that was chosen."""
    if chosen == NO_ANSWER:
        return Target(act=Act.NONE, page=target.page, about=target.about)
    return Target(act=target.act, page=target.page, about=target.about, slug=chosen)
