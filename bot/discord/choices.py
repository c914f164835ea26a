"""Buttons that name an answer, and work after a restart because the id says it all."""

import re
from typing import Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.discord.limits import BUTTON_LABEL, cut


@runtime_checkable
class ShowsAnswers(Protocol):
    """What the button asks of the client it is pressed on."""

    async def show_answer(self, interaction: discord.Interaction, id_: str) -> None:
        """Reply with the answer of this id."""
        ...


class AnswerButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"backchat:1:answer:(?P<id>[a-z0-9_]{1,40})"
):
    """Shows the answer with this id."""

    def __init__(self, id_: str, title: str = "") -> None:
        super().__init__(
            ui.Button(label=cut(title or id_, BUTTON_LABEL), custom_id=f"backchat:1:answer:{id_}")
        )
        self.answer_id = id_

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(match["id"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the press to the client."""
        if isinstance(interaction.client, ShowsAnswers):
            await interaction.client.show_answer(interaction, self.answer_id)
