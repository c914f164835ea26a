"""What can be pressed on the card of the statistics; the ids say it all, so it works after a restart."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

import discord
from discord import ui

from bot.discord.cards import NOBODY, boxed
from bot.discord.explained import explained
from bot.discord.here import Here, here
from bot.discord.stats.asked import TEMPLATE, Asked
from bot.discord.stats.card import file_name, to_card, weeks_named
from bot.discord.stats.showing import show
from bot.jobs.asker import Asker
from bot.jobs.errors import JobError
from bot.reply import Image
from bot.statistics.drawing import draw
from bot.statistics.report import Report, report
from bot.statistics.table import to_csv
from bot.teaching.roles import require_assistant

_SPAN, _THEME, _FILE = "backchat:1:stats:span:", "backchat:1:stats:show:", "backchat:1:stats:csv:"
_ABOUT = (
    "**{name}** opens in every spreadsheet: a row for all questions, one for every week and one for every "
    "answer. No question's words are in it, and nobody."
)


class SpanSelect(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"{_SPAN}{TEMPLATE}"):
    """Shows another number of weeks."""

    def __init__(self, asked: Asked) -> None:
        options = [
            discord.SelectOption(label=weeks_named(n), value=str(n), default=n == asked.weeks)
            for n in asked.choices
        ]
        super().__init__(ui.Select(custom_id=f"{_SPAN}{asked}", options=options))
        self.asked = asked

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from the id that Discord sends when something is chosen."""
        del interaction, item
        return cls(Asked.of(match))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Change the card."""
        await interaction.response.defer()
        chosen = str((interaction.data or {}).get("values", [""])[0])
        weeks = int(chosen) if chosen.isdecimal() else self.asked.weeks
        await show_numbers(interaction, Asked(weeks=weeks, theme=self.asked.theme))


class ThemeButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_THEME}{TEMPLATE}"):
    """Shows the same in the theme that it names."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(ui.Button(label=f"In {asked.theme}", custom_id=f"{_THEME}{asked}"))
        self.asked = asked

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(Asked.of(match))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Change the card."""
        await interaction.response.defer()
        await show_numbers(interaction, self.asked)


class FileButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_FILE}{TEMPLATE}"):
    """Hands the numbers over as a file."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(ui.Button(label="As a CSV file", custom_id=f"{_FILE}{asked}"))
        self.asked = asked

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(Asked.of(match))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Send the file below the card."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await _count(await here(interaction), self.asked)
        name = file_name(found, self.asked)
        view = boxed([ui.TextDisplay(_ABOUT.format(name=name)), ui.File(f"attachment://{name}")])
        file = discord.File(io.BytesIO(to_csv(found)), name)
        await interaction.followup.send(view=view, file=file, ephemeral=True, allowed_mentions=NOBODY)


async def show_numbers(interaction: discord.Interaction, asked: Asked, *, shared: bool = False) -> None:
    """Fill the acknowledged message with the numbers.

    Raises:
        Refused: students do not see them.
        StorageError: the storage did not answer.
    """
    place = await here(interaction)
    found = await _count(place, asked)
    if shared:
        found = replace(found, unanswered=())  # words are not everybody's to read, whoever wrote them
    image = await _drawn(interaction, place, found, asked) if found.total.asked else None
    card = to_card(found, image, *(() if shared else _controls(asked)))
    await show(interaction, card, private=not shared)


def _controls(asked: Asked) -> tuple[ui.ActionRow[ui.LayoutView], ui.ActionRow[ui.LayoutView]]:
    span: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    span.add_item(SpanSelect(asked))
    buttons: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    buttons.add_item(FileButton(asked)).add_item(ThemeButton(asked.turned))
    return span, buttons


async def _count(place: Here, asked: Asked) -> Report:
    """Put the numbers together; who asks is looked at every time, an old card gives nobody a right."""
    require_assistant(place.person, "What students asked")
    hub = place.hub
    catalog = (await hub.service_at(place.guild)).catalog
    groups = await hub.post.looking.groups(place.guild) if place.settings.keep_questions else ()
    now = datetime.now(UTC)
    return await report(hub.storage, place.guild, catalog, groups, now=now, weeks=asked.weeks)


async def _drawn(interaction: discord.Interaction, place: Here, found: Report, asked: Asked) -> Image | str:
    """Draw the plot, or say why it cannot be drawn: the numbers are worth showing without it."""
    asker = Asker(person=interaction.user.id, place=interaction.guild_id)
    try:
        return await draw(place.hub.service.laboratory, found, asked.theme, asker=asker)
    except JobError as error:
        return str(error)
