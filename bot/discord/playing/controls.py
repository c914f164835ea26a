"""The menus and buttons below a card, as far as they make sense for what it shows."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from discord import ui

from answers.entry import Entry
from answers.parameters import written
from bot.discord.limits import CARD_TEXT
from bot.discord.playing.extras import has_script
from bot.discord.playing.outfit import NO_CONTROLS, Controls, Item
from bot.discord.playing.pressing import ChangeSelect, HumanButton, MoreSelect, UndoButton
from bot.discord.playing.state import State, fits, in_message, written_simulation
from bot.discord.playing.steps import Step, changed, next_steps
from bot.pending import Configuration, InteractionAddress, Pending, Played
from bot.reply import AnswerReply, AskReply, SilentReply, SimulationReply
from bot.service import Service
from bot.storage.guild_settings import GuildSettings
from bot.thinking import think
from sim.asked import read_simulation
from sim.cost import Allowance

_LONGEST = CARD_TEXT // 2
"""Of a simulation whose text is longer there are no controls: its card could not say what it shows."""
_KEPT = 256


async def controls_for(
    service: Service, pending: Pending, reply: AskReply | SimulationReply, settings: GuildSettings, theme: str
) -> Controls:
    """Return what one can do with a reply.

    Args:
        service: what answered.
        pending: the request; its asker changes the card.
        reply: what is said.
        settings: of the server.
        theme: in which it is shown.
    """
    if isinstance(reply, SilentReply):
        helps = pending.guild is not None and settings.helpers
        return Controls(menus=(_row(HumanButton(pending.user)),) if helps else ())
    state = state_shown(pending, reply, theme)
    if state is None:
        return NO_CONTROLS
    entry = service.catalog.entries.get(state.answer)
    steps = await think(_STEPS.of, state, entry, service.laboratory.allowance)
    return _controls(pending, state, entry, steps, reply, settings)


def state_shown(pending: Pending, reply: AskReply | SimulationReply, theme: str) -> State | None:
    """Return what a card shows that is made of a reply; None for one that cannot be played with."""
    wanted = pending.wanted
    if isinstance(wanted, Played):
        theme = State.read(wanted.state).theme
    if isinstance(reply, AnswerReply):
        return State(answer=reply.id, text=written(reply.turn.knobs) if reply.turn else "", theme=theme)
    if not isinstance(reply, SimulationReply):
        return None
    text: str | None = None
    if isinstance(wanted, Configuration):
        text = written_simulation(*read_simulation(wanted.spec))
    elif isinstance(wanted, Played):
        state = State.read(wanted.state)
        # It was allowed when it was carried out.
        whole = Allowance(seconds=float("inf"), bytes=float("inf"))
        text = changed(state, wanted.change, None, whole).text if wanted.change else state.text
    return State(text=text, theme=theme) if text and len(text) <= _LONGEST else None


def _controls(  # noqa: PLR0913, PLR0917  all that decides what can be done
    pending: Pending,
    state: State,
    entry: Entry | None,
    steps: Sequence[Step],
    reply: AskReply | SimulationReply,
    settings: GuildSettings,
) -> Controls:
    wanted = pending.wanted
    played = wanted if isinstance(wanted, Played) else None
    private = isinstance(pending.address, InteractionAddress) and pending.address.private
    menus = [_row(ChangeSelect(pending.user, state, steps))] if steps else []
    more = [
        *_sections(reply, state, entry),
        (f"theme={state.other_theme}", f"In {state.other_theme} colours", "The same picture"),
    ]
    if pending.guild is not None and private:
        more.append(("share", "Show it to everyone here", "Posts this card in the channel, with your name"))
    if pending.guild is not None and settings.helpers and not (played and played.asked):
        more.append(("human", "Ask a human", "Calls those who help here, once"))
    menus.append(_row(MoreSelect(pending.user, state, more)))
    before = State.read(played.before) if played is not None and played.before else None
    if before == state:
        before = None
    lines = [in_message(state)] if not state.answer or not fits(state, pending.user) else []
    if before and not fits(before, pending.user):
        lines.append(in_message(before, before=True))
    undo = UndoButton(pending.user, before, redo=bool(played and played.undone)) if before else None
    return Controls(
        menus=tuple(menus),
        undo=undo,
        lines=tuple(lines),
        credit=f"-# Shared by <@{pending.user}>" if played and played.shared else "",
    )


def _sections(
    reply: AskReply | SimulationReply, state: State, entry: Entry | None
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if isinstance(reply, AnswerReply) and reply.more:
        found.append(("more", "Explain in more detail", "What this answer has to say besides"))
    found += [
        ("table", "The numbers as a table", "Text that a screen reader can read"),
        ("csv", "The numbers as a file", "CSV for a spreadsheet"),
    ]
    if _scripted(state, entry):
        found.append(("code", "The code", "PyTorch scripts that print the same numbers"))
    if entry is not None:
        found.append(("sources", "The sources", "What this answer rests on"))
    return found


def _scripted(state: State, entry: Entry | None) -> bool:
    if entry is None:
        return has_script(*read_simulation(state.text))
    return any(has_script(one.experiment, list(one.variants.values())) for one in entry.simulations)


def _row(item: Item) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    return row.add_item(item)


class _Steps:
    """The next steps of what was shown last: to try out every one takes some milliseconds."""

    def __init__(self) -> None:
        self._known: OrderedDict[State, tuple[Entry | None, Allowance, list[Step]]] = OrderedDict()

    def of(self, state: State, entry: Entry | None, allowance: Allowance) -> list[Step]:
        """Return the next steps; called in the thread that thinks."""
        key = replace(state, theme="dark")
        known = self._known.get(key)
        if known is not None and known[0] is entry and known[1] == allowance:
            return known[2]
        steps = next_steps(state, entry, allowance)
        self._known[key] = (entry, allowance, steps)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return steps


_STEPS = _Steps()
