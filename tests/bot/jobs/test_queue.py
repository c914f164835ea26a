"""Who has a turn when: priorities first, then the people one after the other."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.asker import Priority
from bot.jobs.queue import FairQueue

ANSWER, LONG, WARMING = Priority


def queue(*waiting: tuple[str, str] | tuple[str, str, Priority]) -> FairQueue[str]:
    """Make a queue of (job, person) or (job, person, priority)."""
    made = FairQueue[str]()
    for item, person, *priority in waiting:
        made.add(item, person, priority[0] if priority else ANSWER)
    return made


def taken(waiting: FairQueue[str]) -> list[str]:
    items: list[str] = []
    while found := waiting.take():
        items.append(found[0])
    return items


def announced(waiting: FairQueue[str]) -> list[str]:
    return [item for item, _ in waiting.order()]


def test_the_people_take_turns_however_much_one_of_them_wants() -> None:
    waiting = queue(*((f"greedy{n}", "greedy") for n in range(4)), ("a", "ann"), ("b", "bob"))
    assert announced(waiting) == ["greedy0", "a", "b", "greedy1", "greedy2", "greedy3"]
    assert taken(waiting) == ["greedy0", "a", "b", "greedy1", "greedy2", "greedy3"]
    assert len(waiting) == 0


def test_one_person_s_jobs_keep_their_order() -> None:
    assert taken(queue(*((str(n), "ann") for n in range(20)))) == [str(n) for n in range(20)]


def test_who_comes_back_has_a_turn_after_those_who_wait() -> None:
    waiting = queue(("a1", "ann"), ("b1", "bob"), ("c1", "cid"))
    assert waiting.take() == ("a1", "ann")
    waiting.add("a2", "ann", ANSWER)
    assert taken(waiting) == ["b1", "c1", "a2"]


def test_quick_jobs_overtake_long_ones_but_not_for_ever() -> None:
    waiting = queue(("long1", "ann", LONG), ("long2", "bob", LONG), *((f"q{n}", f"p{n}") for n in range(10)))
    expected = ["q0", "q1", "q2", "q3", "long1", "q4", "q5", "q6", "q7", "long2", "q8", "q9"]
    assert announced(waiting) == expected
    assert taken(waiting) == expected


def test_warming_comes_last() -> None:
    waiting = queue(("w", "bot", WARMING), ("long", "ann", LONG), ("q", "bob"))
    assert taken(waiting) == ["q", "long", "w"]


def test_a_job_that_several_want_has_the_first_turn_of_any_of_them() -> None:
    waiting = queue(("a1", "ann"), ("a2", "ann"), ("shared", "ann"), ("b1", "bob"), ("shared", "cid"))
    assert taken(waiting) == ["a1", "b1", "shared", "a2"]


def test_a_job_that_is_wanted_is_not_warming_any_more() -> None:
    waiting = queue(("w1", "bot", WARMING), ("w2", "bot", WARMING), ("a", "ann"))
    waiting.add("w2", "bob", ANSWER)
    assert taken(waiting) == ["a", "w2", "w1"]
    waiting = queue(("w", "ann"))
    waiting.add("w", "bot", WARMING)  # nor does it become warming again
    waiting.add("b", "bob", ANSWER)
    assert taken(waiting) == ["w", "b"]


def test_who_leaves_gives_up_the_place_but_not_those_of_others() -> None:
    waiting = queue(("shared", "ann"), ("b", "bob"), ("shared", "cid"))
    waiting.leave("shared", "ann")
    waiting.leave("shared", "nobody")
    assert taken(waiting) == ["b", "shared"]


def test_a_discarded_job_is_gone() -> None:
    waiting = queue(("a", "ann"), ("b", "bob"), ("a", "bob"))
    waiting.discard("a")
    waiting.discard("never there")
    assert "a" not in waiting
    assert taken(waiting) == ["b"]


def test_what_may_not_begin_is_passed_over_and_keeps_its_place() -> None:
    waiting = queue(("a1", "ann"), ("a2", "ann"), ("b1", "bob"))
    assert waiting.take(lambda item, _person: item[0] != "b" and item != "a1") == ("a2", "ann")
    assert waiting.take(lambda _item, _person: False) is None
    assert taken(waiting) == ["a1", "b1"]


def test_who_asks_for_little_need_not_wait_for_those_who_ask_for_much() -> None:
    waiting = FairQueue[str]()
    for person in "abc":
        waiting.add(f"{person} much", person, ANSWER, seconds=3.0)
    waiting.add("little", "d", ANSWER, seconds=0.2)
    assert taken(waiting) == ["little", "a much", "b much", "c much"]


def test_much_is_not_put_off_for_ever_by_little() -> None:
    waiting = FairQueue[str]()
    waiting.add("much", "ann", ANSWER, seconds=1.0)
    turns: list[str] = []
    for number in range(20):  # somebody new comes with every turn
        waiting.add(f"little {number}", f"person {number}", ANSWER, seconds=0.1)
        found = waiting.take()
        assert found
        turns.append(found[0])
    assert turns.index("much") == 10


def test_what_was_cancelled_costs_nothing() -> None:
    waiting = queue(("a1", "ann"), ("b1", "bob"))
    waiting.discard("a1")
    waiting.add("a2", "ann", ANSWER)
    assert taken(waiting) == ["b1", "a2"]
    waiting = queue(("a1", "ann"), ("a2", "ann"))
    waiting.discard("a2")
    waiting.add("a3", "ann", ANSWER)
    waiting.add("b1", "bob", ANSWER)
    waiting.add("b2", "bob", ANSWER)
    assert taken(waiting) == ["a1", "b1", "a3", "b2"]


def test_every_cancelled_job_is_given_back_not_only_the_last() -> None:
    waiting = FairQueue[str]()
    for number in range(5):
        waiting.add(f"a{number}", "ann", ANSWER, seconds=3.0)
    for number in (1, 0, 3, 2, 4):
        waiting.discard(f"a{number}")
    waiting.add("b", "bob", ANSWER, seconds=10.0)
    waiting.add("a", "ann", ANSWER, seconds=1.0)
    assert taken(waiting) == ["a", "b"]


def test_later_jobs_move_up_when_an_earlier_one_is_cancelled() -> None:
    waiting = queue(("a1", "ann"), ("a2", "ann"), ("b1", "bob"), ("a3", "ann"), ("b2", "bob"))
    waiting.discard("a1")
    assert taken(waiting) == ["a2", "b1", "a3", "b2"]


def test_who_joined_pays_when_who_asked_first_leaves() -> None:
    waiting = FairQueue[str]()
    for number in range(6):
        waiting.add(f"g{number}", "accomplice", ANSWER)
        waiting.add(f"g{number}", "greedy", ANSWER)
        waiting.leave(f"g{number}", "accomplice")
    for number in range(3):
        waiting.add(f"h{number}", f"honest {number}", ANSWER)
    assert set(taken(waiting)[:4]) == {"g0", "h0", "h1", "h2"}


def test_a_shared_job_costs_only_who_asked_first() -> None:
    waiting = queue(("shared", "ann"), ("shared", "bob"), ("a", "ann"), ("b", "bob"))
    assert taken(waiting) == ["shared", "b", "a"]


Places = st.lists(
    st.tuples(st.integers(0, 15), st.sampled_from("abcd"), st.sampled_from(Priority)), max_size=40
)


@given(Places)
def test_everything_is_taken_once_in_the_announced_order(places: list[tuple[int, str, Priority]]) -> None:
    waiting = queue(*((str(item), person, priority) for item, person, priority in places))
    order = announced(waiting)
    assert taken(waiting) == order
    assert sorted(order) == sorted({str(item) for item, _, _ in places})


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_nobody_has_two_turns_while_another_waits(wanted: list[int]) -> None:
    waiting = queue(
        *((f"{person}.{n}", str(person)) for person, many in enumerate(wanted) for n in range(many))
    )
    turns = [item.split(".")[0] for item in taken(waiting)]
    assert Counter(turns) == {str(person): many for person, many in enumerate(wanted)}
    for first, last in gaps(turns):
        others = set(turns[last:]) - {turns[first]}
        assert others <= set(turns[first + 1 : last])


def gaps(turns: list[str]) -> Iterable[tuple[int, int]]:
    """Yield the places of two turns in a row of one person."""
    before = defaultdict[str, list[int]](list)
    for place, person in enumerate(turns):
        if before[person]:
            yield before[person][-1], place
        before[person].append(place)
