"""The controls of a card, which know what it shows by their ids, and what they do."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Self, cast, get_args

import discord
from discord import ui

from bot.discord.explained import explained
from bot.discord.here import client_of
from bot.discord.limits import cut
from bot.discord.playing.humans import ask_a_human
from bot.discord.playing.in_place import kept, take_in_place
from bot.discord.playing.reading import asked_in, control_in, number_in
from bot.discord.playing.state import PREFIX, TEMPLATE, State, asker_of, custom_id, state_of
from bot.discord.playing.steps import Step
from bot.discord.telling import tell
from bot.pending import Extra, Played, Section

_OPTION = 100
_UNREADABLE = "I cannot make out any more what this card shows; ask again with `/ask` or `/simulate`."
_CLOSED = (
    "I may not post in this channel: {missing} is missing. Whoever manages the server can allow it in the "
    "channel's settings; you can share the card in another channel."
)
_NEEDED = {"view_channel": "View Channel", "attach_files": "Attach Files"}


class ChangeSelect(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"{PREFIX}(?P<control>c):{TEMPLATE}"):
    """Changes one thing in what a card shows and runs it again."""

    def __init__(self, asker: int, state: State | None, steps: Sequence[Step] = (), id_: str = "") -> None:
        options = [
            discord.SelectOption(
                label=cut(step.label, _OPTION), value=step.word, description=cut(step.about, _OPTION)
            )
            for step in steps
        ]
        super().__init__(
            ui.Select(
                custom_id=id_ or custom_id("c", asker, state or State()),
                placeholder="Change something and run it again",
                options=options,
            )
        )
        self.asker = asker
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from the id that Discord sends when something is chosen."""
        del item
        return cls(asker_of(match), state_of(match, interaction.message), id_=match.string)

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Change the card, or send who did not ask for it one of their own."""
        if self.state is None:
            await tell(interaction, _UNREADABLE)
            return
        wanted = Played(state=str(self.state), change=_chosen(interaction), before=str(self.state))
        await _play(interaction, wanted, self.asker)


class UndoButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{PREFIX}(?P<control>[ur]):{TEMPLATE}"):
    """Leads back to what the card showed before; the button is there again, and leads forward."""

    def __init__(self, asker: int, state: State | None, *, redo: bool, id_: str = "") -> None:
        control = "r" if redo else "u"
        super().__init__(
            ui.Button(
                label="Redo" if redo else "Undo",
                emoji="↪️" if redo else "↩️",
                custom_id=id_ or custom_id(control, asker, state or State()),
            )
        )
        self.asker = asker
        self.state = state
        self.redo = redo

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del item
        state = state_of(match, interaction.message, before=True)
        return cls(asker_of(match), state, redo=match["control"] == "r", id_=match.string)

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Show what was before."""
        if self.state is None or (now := _present(interaction)) is None:
            await tell(interaction, _UNREADABLE)
            return
        wanted = Played(state=str(self.state), before=str(now), undone=not self.redo)
        await _play(interaction, wanted, self.asker)


class MoreSelect(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"{PREFIX}(?P<control>m):{TEMPLATE}"):
    """Shows what a card has besides, changes its colours, shares it, or calls a human."""

    def __init__(
        self, asker: int, state: State | None, more: Sequence[tuple[str, str, str]] = (), id_: str = ""
    ) -> None:
        options = [
            discord.SelectOption(label=label, value=value, description=about) for value, label, about in more
        ]
        super().__init__(
            ui.Select(
                custom_id=id_ or custom_id("m", asker, state or State()),
                placeholder="⋯ More",
                options=options,
            )
        )
        self.asker = asker
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from the id that Discord sends when something is chosen."""
        del item
        return cls(asker_of(match), state_of(match, interaction.message), id_=match.string)

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what was chosen."""
        chosen = _chosen(interaction)
        if chosen == "human":
            await ask_a_human(interaction)
        elif self.state is None:
            await tell(interaction, _UNREADABLE)
        elif chosen.startswith("theme="):
            await self._recolour(interaction, self.state, chosen.removeprefix("theme="))
        elif chosen == "share":
            await _share(interaction, self.state)
        elif chosen in get_args(Section):
            wanted = Extra(
                state=str(self.state), section=cast("Section", chosen), question=_question(interaction)
            )
            await client_of(interaction).take(interaction, wanted, private=interaction.guild_id is not None)

    async def _recolour(self, interaction: discord.Interaction, state: State, theme: str) -> None:
        before, redo = _before(interaction)
        wanted = Played(
            state=str(replace(state, theme=theme)),
            before=str(replace(before, theme=theme)) if before is not None else "",
            undone=redo,
        )
        await _play(interaction, wanted, self.asker)


class HumanButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"backchat:1:human:(?P<asker>[0-9]{1,20})"
):
    """Calls those who help, where the bot has no answer."""

    def __init__(self, asker: int) -> None:
        super().__init__(ui.Button(label="Ask a human", emoji="🙋", custom_id=f"backchat:1:human:{asker}"))
        self.asker = asker

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(int(match["asker"]))

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form with the question in it."""
        await ask_a_human(interaction)


async def _play(interaction: discord.Interaction, wanted: Played, asker: int) -> None:
    """Change the card of its asker; others get a copy that only they see."""
    message = interaction.message
    wanted = wanted.model_copy(update={"number": number_in(message), "question": _question(interaction)})
    if interaction.user.id != asker or message is None:
        in_server = interaction.guild_id is not None
        await client_of(interaction).take(interaction, wanted, private=in_server)
        return
    wanted = wanted.model_copy(update={"asked": asked_in(message), "kept": json.dumps(kept(message))})
    await take_in_place(interaction, message, wanted)


async def _share(interaction: discord.Interaction, state: State) -> None:
    may = interaction.app_permissions
    thread = isinstance(interaction.channel, discord.Thread)
    send = "send_messages_in_threads" if thread else "send_messages"
    needed = _NEEDED | {send: "Send Messages in Threads" if thread else "Send Messages"}
    if missing := [f"**{name}**" for right, name in needed.items() if not getattr(may, right)]:
        await tell(interaction, _CLOSED.format(missing=" and ".join(missing)))
        return
    wanted = Played(
        state=str(state),
        number=number_in(interaction.message),
        question=_question(interaction),
        shared=True,
        asked=asked_in(interaction.message),
    )
    await client_of(interaction).take(interaction, wanted, private=False)


def _chosen(interaction: discord.Interaction) -> str:
    values = (interaction.data or {}).get("values") or [""]
    return str(values[0])


def _present(interaction: discord.Interaction) -> State | None:
    """Return what the card shows now; the menu below every card says so."""
    match = control_in(interaction.message, rf"{PREFIX}m:{TEMPLATE}")
    return state_of(match, interaction.message) if match else None


def _before(interaction: discord.Interaction) -> tuple[State | None, bool]:
    match = control_in(interaction.message, rf"{PREFIX}(?P<control>[ur]):{TEMPLATE}")
    if match is None:
        return None, False
    return state_of(match, interaction.message, before=True), match["control"] == "r"


def _question(interaction: discord.Interaction) -> str:
    """Return the words of the question that a card answers, while they are remembered."""
    if interaction.message is None:
        return ""
    turn = client_of(interaction).requests.shown.at(interaction.message.id)
    return turn.question if turn is not None else ""
