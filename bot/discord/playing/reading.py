"""Reading a card that was sent: everything about it stands in its message."""

import re
from collections.abc import Iterator

import discord
from discord import ui

_VOTE = r"backchat:1:vote:[hum]:(?P<number>\d{1,18}):[a-z0-9_]{1,40}"
_HUMAN = "human"


def control_in(message: discord.Message | None, template: str) -> re.Match[str] | None:
    """Return the first control whose whole id matches, taken apart."""
    for item in _items(message):
        if match := re.fullmatch(template, str(getattr(item, "custom_id", ""))):
            return match
    return None


def number_in(message: discord.Message | None) -> int | None:
    """Return the number under which the question of a card was counted."""
    match = control_in(message, _VOTE)
    return (int(match["number"]) or None) if match else None


def asked_in(message: discord.Message | None) -> bool:
    """Tell whether a human was asked: what has been done is offered no more."""
    return not any(
        option.value == _HUMAN
        for item in _items(message)
        if isinstance(item, ui.Select)
        for option in item.options
    )


def _items(message: discord.Message | None) -> Iterator[ui.Item[ui.LayoutView]]:
    if message is not None:
        yield from ui.LayoutView.from_message(message, timeout=None).walk_children()
