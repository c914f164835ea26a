"""Buttons that name an answer, and work after a restart because the id says it all."""

import re
from typing import Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.discord.limits import BUTTON_LABEL, CUSTOM_ID, cut


@runtime_checkable
class ShowsAnswers(Protocol):
    """What the button asks of the client it is pressed on."""

    async def show_answer(self, interaction: discord.Interaction, id_: str, knobs: str) -> None:
        """Reply with the answer of this id, on the network that the question set with these knobs."""
        ...


_PREFIX = "backchat:1:answer:"


class AnswerButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"{_PREFIX}(?P<id>[a-z0-9_]{{1,40}})(?::(?P<knobs>[^:]+))?",
):
    """Shows the answer with this id, on the network that the question spoke of.

    The question itself would not fit into an id of 100 characters; what it sets for its own network does.
    Of more than fits the last words are left out, and the answer says what it was run with.
    """

    def __init__(self, id_: str, title: str = "", knobs: str = "") -> None:
        own = f"{_PREFIX}{id_}"
        kept = _whole_words(knobs, CUSTOM_ID - len(own) - 1)
        custom_id = f"{own}:{kept}" if kept else own
        super().__init__(ui.Button(label=cut(title or id_, BUTTON_LABEL), custom_id=custom_id))
        self.answer_id = id_
        self.knobs = kept

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(match["id"], knobs=match["knobs"] or "")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the press to the client."""
        if isinstance(interaction.client, ShowsAnswers):
            await interaction.client.show_answer(interaction, self.answer_id, self.knobs)


def _whole_words(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit + 1].rpartition(" ")[0]
