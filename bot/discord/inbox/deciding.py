"""What a press on a group of questions does; what became of it stands above the page that is shown next."""

import discord

from bot.discord.audit import post_decision
from bot.discord.cards import NOBODY
from bot.discord.failures import explain
from bot.discord.here import Here, client_of
from bot.discord.inbox.card import wait_card
from bot.discord.inbox.showing import page_of
from bot.discord.inbox.targets import Act, Target
from bot.errors import BadRequest
from bot.inbox.group import GroupId
from bot.inbox.outcomes import Decided, Harmful, Undone
from bot.teaching.roles import Role

_TRYING = (
    "Trying it out on all questions whose answer I know; this takes a second or two…\n"
    "-# If this stays here, open `/inbox` again."
)


async def decide(interaction: discord.Interaction, at: Here, target: Target) -> None:
    """Do it, and show the page again with what became of it."""
    if target.act in {Act.ACCEPT, Act.DENY, Act.NONE} and at.person.role >= Role.INSTRUCTOR:
        # In place of the buttons, so that nobody presses twice.
        await interaction.response.edit_message(view=wait_card(_TRYING), allowed_mentions=NOBODY)
    else:
        await interaction.response.defer()
    outcome: Decided | Harmful | Undone | None = None
    try:
        outcome = await _done(at, target)
        said = _told(outcome)
    except Exception as error:  # noqa: BLE001  it stands above the page, which is fresh again
        said = explain(error)
    view = await page_of(at, target.page, said)
    try:
        await interaction.edit_original_response(view=view, allowed_mentions=NOBODY)
    finally:
        if isinstance(outcome, Decided | Undone):
            await post_decision(client_of(interaction), at.guild, outcome, at.person.author)


async def _done(at: Here, target: Target) -> Decided | Harmful | Undone:
    deciding, guild, person = at.hub.post.deciding, at.guild, at.person
    if target.act is Act.UNDO:
        return await deciding.undo(guild, person, target.decision)
    group = GroupId.read(target.about)
    if target.act is Act.IGNORE:
        return await deciding.ignore(guild, person, group)
    if target.act is Act.NONE:
        return await deciding.exclude(guild, person, group)
    if target.slug is None:
        raise BadRequest("This button names no answer; open `/inbox` again.")
    if target.act is Act.DONE:
        return await deciding.answered(guild, person, group, target.slug)
    if target.act is Act.DENY:
        return await deciding.exclude(guild, person, group, target.slug)
    return await deciding.accept(guild, person, group, target.slug)


def _told(outcome: Decided | Harmful | Undone) -> str:
    if isinstance(outcome, Harmful):
        return f"Not done: {outcome}"
    return str(outcome)
