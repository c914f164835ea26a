"""The command that shows the settings, and what each menu and button of its card does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.audit import post_setting
from bot.discord.cards import NOBODY
from bot.discord.here import Here, client_of, here
from bot.discord.places import in_charge
from bot.discord.settings.card import LIKE_OTHERS, NO_POSTS, Section, Sight, settings_card
from bot.discord.settings.changing import Beaten, change
from bot.discord.settings.control import Control, undo_id
from bot.discord.settings.facets import ALL, FACETS, Facet, Values, digest, unpacked
from bot.discord.settings.telling import described, tag_names, told
from bot.errors import BadRequest
from bot.teaching.roles import Refused, Role

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_SECTION_OF = {
    **dict.fromkeys(("elsewhere", "mode", "posts"), Section.CHANNELS),
    **dict.fromkeys(("instructors", "assistants", "helpers"), Section.ROLES),
    **dict.fromkeys(("visibility", "theme", "caution"), Section.ANSWERS),
    **dict.fromkeys(("audit", "keep"), Section.TEAM),
}
_STALE = "This card is from another version of me; open a new one with `/settings`."


def add_settings(client: "BackchatClient") -> None:
    """Register /settings and what is on its card."""

    @client.tree.command(name="settings", description="What the bot does in this server, for instructors")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(interaction: discord.Interaction) -> None:
        where = await here(interaction)
        _require(where)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _show(interaction, where, Section.OVERVIEW)

    del settings  # the tree has it
    Control.use = _use
    client.add_dynamic_items(Control)


async def _use(interaction: discord.Interaction, parts: Sequence[str], values: Values) -> None:
    """Do what a menu or a button is for; whoever lost the right since the card was made is refused."""
    where = await here(interaction)
    _require(where)
    await interaction.response.defer()
    match list(parts):
        case ["go"] if values and values[0] in set(Section):
            await _show(interaction, where, Section(values[0]))
        case ["pick"] if values and FACETS["mode"].takes(values[0], ()):
            await _show(interaction, where, Section.CHANNELS, channel=values[0])
        case ["put", name, seen, channel] if name in FACETS:
            await _change(interaction, where, FACETS[name], channel, seen=seen, chosen=values)
        case ["u", name, seen, before, channel] if name in FACETS:
            id_ = "".join(unpacked(channel))
            await _save(interaction, where, FACETS[name], id_, seen, unpacked(before), again=True)
        case ["keep", "ask" | "stay" as step]:
            await _show(interaction, where, Section.TEAM, asking=step == "ask")
        case ["keep", "on" | "off" as wanted]:
            seen = digest(("off" if wanted == "on" else "on",))
            await _save(interaction, where, FACETS["keep"], "", seen, (wanted,))
        case _:
            raise BadRequest(_STALE)


async def _change(  # noqa: PLR0913  what was chosen, where, by whom
    interaction: discord.Interaction, where: Here, facet: Facet, channel: str, *, seen: str, chosen: Values
) -> None:
    """Take over what was chosen in a menu."""
    values = chosen
    if facet.name == "mode":
        values = tuple(value for value in chosen if value != LIKE_OTHERS)
    elif facet.name == "posts":
        before = facet.read(await where.hub.storage.settings.get(where.guild), channel)
        values = wanted_posts(before, chosen)
    await _save(interaction, where, facet, channel, seen, values)


def wanted_posts(before: Values, chosen: Values) -> Values:
    """Say which posts are meant: Discord's menu leaves what was chosen before, so what is new counts."""
    new = [one for one in chosen if one not in (before or (NO_POSTS,))]
    for alone in (NO_POSTS, ALL):
        if alone in new or list(chosen) == [alone]:
            return () if alone == NO_POSTS else (ALL,)
    return tuple(one for one in chosen if one not in (NO_POSTS, ALL))


async def _save(  # noqa: PLR0913, PLR0917  as above
    interaction: discord.Interaction,
    where: Here,
    facet: Facet,
    channel: str,
    seen: str,
    values: Values,
    *,
    again: bool = False,
) -> None:
    """Change a part, and show what became of it and how to undo it."""
    if where.guild in values and _SECTION_OF[facet.name] is Section.ROLES:
        raise BadRequest("@everyone is no role for this: all students would have it; choose another role.")
    if not facet.takes(channel, values):
        raise BadRequest(_STALE)
    result = await change(where, facet, channel, seen=seen, values=values)
    now = facet.read(result.settings, channel)
    notice = told(result, again=again, tag=tag_names(interaction.guild))
    undo = None
    if not isinstance(result, Beaten) and result.before != now:
        # Deleted words do not come back, so nothing may look as if they did.
        undo = None if facet.name == "keep" else undo_id(facet, now, result.before, channel)
        if facet.name == "keep" and now == ("off",):
            notice += "\nAll words that were kept are deleted."
    section = _SECTION_OF[facet.name]
    await _show(interaction, where, section, channel=channel, notice=notice, undo=undo)
    if not isinstance(result, Beaten) and result.before != now:
        what = described(result, tag_names(interaction.guild))
        await post_setting(client_of(interaction), where.guild, what, where.person.author)


async def _show(  # noqa: PLR0913  what is on the card
    interaction: discord.Interaction,
    where: Here,
    section: Section,
    *,
    channel: str = "",
    notice: str = "",
    undo: str | None = None,
    asking: bool = False,
) -> None:
    sight = Sight(
        client=client_of(interaction),
        guild=interaction.guild,
        settings=await where.hub.storage.settings.get(where.guild),
        section=section,
        channel=channel,
        notice=notice,
        undo=undo,
        asking=asking,
    )
    await interaction.edit_original_response(view=settings_card(sight), allowed_mentions=NOBODY)


def _require(where: Here) -> None:
    """Refuse who may not change the settings, and say who may.

    Raises:
        Refused: it is somebody else's.
    """
    if where.person.role < Role.INSTRUCTOR:
        raise Refused(
            f"The settings of this server are not yours to change. {in_charge(where.settings)} may."
        )
