"""The command that says why the bot does not answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.cards import NOBODY
from bot.discord.diagnose.card import diagnosis_card
from bot.discord.diagnose.channels import AnyChannel, Named, resolved
from bot.discord.diagnose.finding import Finding, wrong
from bot.discord.diagnose.inside import Whose, inside_findings
from bot.discord.diagnose.place import hidden_findings, mode_finding, place_findings
from bot.discord.diagnose.question import question_findings
from bot.discord.diagnose.rights import Place, needed, student_findings
from bot.discord.here import Here, client_of, here
from bot.discord.translating import marked, read_by, say
from bot.jobs.asker import Asker
from bot.service import MAX_QUESTION
from bot.teaching.roles import Role

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_CANNOT = marked("I may not answer mentions here, for want of a permission.")
_CANNOT_CURE = marked("Use `/ask`, and tell the course team; for them `/diagnose` says which one.")


def add_diagnose(client: "BackchatClient") -> None:
    """Register /diagnose."""

    @client.tree.command(name="diagnose", description="Why do I not answer here? Only you see it")
    @app_commands.guild_only()
    @app_commands.describe(
        channel="Where; else here",
        question="What would I make of this question?",
    )
    async def diagnose(
        interaction: discord.Interaction,
        channel: app_commands.Transform[Named, AnyChannel] | None = None,
        question: app_commands.Range[str, 1, MAX_QUESTION] | None = None,
    ) -> None:
        read_by(interaction)
        where = await here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        id_ = channel.id if channel is not None else interaction.channel_id
        place = await resolved(interaction, channel)
        team = where.person.role > Role.STUDENT
        found = await (_all if team else _short)(interaction, where, place, channel)
        service = await where.hub.service_at(where.guild)
        about = await question_findings(service, question, team=team) if question else ()
        card = diagnosis_card(f"<#{id_}>", found, question=question or "", about=about)
        await interaction.edit_original_response(view=card.view, allowed_mentions=NOBODY)

    del diagnose  # the tree has it


async def _all(
    interaction: discord.Interaction, where: Here, place: Place | None, named: Named | None
) -> Sequence[Finding]:
    """Look at everything."""
    asker = Asker(person=interaction.user.id, place=interaction.guild_id)
    inside = await inside_findings(where.hub, Whose(guild=where.guild, asker=asker))
    if place is None:
        return [*hidden_findings(where.settings, named or interaction.channel), *inside]
    may = _rights(interaction, place)
    return [*place_findings(client_of(interaction), place, where.settings, may), *inside]


async def _short(
    interaction: discord.Interaction, where: Here, place: Place | None, named: Named | None
) -> Sequence[Finding]:
    """Look at what a student can do something about."""
    if place is None:
        return list(hidden_findings(where.settings, named or interaction.channel))
    found = [mode_finding(where.settings, place), *student_findings(place)]
    may = _rights(interaction, place)
    if not all(getattr(may, right) for right in needed(place)):
        found.append(wrong(say(_CANNOT), say(_CANNOT_CURE)))
    return found


def _rights(interaction: discord.Interaction, place: Place) -> discord.Permissions:
    """Return what the bot may do in a place; of where the command was used Discord itself says it."""
    return (
        interaction.app_permissions
        if place.id == interaction.channel_id
        else place.permissions_for(place.guild.me)
    )
