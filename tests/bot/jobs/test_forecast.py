"""When jobs begin and end, learnt from how long they took."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.forecast import Forecast, Turn, Waiting

SECONDS = st.floats(0.01, 30)


def turns(forecast: Forecast, waiting: list[float], running: list[float], slots: int) -> list[Turn]:
    """Ask for the turns of quick jobs."""
    those, these = ([Waiting(seconds=seconds) for seconds in jobs] for jobs in (waiting, running))
    return forecast.turns(those, these, slots, slots, slots)


def test_on_one_slot_everybody_waits_for_all_before() -> None:
    forecast = Forecast()
    one = forecast.seconds(1)
    found = turns(forecast, [1, 1, 1], [0.5], 1)
    assert [turn.ahead for turn in found] == [0, 1, 2]
    assert [turn.seconds for turn in found] == pytest.approx([0.5, 0.5 + one, 0.5 + 2 * one])


def test_a_free_slot_is_taken_at_once_and_a_short_job_frees_its_own_first() -> None:
    forecast = Forecast()
    found = turns(forecast, [5, 1, 1, 1], [], 2)
    assert [turn.seconds for turn in found[:2]] == [0, 0]
    assert found[2].seconds == pytest.approx(forecast.seconds(1))
    assert found[3].seconds == pytest.approx(2 * forecast.seconds(1))


def test_a_long_job_that_may_not_have_the_last_slot_waits_for_another_long_one() -> None:
    forecast = Forecast()
    running = [Waiting(seconds=20, bound_for="ann")]
    waiting = [Waiting(seconds=30, bound_for="bob"), Waiting(seconds=1), Waiting(seconds=1)]
    long, quick, next_ = forecast.turns(waiting, running, 2, 1, 1)
    assert (long.ahead, long.seconds) == (2, 20)
    assert (quick.ahead, quick.seconds) == (0, 0)
    assert (next_.ahead, next_.seconds) == (1, pytest.approx(forecast.seconds(1)))


def test_one_person_s_long_jobs_wait_for_each_other() -> None:
    running = [Waiting(seconds=20, bound_for="ann"), Waiting(seconds=10, bound_for="ann")]
    waiting = [Waiting(seconds=30, bound_for="ann"), Waiting(seconds=30, bound_for="bob")]
    ann, bob = Forecast().turns(waiting, running, 4, 3, 2)
    assert (ann.ahead, ann.seconds) == (1, 10)
    assert (bob.ahead, bob.seconds) == (0, 0)


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
    found = turns(Forecast(), waiting, running, slots)
    assert [turn.ahead for turn in found] == list(range(len(waiting)))
    begins = [turn.seconds for turn in found]
    assert begins == sorted(begins)
    assert all(begin >= 0 for begin in begins)
