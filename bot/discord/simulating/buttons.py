"""The buttons of an explanation; their ids name the word, so they work after a restart."""

import re
from typing import Self

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.here import client_of
from bot.discord.limits import BUTTON_LABEL, cut
from bot.discord.telling import tell
from bot.discord.translating import say
from bot.grammar.lexicon import explanations
from bot.pending import Configuration

_EXPLAIN, _TRY = "backchat:1:explain:", "backchat:1:try:"
_KEY = r"(?P<key>[a-z0-9_]{1,40}(=[a-z0-9_]{1,40})?)"
_GONE = "This word is not explained any more; `/explain` knows those that are."


class ExplainButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_EXPLAIN}{_KEY}"):
    """Explains another word, to who presses it alone: a channel need not read along."""

    def __init__(self, key: str, label: str = "") -> None:
        super().__init__(ui.Button(label=cut(label or key, BUTTON_LABEL), custom_id=f"{_EXPLAIN}{key}"))
        self.key = key

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(match["key"])

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the explanation."""
        from bot.discord.simulating.explain import show  # noqa: PLC0415  its card has these buttons

        if self.key in explanations():
            await show(interaction, self.key, private=True)
        else:
            await tell(interaction, _GONE)


class TryButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_TRY}{_KEY}"):
    """Runs the text that an explanation suggests."""

    def __init__(self, key: str) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=say("Run it"), style=style, custom_id=f"{_TRY}{key}"))
        self.key = key

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(match["key"])

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Run it; below a card that only its asker sees only they see the result."""
        if (one := explanations().get(self.key)) is None:
            await tell(interaction, _GONE)
            return
        unseen = interaction.message is not None and interaction.message.flags.ephemeral
        wanted = Configuration(spec=one.try_)
        await client_of(interaction).take(interaction, wanted, private=True if unseen else None)
