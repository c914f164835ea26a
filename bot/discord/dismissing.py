"""The button with which an answer that nobody asked for is removed."""

import re
from typing import Self

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.here import here
from bot.discord.places import in_charge
from bot.discord.telling import tell
from bot.discord.translating import say
from bot.teaching.roles import Role

PREFIX = "backchat:1:dismiss:"


class DismissButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{PREFIX}(?P<asker>\d{{1,20}})"):
    """Removes the message that it is on, for who is answered in it and for those who help."""

    def __init__(self, asker: int) -> None:
        super().__init__(ui.Button(label=say("Dismiss"), custom_id=f"{PREFIX}{asker}"))
        self.asker = asker

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(int(match["asker"]))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete the message without a word, or say who may."""
        where = await here(interaction)
        member = interaction.user
        roles = {str(role.id) for role in member.roles} if isinstance(member, discord.Member) else set[str]()
        helps = where.person.role > Role.STUDENT or bool(roles & set(where.settings.helpers))
        if member.id != self.asker and not helps:
            await tell(
                interaction,
                "Only the person who is answered here, helpers and instructors can dismiss this. "
                f"{in_charge(where.settings)} can switch such answers off with `/settings`.",
            )
            return
        await interaction.response.defer()
        await interaction.delete_original_response()
