"""The menus and buttons of the settings card: their ids say all that is needed when they are used."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Self

import discord
from discord import SelectDefaultValue, ui

from bot.discord.explained import explained
from bot.discord.limits import CUSTOM_ID
from bot.discord.settings.facets import Facet, Values, digest, packed

PREFIX = "backchat:1:set:"
Row = ui.ActionRow[ui.LayoutView]
_Any = ui.Item[ui.LayoutView]
_Role, _Channel = discord.SelectDefaultValueType.role, discord.SelectDefaultValueType.channel

TEXT = (discord.ChannelType.text, discord.ChannelType.news)
"""Channels that the bot can post to."""
TALK = (*TEXT, discord.ChannelType.voice, discord.ChannelType.stage_voice, discord.ChannelType.forum)
"""Channels in which people write."""


class Control(ui.DynamicItem[_Any], template=rf"{PREFIX}(?P<rest>.+)"):
    """Anything on the card that can be used; what it does stands in `Control.use`."""

    use: ClassVar[Callable[[discord.Interaction, Sequence[str], Values], Awaitable[None]]]
    """Is told the parts of the id, and what was chosen."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: _Any, match: re.Match[str], /
    ) -> Self:
        """Rebuild the control from what Discord sends when it is used."""
        del interaction, match
        return cls(item)

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the id says."""
        data: dict[str, Any] = dict(interaction.data or {})
        values = tuple(str(value) for value in data.get("values", ()))
        await Control.use(interaction, self.custom_id.removeprefix(PREFIX).split(":"), values)


def identified(*parts: str) -> str:
    """Join the parts of an id."""
    return PREFIX + ":".join(parts)


def put_id(facet: Facet, values: Values, channel: str = "") -> str:
    """Identify the menu that changes a part, by what it shows."""
    return identified("put", facet.name, digest(values), channel)


def undo_id(facet: Facet, now: Values, before: Values, channel: str = "") -> str | None:
    """Identify the button that puts a part back; None where that does not fit."""
    id_ = identified("u", facet.name, digest(now), packed(before), packed([channel]) if channel else "")
    return id_ if len(id_) <= CUSTOM_ID else None


def row(*items: _Any) -> Row:
    """Put controls side by side."""
    made: Row = ui.ActionRow()
    for item in items:
        made.add_item(Control(item))
    return made


def button(id_: str, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> _Any:
    """Make a button."""
    return ui.Button(label=label, custom_id=id_, style=style)


def menu(id_: str, options: Sequence[discord.SelectOption], placeholder: str = "", most: int = 1) -> _Any:
    """Make a menu of words."""
    return ui.Select(
        custom_id=id_,
        options=list(options),
        placeholder=placeholder or None,
        min_values=1,
        max_values=min(most, len(options)),
    )


def roles(id_: str, chosen: Sequence[str], placeholder: str, most: int) -> _Any:
    """Make a menu of the server's roles."""
    defaults = [SelectDefaultValue(id=int(one), type=_Role) for one in chosen]
    return ui.RoleSelect(
        custom_id=id_, default_values=defaults[:most], placeholder=placeholder, min_values=0, max_values=most
    )


def channel(
    id_: str, chosen: Sequence[str], placeholder: str, types: Sequence[discord.ChannelType], least: int = 0
) -> _Any:
    """Make a menu of the server's channels."""
    defaults = [SelectDefaultValue(id=int(one), type=_Channel) for one in chosen]
    return ui.ChannelSelect(
        custom_id=id_,
        channel_types=list(types),
        default_values=defaults,
        placeholder=placeholder,
        min_values=least,
        max_values=1,
    )
