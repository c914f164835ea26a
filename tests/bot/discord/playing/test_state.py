"""What a card shows, in the ids of its controls: always read as it was written, never too long."""

import re
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.limits import CUSTOM_ID
from bot.discord.playing import state as states
from bot.discord.playing.state import (
    PREFIX,
    TEMPLATE,
    State,
    asker_of,
    custom_id,
    fits,
    in_message,
    state_of,
    written_simulation,
)
from bot.grammar.composing import with_options
from sim.asked import read_simulation
from sim.errors import SpecError
from sim.knobs import Choice, Number
from sim.vocabulary import KNOBS

TEXTS = st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="`~"), max_size=200
)
STATES = st.builds(
    State,
    answer=st.from_regex(r"[a-z0-9_]{0,40}", fullmatch=True),
    text=TEXTS,
    theme=st.sampled_from(["dark", "light"]),
)
ASKERS = st.integers(min_value=0, max_value=2**64 - 1)


def taken_apart(id_: str) -> re.Match[str]:
    match = re.fullmatch(rf"{PREFIX}c:{TEMPLATE}", id_)
    assert match is not None
    return match


@given(STATES, ASKERS)
def test_an_id_is_read_as_it_was_written_or_says_where_to_look(state: State, asker: int) -> None:
    id_ = custom_id("c", asker, state)
    assert len(id_) <= CUSTOM_ID
    match = taken_apart(id_)
    assert asker_of(match) == asker
    assert State.read(str(state)) == state
    if fits(state, asker):
        assert state_of(match, None) == state
    else:
        assert state_of(match, None) is None


@given(STATES, ASKERS)
async def test_what_is_too_long_for_an_id_is_read_in_the_message(state: State, asker: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for before in (False, True):
            line = in_message(state, before=before)
            view = discord.ui.LayoutView()
            view.add_item(line)
            patch.setattr(states.ui.LayoutView, "from_message", MagicMock(return_value=view))
            match = taken_apart(f"{custom_id('c', asker, State(answer=state.answer, theme=state.theme))}~")
            assert state_of(match, MagicMock(discord.Message), before=before) == state


def values(knob: Any) -> st.SearchStrategy[Any]:
    if isinstance(knob, Choice):
        return st.sampled_from(knob.words)
    assert isinstance(knob, Number)
    if knob.whole:
        return st.integers(int(knob.low), int(min(knob.high, 50)))
    return st.floats(knob.low, min(knob.high, 50), exclude_min=knob.exclusive_low)


KNOBS_GIVEN = st.lists(st.sampled_from(KNOBS), max_size=5, unique_by=lambda knob: knob.key).flatmap(
    lambda knobs: st.fixed_dictionaries({knob.key: values(knob) for knob in knobs})
)


@given(st.lists(KNOBS_GIVEN, min_size=1, max_size=4))
def test_a_simulation_is_written_so_that_it_is_read_as_the_same(variants: list[dict[str, Any]]) -> None:
    text = " vs ".join(with_options("", given) for given in variants)
    try:
        experiment, specs = read_simulation(text)
    except SpecError:
        return
    written = written_simulation(experiment, specs)
    assert written is not None
    assert read_simulation(written) == (experiment, specs)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("depth=12 sigmoid vs relu he", "12x64 mlp sigmoid glorot vs relu he"),
        ("transformer vs rnn", "20x64 transformer relu glorot layer residual vs rnn"),
        ("relu experiment=precision", "20x64 mlp relu glorot experiment=precision"),
        ("logistic data=blobs vs mlp depth=1", "logistic blobs vs mlp depth=1"),
    ],
)
def test_a_simulation_is_written_as_somebody_would_type_it(text: str, written: str) -> None:
    assert written_simulation(*read_simulation(text)) == written
