"""The card of the statistics."""

import discord
from discord import ui

from bot.discord.cards import Card, boxed
from bot.discord.limits import ALT_TEXT, CARD_TEXT, cut
from bot.discord.stats.asked import Asked
from bot.reply import Image
from bot.statistics.card import to_text
from bot.statistics.privacy import FEW
from bot.statistics.report import Report

_NOBODY = (
    "-# Questions are counted, never people. Votes stand as too few below "
    f"{FEW}, so that nobody's can be told. Direct messages are not counted."
)
_EMPTY = (
    "Students ask with `/ask` or by mentioning me in a channel; from then on the numbers are here. In which "
    "channels I answer stands in `/settings`."
)
_UNDRAWN = "-# The plot could not be drawn: {}"
_ROOM = 300
"""Characters for what stands below the numbers."""


def to_card(report: Report, image: Image | str | None, *controls: ui.Item[ui.LayoutView]) -> Card:
    """Show a report.

    Args:
        report: the numbers.
        image: the plot, or why there is none; None where there is nothing to draw.
        controls: what stands below the box.
    """
    items: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay("## What students asked")]
    images = (image,) if isinstance(image, Image) else ()
    for one in images:
        item = discord.MediaGalleryItem(f"attachment://{one.name}", description=cut(one.alt, ALT_TEXT))
        items.append(ui.MediaGallery(item))
    below = _NOBODY if report.total.asked else _EMPTY
    if isinstance(image, str):
        below = f"{cut(_UNDRAWN.format(image), _ROOM)}\n{below}"
    items.append(ui.TextDisplay(to_text(report, CARD_TEXT - len(below) - _ROOM)))
    items.append(ui.TextDisplay(below))
    return Card(view=boxed(items, *controls), images=images)


def weeks_named(weeks: int) -> str:
    """Name a span."""
    return "This week" if weeks == 1 else f"The last {weeks} weeks"


def file_name(report: Report, asked: Asked) -> str:
    """Name the file of the numbers."""
    return f"questions-{report.today.isoformat()}-{asked.weeks}-weeks.csv"
