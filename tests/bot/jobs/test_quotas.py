"""Who may have how many requests under way."""

import pytest

from bot.jobs.asker import Asker
from bot.jobs.quotas import Admissions, Quotas, TooManyRequests

QUOTAS = Quotas(per_person=2, per_place=3, in_all=5)


def asker(person: str, place: str = "school") -> Asker:
    return Asker(person=person, place=place)


def test_a_person_s_requests_are_counted_not_their_jobs() -> None:
    admissions = Admissions(QUOTAS)
    first, second = asker("ann"), asker("ann")
    for _ in range(10):
        admissions.admit(first)
    admissions.admit(second)
    with pytest.raises(TooManyRequests, match=r"^You have 2 requests under way, .* or cancel one"):
        admissions.admit(asker("ann"))
    admissions.admit(first)  # one that was let in may need more jobs
    admissions.release(second)
    admissions.admit(asker("ann"))


def test_a_request_counts_until_its_last_job_is_done() -> None:
    admissions = Admissions(Quotas(per_person=1))
    first = asker("ann")
    admissions.admit(first)
    admissions.admit(first)
    admissions.release(first)
    with pytest.raises(TooManyRequests):
        admissions.admit(asker("ann"))
    admissions.release(first)
    admissions.admit(asker("ann"))


def test_one_server_does_not_take_everything() -> None:
    admissions = Admissions(QUOTAS)
    for person in "abc":
        admissions.admit(asker(person))
    with pytest.raises(TooManyRequests, match=r"^This server has 3 requests under way"):
        admissions.admit(asker("d"))
    admissions.admit(asker("d", "another school"))


def test_there_is_an_end_to_what_everybody_together_may_ask() -> None:
    admissions = Admissions(QUOTAS)
    for number in range(5):
        admissions.admit(asker(str(number), f"school {number}"))
    with pytest.raises(TooManyRequests, match="More people are asking than I can answer at once"):
        admissions.admit(asker("5", "school 5"))


def test_who_has_no_name_is_not_limited() -> None:
    admissions = Admissions(QUOTAS)
    for _ in range(10):
        admissions.admit(Asker())
    for _ in range(10):
        admissions.admit(Asker(warming=True))


def test_nothing_is_kept_of_those_who_left() -> None:
    admissions = Admissions(QUOTAS)
    askers = [asker(str(number % 3), f"school {number % 2}") for number in range(4)]
    for one in askers:
        admissions.admit(one)
    for one in askers:
        admissions.release(one)
    assert not admissions._jobs  # pyright: ignore[reportPrivateUsage]
    assert not admissions._by_person  # pyright: ignore[reportPrivateUsage]
    assert not admissions._by_place  # pyright: ignore[reportPrivateUsage]
