"""What the benchmarks of jobs compute: fair shares, percentiles, verdicts, and who asks what."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks.jobs import leaks, scenario
from benchmarks.jobs.fair import Work, fair_ends
from benchmarks.jobs.goals import Goal, at_most, exactly, percentile, verdicts
from benchmarks.jobs.requests import BAD, GREEDY
from benchmarks.jobs.requests import scenario as requests
from benchmarks.jobs.shares import waits

pytestmark = pytest.mark.long


def work(person: str, arrival: float, seconds: float) -> Work:
    return Work(person=person, arrival=arrival, seconds=seconds)


def test_one_person_has_all_slots_but_a_job_has_only_one() -> None:
    assert fair_ends([work("ann", 0, 3)], 2) == [3]
    assert fair_ends([work("ann", 1, 3), work("ann", 1, 2)], 2) == [4, 3]


def test_what_is_shared_ends_together() -> None:
    assert fair_ends([work("ann", 0, 1), work("bob", 0, 1)], 1) == pytest.approx([2, 2])


def test_people_share_and_not_jobs() -> None:
    # Ann's three jobs have half of the slot together; Bob's has the other half.
    ends = fair_ends([*[work("ann", 0, 1)] * 3, work("bob", 0, 1)], 1)
    assert ends == pytest.approx([4, 4, 4, 2])


def test_what_one_person_cannot_use_is_left_to_the_others() -> None:
    # Bob has one job, so one slot; Ann has the two others.
    ends = fair_ends([*[work("ann", 0, 1)] * 4, work("bob", 0, 2)], 3)
    assert ends == pytest.approx([2, 2, 2, 2, 2])


def test_who_comes_later_shares_what_is_left() -> None:
    # Ann has the slot for 1 s, then half of it.
    assert fair_ends([work("ann", 0, 2), work("bob", 1, 1)], 1) == pytest.approx([3, 3])
    # Nobody is there in between.
    assert fair_ends([work("ann", 0, 1), work("bob", 5, 1)], 1) == pytest.approx([1, 6])


def test_the_slots_are_never_idle_while_somebody_waits() -> None:
    works = [work(f"person {n % 5}", 0.1 * n, 0.2 + 0.1 * (n % 7)) for n in range(40)]
    assert max(fair_ends(works, 1)) == pytest.approx(sum(one.seconds for one in works))


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1), (25, 1), (26, 2), (50, 2), (75, 3), (99, 4), (100, 4)]
)
def test_percentiles_are_values_that_were_measured(percent: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == value


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 50))


def test_a_goal_is_met_or_missed() -> None:
    assert at_most("a", 20, 20.0).met
    assert not at_most("a", 20, 20.1).met
    assert not at_most("a", 20, float("nan")).met
    assert exactly("a", 43, 43).met
    assert not exactly("a", 43, 42).met


def test_a_missed_goal_is_said_aloud() -> None:
    goals = [at_most("lag", 20, 31.0, "ms", 40.0), exactly("answered", 43, 43, "15")]
    assert verdicts(goals).splitlines()[2:] == [
        "| lag | ≤ 20 ms | 31.0 ms | **missed** | 40.0 ms |",
        "| answered | 43 | 43 | met | 15 |",
    ]
    assert "never" in verdicts([at_most("gone", 20, float("nan"), "s")])
    assert isinstance(goals[0], Goal)


def test_the_scenario_has_49_requests_of_11_people() -> None:
    asked = requests()
    assert len(asked) == 49
    assert len({one.person for one in asked}) == 11
    assert Counter(one.bad for one in asked if one.bad) == dict.fromkeys(BAD, 1)
    assert [one.at for one in asked] == sorted(one.at for one in asked)
    # Those with something bad ask for something good, too.
    good = {one.person for one in asked if one.bad is None}
    assert good == {one.person for one in asked}


def test_the_scenario_has_duplicates_plots_and_somebody_greedy() -> None:
    good = [one for one in requests() if one.bad is None]
    wanted = Counter(str(one.job.request) for one in good)
    assert sorted(wanted.values())[-2:] == [4, 4]
    assert sum(bool(one.job.request["themes"]) for one in good) == 18
    assert Counter(one.person for one in good).most_common(1) == [(GREEDY, 15)]


def ended(bad: str | None, error: str, person: str = "ann", seconds: float = 1.0) -> dict[str, Any]:
    return {"bad": bad, "error": error, "person": person, "seconds": seconds}


def test_a_bad_request_counts_only_with_its_own_error() -> None:
    found = {
        "ended": [
            ended("hang", "JobTimedOut"),
            ended("segfault", "JobCrashed"),
            ended("hog", ""),  # an answer, with all the memory it liked
            ended("bug", "BrokenProcessPool"),
            ended(None, ""),
            ended(None, "BrokenProcessPool"),
        ]
    }
    assert scenario.own_errors(found) == 2
    assert scenario.own_errors(found, {"bug": "BrokenProcessPool"}) == 1
    assert scenario.answered(found) == (1, 2)


def test_the_order_of_service_counts_answers_only() -> None:
    found = {
        "ended": [
            ended(None, "", GREEDY, 9.0),
            ended(None, "JobFailed", "bob", 100.0),
            ended(None, "", "bob", 2.0),
            ended("bug", "JobFailed", "ann", 50.0),
        ]
    }
    assert scenario.order(found) == (9.0, 2.0)


def test_leaking_jobs_count_by_how_they_ought_to_end() -> None:
    outcomes = {"good: result": 5, "good: JobFailed": 1, "hang: JobTimedOut": 2, "hog: result": 3}
    assert leaks.right(outcomes) == (5, 2)


def served(person: int, began: float, end: float, *jobs: str, error: str = "") -> Mapping[str, Any]:
    asking = {"person": person, "kind": "tailored"}
    return {"asking": asking, "began": began, "ended": end, "jobs": list(jobs), "error": error}


def span(key: str, began: float, ended: float) -> Mapping[str, Any]:
    return {"key": key, "began": began, "ended": ended}


def test_waits_are_compared_with_ideal_sharing() -> None:
    # One slot: Ann's job runs first, though both asked at once; sharing, both would end after 4 s.
    people = [served(1, 0.0, 2.0, "a"), served(2, 0.0, 4.0, "b"), served(3, 0.0, 0.01, "cached")]
    found = waits(people, [span("a", 0.0, 2.0), span("b", 2.0, 4.0)], 1)
    assert [wait.ratio for wait in found] == pytest.approx([0.5, 1.0])
    assert [wait.allowance for wait in found] == [0, 0]


def test_a_job_under_way_is_an_allowance_for_who_comes_meanwhile() -> None:
    people = [served(1, 0.0, 10.0, "long"), served(2, 1.0, 11.0, "short")]
    found = waits(people, [span("long", 0.0, 10.0), span("short", 10.0, 11.0)], 1)
    assert found[1].ratio == pytest.approx(10 / 2)
    assert found[1].allowance == 10
    assert found[1].ratio_allowed == pytest.approx(10 / 12)


def test_who_joins_a_job_has_it_when_the_first_would_but_no_sooner_than_it_takes() -> None:
    people = [served(1, 0.0, 2.0, "same"), served(2, 1.5, 2.0, "same")]
    found = waits(people, [span("same", 0.0, 2.0)], 1)
    assert [wait.fair for wait in found] == [2, 2]
    assert found[1].waited == 0.5
