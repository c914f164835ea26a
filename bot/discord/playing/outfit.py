"""What a card carries besides what it shows."""

from dataclasses import dataclass
from typing import Any

from discord import ui

Item = ui.Item[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The controls of one card, ready to be put below it."""

    menus: tuple[Item, ...] = ()
    """Rows, before all others."""
    undo: Item | None = None
    """A button."""
    lines: tuple[ui.TextDisplay[ui.LayoutView], ...] = ()
    """What it shows, and showed before, as text: for readers, and where it is too long for an id."""
    credit: str = ""
    """Who shares it."""


NO_CONTROLS = Controls()
