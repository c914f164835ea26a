"""The buttons below `/help`; they lead to what most people want to know next."""

import re
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import ClassVar, Self

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.translating import marked, read_by, say

_PREFIX = "backchat:1:help:"


class Page(StrEnum):
    """What a button shows."""

    PRIVACY = "privacy"
    ABOUT = "about"


_LABELS = {Page.PRIVACY: marked("What is stored about me"), Page.ABOUT: marked("About")}


class HelpButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_PREFIX}(?P<page>{'|'.join(Page)})"):
    """Shows a page to who presses it alone."""

    show: ClassVar[Mapping[Page, Callable[[discord.Interaction], Awaitable[None]]]]
    """What each page is, as `front` has it: cards have buttons, and these show cards."""

    def __init__(self, page: Page) -> None:
        super().__init__(ui.Button(label=say(_LABELS[page]), custom_id=f"{_PREFIX}{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(Page(match["page"]))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        read_by(interaction)
        await HelpButton.show[self.page](interaction)
