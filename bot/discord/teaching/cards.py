"""What all cards of instructors are made of."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.discord.cards import Card, Item, boxed, text_card
from bot.discord.limits import CARD_TEXT, cut
from bot.discord.words import fenced
from bot.reply import Script
from bot.teaching.differences import Difference

__all__ = ["Blob", "BlobCard", "block", "card", "text_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file that is no text."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobCard(Card):
    """A card that hands out a file that is no text."""

    blob: Blob

    def files(self) -> list[discord.File]:
        """Open the files for one upload."""
        return [*super(BlobCard, self).files(), discord.File(io.BytesIO(self.blob.data), self.blob.name)]


def card(
    texts: Sequence[str],
    rows: Sequence[Item] = (),
    *,
    scripts: Sequence[Script] = (),
    blob: Blob | None = None,
) -> Card:
    """Make a card of texts, files and below them buttons; of texts that do not fit the last ones are cut."""
    items: list[Item] = []
    left = CARD_TEXT
    for text in texts:
        if text and left > 0:
            items.append(ui.TextDisplay(cut(text, left)))
            left -= len(text)
    names = [one.name for one in scripts] + ([blob.name] if blob else [])
    items += [ui.File(f"attachment://{name}") for name in names]
    items += rows
    made = Card(view=boxed(items), scripts=tuple(scripts))
    if blob is None:
        return made
    return BlobCard(view=made.view, scripts=made.scripts, blob=blob)


def block(difference: Difference, name: str, room: int) -> tuple[str, tuple[Script, ...]]:
    """Show the lines that changed, or hand them out as a file where they do not fit."""
    if not difference.lines:
        return "", ()
    shown = fenced(difference.lines, "diff")
    if len(shown) <= room:
        return shown, ()
    return "-# All lines that changed are in the file.", (
        Script(name=f"{name}.diff", text=f"{difference.lines}\n"),
    )


def with_rows(made: Card, *rows: Item) -> Card:
    """Put buttons below a card."""
    for one in rows:
        made.view.add_item(one)
    return replace(made)
