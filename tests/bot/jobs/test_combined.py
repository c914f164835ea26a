"""One status for a request of several jobs."""

from bot.jobs.combined import Combined
from bot.jobs.status import Queued, Running, Status


def test_it_waits_until_the_first_of_its_jobs_begins() -> None:
    told: list[Status] = []
    combined = Combined([1, 3], told.append)
    first, second = combined.listener(0), combined.listener(1)
    first(Queued(ahead=4, seconds=2.0))
    second(Queued(ahead=9, seconds=5.0))
    assert told == [Queued(ahead=4, seconds=2.0)] * 2
    first(Running(fraction=0.5, text="step 1", seconds=0.5))
    assert told[-1] == Running(fraction=0.125, text="step 1", seconds=8.0)


def test_the_share_that_is_done_counts_seconds_not_jobs() -> None:
    told: list[Status] = []
    combined = Combined([1, 3], told.append)
    combined.listener(0)(Running(fraction=1.0, text="drawing", seconds=0.0))
    combined.end(0)
    combined.listener(1)(Running(fraction=1 / 3, text="training", seconds=2.0))
    assert told[-1] == Running(fraction=0.5, text="training", seconds=2.0)
    before = len(told)
    combined.end(1)
    assert len(told) == before  # the reply says so itself
