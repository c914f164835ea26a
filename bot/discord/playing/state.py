"""What a card shows, as a short text: the ids of its controls say it all, so they outlive a restart."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

import discord
from discord import ui

from answers.parameters import reread, written
from bot.discord.limits import CUSTOM_ID
from sim.asked import KEY, read_simulation
from sim.errors import SpecError
from sim.spec import Spec
from sim.support import natural
from sim.vocabulary import BY_KEY

PREFIX = "backchat:1:card:"
TEMPLATE = r"(?P<asker>[0-9a-z]{1,13}):(?P<theme>[dl]):(?P<answer>[a-z0-9_]{0,40}):(?P<text>.*)"
"""The rest of an id, behind the prefix and what the control is."""

SHOWN_ID, BEFORE_ID = 9_101, 9_102
"""The ids of the components whose text says what is too long for an id of 100 characters."""
_BEFORE = "Before: "
_IN_MESSAGE = "~"
_THEMES = {"d": "dark", "l": "light"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An answer on a network, or a simulation, in a theme."""

    answer: str = ""
    """The id of the answer; a simulation has none."""
    text: str = ""
    """What was changed in the answer's networks, or the configurations of the simulation."""
    theme: str = "dark"

    def __str__(self) -> str:
        """Write it down, however long it is."""
        return f"{self.theme[0]}:{self.answer}:{self.text}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str` wrote."""
        theme, answer, rest = text.split(":", 2)
        return cls(answer=answer, text=rest, theme=_THEMES[theme])

    @property
    def knobs(self) -> dict[str, str]:
        """What was changed in an answer, by key; SpecError if this version knows a word no more."""
        return reread(self.text) if self.answer and self.text else {}

    @property
    def other_theme(self) -> str:
        """The theme that it is not shown in."""
        return "light" if self.theme == "dark" else "dark"


def custom_id(control: str, asker: int, state: State) -> str:
    """Return the id of a control; what does not fit stands in the message, see `in_message`."""
    whole = f"{PREFIX}{control}:{_short(asker)}:{state}"
    if len(whole) <= CUSTOM_ID:
        return whole
    return f"{PREFIX}{control}:{_short(asker)}:{state.theme[0]}:{state.answer}:{_IN_MESSAGE}"


def fits(state: State, asker: int) -> bool:
    """Tell whether the ids of the controls can hold a state."""
    return not custom_id("x", asker, state).endswith(f":{_IN_MESSAGE}")


def in_message(state: State, *, before: bool = False) -> ui.TextDisplay[ui.LayoutView]:
    """Return the line of a card that says what it shows, or what it showed before."""
    text = f"-# {_BEFORE if before else ''}`{state.text}`"
    return ui.TextDisplay(text, id=BEFORE_ID if before else SHOWN_ID)


def asker_of(match: Mapping[str, str] | re.Match[str]) -> int:
    """Return for whom a card was made, by the id of one of its controls."""
    return int(match["asker"], 36)


def state_of(match: re.Match[str], message: discord.Message | None, *, before: bool = False) -> State | None:
    """Return the state that the id of a control, and if need be its message, holds."""
    text = match["text"]
    if text == _IN_MESSAGE:
        found = _text_at(message, BEFORE_ID if before else SHOWN_ID)
        if found is None:
            return None
        text = found
    return State(answer=match["answer"], text=text, theme=_THEMES[match["theme"]])


def _text_at(message: discord.Message | None, id_: int) -> str | None:
    if message is None:
        return None
    item = ui.LayoutView.from_message(message, timeout=None).find_item(id_)
    found = re.search(r"`([^`]*)`", item.content) if isinstance(item, ui.TextDisplay) else None
    return found[1] if found else None


def written_simulation(experiment: str, specs: Sequence[Spec]) -> str | None:
    """Write a simulation as somebody would type it: later configurations say what they change in the first.

    None, if no such text is read as the same simulation again.
    """
    for parts in _ways(specs):
        text = " vs ".join(parts)
        if experiment != natural(specs):
            text += f" {KEY}={experiment}"
        try:
            if read_simulation(text) == (experiment, tuple(specs)):
                return text
        except SpecError:
            continue
    return None


def _ways(specs: Sequence[Spec]) -> Iterator[list[str]]:
    if not specs:
        return
    first, *others = specs
    yield [written(reread(first.text)), *(written(_changes(first, other)) for other in others)]
    # Some architectures imply words; said in full, nothing is left to be implied.
    yield [_in_full(first), *(_in_full(other) for other in others)]


def _changes(first: Spec, other: Spec) -> dict[str, str]:
    before, after = asdict(first), asdict(other)
    left_out = other.without_hidden
    return {
        key: BY_KEY[key].format(value)
        for key, value in after.items()
        if value != before[key] and key not in left_out
    }


def _in_full(spec: Spec) -> str:
    return written(
        {
            key: BY_KEY[key].format(value)
            for key, value in asdict(spec).items()
            if key not in spec.without_hidden
        }
    )


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
