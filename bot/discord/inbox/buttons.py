"""The buttons and the menu of the inbox, which outlive a restart."""

import re
from collections.abc import Sequence
from typing import Self

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.here import client_of
from bot.discord.inbox.targets import PATTERN, Target
from bot.discord.limits import BUTTON_LABEL, cut


class InboxButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{PATTERN}"):
    """A button of the inbox."""

    def __init__(
        self,
        target: Target,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        *,
        disabled: bool = False,
    ) -> None:
        shown = cut(label or target.act, BUTTON_LABEL)
        super().__init__(ui.Button(label=shown, style=style, custom_id=str(target), disabled=disabled))
        self.target = target

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(Target.of(match))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what it is for."""
        await client_of(interaction).inbox.press(interaction, self.target)


class AnswerMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"menu:{PATTERN}"):
    """The menu of answers that a question may be about."""

    def __init__(
        self, target: Target, placeholder: str = "", options: Sequence[discord.SelectOption] = ()
    ) -> None:
        super().__init__(
            ui.Select(
                custom_id=f"menu:{target}",
                placeholder=placeholder or None,
                # One that is rebuilt has no use for its options.
                options=list(options) or [discord.SelectOption(label="?")],
            )
        )
        self.target = target

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from the id that Discord sends when something is chosen."""
        del interaction, item
        return cls(Target.of(match))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Take what was chosen."""
        await client_of(interaction).inbox.choose(interaction, self.target, self.item.values[0])
