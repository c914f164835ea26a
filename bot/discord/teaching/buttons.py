"""Buttons and menus whose ids say what is done with what: they work after a restart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.here import client_of
from bot.discord.limits import BUTTON_LABEL, CUSTOM_ID, cut
from bot.errors import BadRequest

_PRESS, _CHOOSE = "backchat:1:d:", "backchat:1:m:"
_WHAT = r"(?P<action>[a-z]{1,8})(?::(?P<rest>[\s\S]*))?"
_SLUG, _NUMBER, _ID = re.compile(r"[a-z0-9_]{1,40}"), re.compile(r"[0-9]{1,9}"), re.compile(r"[0-9]{1,20}")
THEME = re.compile("dark|light")
_STALE = "This card is from another version of me, and nothing was done; begin again with the command."
OPTIONS, OPTION_TEXT = 25, 100
"""How many things a menu offers, and how long each may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a press is about."""

    action: str
    parts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    """What was chosen from a menu."""

    @property
    def slug(self) -> str:
        """The answer."""
        return self.part(0, _SLUG)

    @property
    def chosen(self) -> str:
        """What was chosen from a menu."""
        if not self.values:
            raise BadRequest("Nothing was chosen; choose one.")
        return self.values[0]

    @property
    def chosen_number(self) -> int:
        """The number that was chosen from a menu."""
        return int(_wanted(self.chosen, _NUMBER))

    def number(self, index: int) -> int:
        """A number among the parts, as small as those that are stored."""
        return int(self.part(index, _NUMBER))

    def id(self, index: int) -> str:
        """The id of somebody or something on Discord among the parts."""
        return self.part(index, _ID)

    def part(self, index: int, wanted: re.Pattern[str]) -> str:
        """Return a part; an id comes from outside, perhaps from a card of another version of the bot.

        Raises:
            BadRequest: it is not what was wanted.
        """
        return _wanted(self.parts[index] if index < len(self.parts) else "", wanted)


def _wanted(text: str, wanted: re.Pattern[str]) -> str:
    if wanted.fullmatch(text) is None:
        raise BadRequest(_STALE)
    return text


def custom_id(prefix: str, action: str, *parts: object) -> str:
    """Write down what is done with what; of more than fits the end is left out."""
    return ":".join([f"{prefix}{action}", *map(str, parts)])[:CUSTOM_ID]


def button(
    label: str,
    action: str,
    *parts: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Item[Any]:
    """Make a button."""
    return PressButton(
        ui.Button(
            label=cut(label, BUTTON_LABEL),
            custom_id=custom_id(_PRESS, action, *parts),
            style=style,
            disabled=disabled,
        )
    )


def menu(
    placeholder: str, options: Sequence[discord.SelectOption], action: str, *parts: object
) -> ui.Item[Any]:
    """Make a menu of one choice."""
    return ChooseMenu(
        ui.Select(
            placeholder=placeholder,
            options=list(options[:OPTIONS]),
            custom_id=custom_id(_CHOOSE, action, *parts),
        )
    )


def option(label: str, value: str, description: str = "") -> discord.SelectOption:
    """Make one choice of a menu."""
    return discord.SelectOption(
        label=cut(label, OPTION_TEXT), value=value, description=cut(description, OPTION_TEXT) or None
    )


def row(*items: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    """Put buttons beside each other."""
    made: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in items:
        made.add_item(item)
    return made


class PressButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_PRESS}{_WHAT}"):
    """A button of instructors."""

    target = Target(action="")

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        made = cls(ui.Button(label="-", custom_id=match.string))
        made.target = _target(match)
        return made

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what it is for."""
        await client_of(interaction).answers.press(interaction, self.target)


class ChooseMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"{_CHOOSE}{_WHAT}"):
    """A menu of instructors."""

    target = Target(action="")

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from the id that Discord sends when something is chosen."""
        del item
        made = cls(ui.Select(custom_id=match.string))
        chosen: tuple[str, ...] = tuple((interaction.data or {}).get("values", ()))
        made.target = _target(match, chosen)
        return made

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what it is for."""
        await client_of(interaction).answers.press(interaction, self.target)


def _target(match: re.Match[str], values: tuple[str, ...] = ()) -> Target:
    rest: str | None = match["rest"]
    return Target(action=match["action"], parts=() if rest is None else tuple(rest.split(":")), values=values)
