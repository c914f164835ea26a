"""Calling those who help, with the question, once: their role is the only one that a message ever calls."""

import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, cast

import discord
from discord import ui

from bot.discord.cards import boxed
from bot.discord.guard.calling import calling
from bot.discord.here import Here, client_of, here
from bot.discord.limits import cut
from bot.discord.playing.in_place import kept
from bot.discord.playing.reading import number_in
from bot.discord.telling import tell
from bot.discord.words import quiet
from bot.errors import BadRequest

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient
    from bot.discord.forms import Fields

_FORM = "backchat:1:human-form"
_FIELD = "question"
_LONGEST, _SHOWN = 1_000, 1_500
_PAUSE_SECONDS = 10 * 60
_KEPT = 2_000
_ONE_OFF, _NOBODY = (
    "A human was asked this already; wait for an answer in the channel.",
    "Nobody is named here who could be called; an instructor chooses helpers with `/settings`.",
)
_SOON = "You called somebody a little while ago; you can call again in {minutes} min."
_CLOSED = (
    "I may not write in this channel, so I cannot call anybody here; ask in the channel yourself. "
    "Whoever manages the server can allow me **Send Messages** in its settings."
)
_CALLED = "I called {roles} in this channel, with your question: {link}"
_UNCALLED = (
    "I posted your question: {link}. Discord does not let me call {roles}, though: a manager of the server "
    "allows everybody to mention that role, or gives me **Mention Everyone**."
)


class Calls:
    """Who called for help when, and for what; forgotten with the end of the program."""

    def __init__(self) -> None:
        self._people: OrderedDict[tuple[str, int], float] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], None] = OrderedDict()

    def refusal(self, guild: str, user: int, about: str) -> str | None:
        """Say why somebody may not call now, if so."""
        if about and (guild, about) in self._asked:
            return _ONE_OFF
        left = self._people.get((guild, user), -_PAUSE_SECONDS) + _PAUSE_SECONDS - time.monotonic()
        return _SOON.format(minutes=max(1, round(left / 60))) if left > 0 else None

    def note(self, guild: str, user: int, about: str) -> None:
        """Remember that somebody called."""
        self._people[guild, user] = time.monotonic()
        self._asked[guild, about] = None
        for memory in (self._people, self._asked):
            while len(memory) > _KEPT:
                memory.popitem(last=False)

    def forget(self, guild: str, user: int, about: str) -> None:
        """Let somebody call again, as nobody was called."""
        self._people.pop((guild, user), None)
        self._asked.pop((guild, about), None)


_CALLS = Calls()


async def ask_a_human(interaction: discord.Interaction) -> None:
    """Open the form that is sent to those who help, with the question in it where that is remembered."""
    at = await here(interaction)
    _require(interaction, at)
    turn = client_of(interaction).requests.words_below(interaction.message)
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=_FIELD,
        style=discord.TextStyle.paragraph,
        default=cut(turn, _LONGEST) or None,
        placeholder="What do you want to know?",
        max_length=_LONGEST,
        required=True,
    )
    modal = ui.Modal(title="Ask a human", custom_id=_FORM)
    modal.add_item(
        ui.Label(
            text="Your question", description="Everybody here reads it, with your name.", component=field
        )
    )
    await interaction.response.send_modal(modal)


def add_humans(client: "BackchatClient") -> None:
    """Let the form work whenever it was opened."""
    client.forms.add(re.escape(_FORM), _call)


async def _call(interaction: discord.Interaction, _: re.Match[str], fields: "Fields") -> None:
    at = await here(interaction)
    about = _require(interaction, at)
    question = str(fields.get(_FIELD, "")).strip()
    if not question:
        raise BadRequest("A question has at least one word; got none; press “Ask a human” again.")
    # Noted before anything is waited for: of two forms that are sent in at once one calls.
    _CALLS.note(at.guild, interaction.user.id, about)
    await interaction.response.defer()
    try:
        sent = await _post(interaction, at, question)
    except (discord.Forbidden, discord.NotFound):
        _CALLS.forget(at.guild, interaction.user.id, about)
        await tell(interaction, _CLOSED)
        return
    except Exception:
        _CALLS.forget(at.guild, interaction.user.id, about)
        raise
    said = _CALLED if _may_call(interaction, at) else _UNCALLED
    await tell(interaction, said.format(roles=_named(at), link=sent.jump_url))
    await _take_away(interaction)


def _require(interaction: discord.Interaction, at: Here) -> str:
    """Return what the call would be about; BadRequest where nobody may be called now."""
    message = interaction.message
    number = number_in(message)
    about = f"n{number}" if number else f"m{message.id}" if message is not None else ""
    if not at.settings.helpers:
        raise BadRequest(_NOBODY)
    if refusal := _CALLS.refusal(at.guild, interaction.user.id, about):
        raise BadRequest(refusal)
    may, thread = interaction.app_permissions, isinstance(interaction.channel, discord.Thread)
    if not (may.view_channel and (may.send_messages_in_threads if thread else may.send_messages)):
        raise BadRequest(_CLOSED)
    return about


async def _post(interaction: discord.Interaction, at: Here, question: str) -> discord.Message:
    """Call the roles of those who help, and nobody that the question names."""
    message = interaction.message
    answer = f"\n-# What I said: {message.jump_url}" if message and not message.flags.ephemeral else ""
    text = (
        f"{_named(at)}\n**{quiet(interaction.user.display_name)} asks a human**\n"
        f"> {quiet(question, _SHOWN)}{answer}"
    )
    roles = [int(id_) for id_ in at.settings.helpers]
    channel = client_of(interaction).get_partial_messageable(
        interaction.channel_id or 0, guild_id=interaction.guild_id
    )
    allowed = discord.AllowedMentions(
        everyone=False, users=False, replied_user=False, roles=[discord.Object(id_) for id_ in roles]
    )
    with calling(roles):
        return await channel.send(view=boxed([ui.TextDisplay(text)]), allowed_mentions=allowed)


async def _take_away(interaction: discord.Interaction) -> None:
    """Offer it no more on this card."""
    message = interaction.message
    if message is None:
        return
    components = [one for one in map(_without, kept(message)) if one is not None]
    path = f"/webhooks/{interaction.application_id}/{interaction.token}/messages/@original"
    body: dict[str, object] = {"components": components, "allowed_mentions": {"parse": []}}
    await client_of(interaction).requests.courier.show("PATCH", path, body, signed=False)


def _without(item: dict[str, object]) -> dict[str, object] | None:
    """Return a component without what calls a human; None if nothing is left of it."""
    if str(item.get("custom_id", "")).startswith("backchat:1:human:"):
        return None
    changed = dict(item)
    for key in ("components", "options"):
        inside = item.get(key)
        if isinstance(inside, list):
            inside = cast("list[dict[str, object]]", inside)
            left = [one for one in map(_without, inside) if one is not None]
            if inside and not left:
                return None
            changed[key] = left
    return None if item.get("value") == "human" else changed


def _may_call(interaction: discord.Interaction, at: Here) -> bool:
    if interaction.app_permissions.mention_everyone:
        return True
    guild = interaction.guild
    roles = [guild.get_role(int(id_)) for id_ in at.settings.helpers] if guild is not None else []
    return all(role is not None and role.mentionable for role in roles)


def _named(at: Here) -> str:
    return " ".join(f"<@&{id_}>" for id_ in at.settings.helpers)
