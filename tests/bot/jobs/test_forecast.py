"""When jobs begin and end, learnt from how long they took."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.forecast import Forecast, Turn

SECONDS = st.floats(0.01, 30)


def test_on_one_slot_everybody_waits_for_all_before() -> None:
    forecast = Forecast()
    one = forecast.seconds(1)
    turns = forecast.turns([1, 1, 1], [0.5], 1)
    assert turns == [
        Turn(ahead=0, seconds=0.5),
        Turn(ahead=1, seconds=pytest.approx(0.5 + one)),
        Turn(ahead=2, seconds=pytest.approx(0.5 + 2 * one)),
    ]


def test_a_free_slot_is_taken_at_once_and_a_short_job_frees_its_own_first() -> None:
    forecast = Forecast()
    turns = forecast.turns([5, 1, 1, 1], [], 2)
    assert [turn.seconds for turn in turns[:2]] == [0, 0]
    assert turns[2].seconds == pytest.approx(forecast.seconds(1))
    assert turns[3].seconds == pytest.approx(2 * forecast.seconds(1))


def test_it_learns_that_the_machine_is_slower_than_thought() -> None:
    forecast = Forecast()
    for _ in range(30):
        forecast.learn(1.0, 3.0)
    assert forecast.seconds(2.0) == pytest.approx(6.0, rel=0.05)


def test_one_odd_job_does_not_upset_it() -> None:
    forecast = Forecast()
    forecast.learn(0.001, 1000.0)
    assert forecast.seconds(1.0) < 2.0


def test_a_job_s_own_progress_tells_more_than_what_was_expected_of_it() -> None:
    forecast = Forecast()
    assert forecast.left(10, elapsed=2, fraction=0.0) == pytest.approx(forecast.seconds(10) - 2)
    assert forecast.left(10, elapsed=2, fraction=0.5) == pytest.approx(2)
    assert forecast.left(1, elapsed=50, fraction=0.0) == 0


@given(st.lists(SECONDS, max_size=30), st.lists(SECONDS, max_size=8), st.integers(1, 4))
def test_nobody_begins_before_who_is_ahead(waiting: list[float], running: list[float], slots: int) -> None:
    turns = Forecast().turns(waiting, running, slots)
    assert [turn.ahead for turn in turns] == list(range(len(waiting)))
    begins = [turn.seconds for turn in turns]
    assert begins == sorted(begins)
    assert all(begin >= 0 for begin in begins)
