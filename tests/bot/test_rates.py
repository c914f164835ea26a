"""Who asks too often hears so once a minute; nobody else is held up by it."""

import pytest

from bot.rates import RateLimits, Rates


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_one_person_who_asks_too_often_is_told_once_and_then_nothing(clock: Clock) -> None:
    limits = RateLimits(Rates(per_person=3), clock=clock)
    for _ in range(3):
        assert limits.refusal(1, 7) is None
        clock.now += 1
    refused = [limits.refusal(1, channel) for channel in (7, 8, None)]
    assert [found.first for found in refused if found] == [True, False, False]
    assert refused[0] is not None
    assert (
        refused[0].text == "You asked 3 times in a minute, which is as often as I can answer; go on in 57 s."
    )
    assert limits.refusal(2, 7) is None


def test_after_a_minute_it_begins_anew_and_refusals_do_not_count(clock: Clock) -> None:
    limits = RateLimits(Rates(per_person=2), clock=clock)
    for _ in range(10):
        limits.refusal(1, None)
    clock.now += 60
    assert [limits.refusal(1, None) is None for _ in range(3)] == [True, True, False]
    later = limits.refusal(1, None)
    assert later is not None
    assert not later.first


def test_a_channel_has_a_limit_of_its_own(clock: Clock) -> None:
    limits = RateLimits(Rates(per_channel=5), clock=clock)
    assert all(limits.refusal(person, 7) is None for person in range(5))
    refused = limits.refusal(9, 7)
    assert refused is not None
    assert refused.text.startswith("5 requests came from here in a minute")
    assert limits.refusal(9, 8) is None


def test_who_is_refused_in_a_full_channel_has_lost_nothing(clock: Clock) -> None:
    limits = RateLimits(Rates(per_person=2, per_channel=1), clock=clock)
    limits.refusal(1, 7)
    for _ in range(5):
        assert limits.refusal(2, 7) is not None
    assert [limits.refusal(2, None) is None for _ in range(3)] == [True, True, False]


def test_the_bot_speaks_up_only_now_and_then(clock: Clock) -> None:
    limits = RateLimits(Rates(unasked=2), clock=clock)
    assert [limits.may_speak_up(7) for _ in range(4)] == [True, True, False, False]
    assert limits.may_speak_up(8)
    clock.now += 61
    assert limits.may_speak_up(7)


def test_what_is_remembered_does_not_grow_for_ever(clock: Clock) -> None:
    limits = RateLimits(Rates(per_person=1), clock=clock)
    for person in range(25_000):
        limits.refusal(person, None)
        limits.refusal(person, None)
    assert limits.remembered == 20_000
