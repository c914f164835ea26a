"""Near-duplicates stand together, different topics apart, always in the same way."""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inbox_samples import CHOSEN_ON, HELD_OUT

from answers.catalog import load
from answers.matching import Matcher
from answers.matching.methods import MEANING, WORDS
from bot.errors import BadRequest
from bot.inbox.collecting import collect
from bot.inbox.group import GroupId, People
from bot.inbox.grouping import THRESHOLDS, group
from bot.inbox.kinds import apart
from bot.inbox.readings import Readings
from bot.storage.inbox import Asked, Reason

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
READINGS = {MEANING: Readings(), WORDS: Readings()}


@pytest.fixture(scope="module", params=[MEANING, WORDS])
def matcher(request: pytest.FixtureRequest, shipped_matcher: Matcher) -> Matcher:
    if request.param == shipped_matcher.method:
        return shipped_matcher
    return Matcher(load(), method=request.param)


@pytest.fixture(scope="module")
def by_meaning(shipped_matcher: Matcher) -> Matcher:
    assert shipped_matcher.method == MEANING
    return shipped_matcher


def asked(text: str, *ids: int, reason: Reason = Reason.UNANSWERED, slug: str | None = None) -> Asked:
    return Asked(text=text, reason=reason, slug=slug, ids=ids, people=1, first_at=NOW, last_at=NOW)


def grouped(matcher: Matcher, *texts: str) -> list[set[str]]:
    rows = [asked(text, number) for number, text in enumerate(texts, start=1)]
    return [set(one.wordings) for one in collect(rows, matcher, READINGS[matcher.method])]


def agreement(matcher: Matcher, topics: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """Return which share of the pairs that stand together belong together, and the other way round."""
    topic = {text: name for name, texts in topics.items() for text in texts}
    groups = grouped(matcher, *topic)
    together = {frozenset(pair) for one in groups for pair in combinations(sorted(one), 2)}
    belong = {frozenset(pair) for texts in topics.values() for pair in combinations(texts, 2)}
    right = len(together & belong)
    return right / len(together), right / len(belong)


def test_by_meaning_the_groups_are_the_topics(by_meaning: Matcher) -> None:
    everything = {**CHOSEN_ON, **HELD_OUT}
    assert agreement(by_meaning, CHOSEN_ON) == (1, 1)
    assert agreement(by_meaning, HELD_OUT) == (1, 1)
    assert agreement(by_meaning, everything) == (1, 1)


def test_by_words_the_groups_are_mostly_the_topics(matcher: Matcher) -> None:
    precision, recall = agreement(matcher, HELD_OUT)
    assert precision >= 0.95
    assert recall >= 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("when is the exam", "where is the exam"),
        ("deadline of homework 3?", "deadline of homework 4?"),
        ("when is the exam", "is a cheat sheet allowed in the exam"),
        ("what is beam search", "what is self attention"),
    ],
)
def test_what_only_sounds_alike_stands_apart(matcher: Matcher, one: str, other: str) -> None:
    assert len(grouped(matcher, one, other)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("when is the exam", "When is the EXAM??"),
        ("deadline of homework 3?", "homework 3 deadline"),
        ("does my lstm forget with 50 layers", "does my lstm forget with 100 layers"),
    ],
)
def test_what_means_the_same_stands_together(matcher: Matcher, one: str, other: str) -> None:
    assert len(grouped(matcher, one, other)) == 1


def test_when_and_where_are_apart_but_not_from_what_says_neither() -> None:
    assert apart(["when is it", "where is it", "what is it", "when and where is it"]).tolist() == [
        [False, True, False, False],
        [True, False, False, False],
        [False, False, False, False],
        [False, False, False, False],
    ]


def test_the_order_of_arrival_does_not_matter(by_meaning: Matcher) -> None:
    texts = [text for texts in HELD_OUT.values() for text in texts]
    rows = [asked(text, number) for number, text in enumerate(texts, start=1)]
    expected = collect(rows, by_meaning, READINGS[MEANING])
    for seed in range(3):
        random.Random(seed).shuffle(rows)  # noqa: S311  no secret
        assert collect(rows, by_meaning, READINGS[MEANING]) == expected


def test_nobody_is_far_from_who_speaks_for_the_group() -> None:
    # A chain: each is near to its neighbours, the ends are far from each other.
    angles = np.linspace(0, np.pi / 2, 10)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    texts = [chr(97 + number) for number in range(10)]
    groups = group(texts, [1] * 10, vectors, 0.95)
    assert len(groups) > 1
    assert all(vectors[one] @ vectors[members[0]] >= 0.95 for members in groups for one in members)


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="abc", min_size=1, max_size=6),
            st.integers(1, 50),
            st.tuples(*[st.integers(-9, 9)] * 3),
        ),
        unique_by=lambda one: one[0],
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_every_text_is_in_one_group_whatever_the_order(
    rows: list[tuple[str, int, tuple[int, int, int]]], chance: random.Random
) -> None:
    def found(some: Sequence[tuple[str, int, tuple[int, int, int]]]) -> set[tuple[str, ...]]:
        vectors = np.array([row[2] for row in some], dtype=np.float32).reshape(-1, 3) + 0.5
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        texts = [row[0] for row in some]
        return {
            tuple(texts[place] for place in members)
            for members in group(texts, [row[1] for row in some], vectors, 0.8)
        }

    expected = found(rows)
    assert sorted(text for members in expected for text in members) == sorted(row[0] for row in rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert found(shuffled) == expected


def test_the_most_asked_stand_first_and_are_told_by_who_speaks_for_them(by_meaning: Matcher) -> None:
    rows = [
        asked("what is beam search", 1, 2),
        asked("when is the exam", 3, 4, 5),
        asked("exam date?", 6),
        asked("on which day do we write the exam", 7),
    ]
    first, second = collect(rows, by_meaning, READINGS[MEANING])
    assert (first.question, first.asked, first.ids) == ("when is the exam", 5, (3, 4, 5, 6, 7))
    assert (second.question, second.asked) == ("what is beam search", 2)


def test_why_questions_are_there_is_told_and_choices_are_no_questions(by_meaning: Matcher) -> None:
    text = "what is beam search"
    rows = [
        asked(text, 1, 2),
        asked(text, 3, reason=Reason.MISMATCH, slug="rnn"),
        asked(text, 4, reason=Reason.UNHELPFUL, slug="rnn"),
        asked(text, 5, slug="lstm"),
    ]
    [found] = collect(rows, by_meaning, READINGS[MEANING])
    assert found.reasons == {Reason.UNANSWERED: 2, Reason.MISMATCH: 1, Reason.UNHELPFUL: 1}
    assert (found.wrong, found.chosen, found.asked) == ({"rnn": 1}, {"lstm": 1}, 4)
    assert found.ids == (1, 2, 3, 4, 5)


def test_of_people_it_is_told_whether_they_are_several(by_meaning: Matcher) -> None:
    def people(*rows: Asked) -> People:
        [found] = collect(rows, by_meaning, READINGS[MEANING])
        return found.people

    many = Asked(text="exam date?", reason=Reason.UNANSWERED, ids=(8, 9), people=2, first_at=NOW, last_at=NOW)
    assert people(asked("when is the exam", 1, 2)) is People.ONE
    assert people(asked("when is the exam", 1), many) is People.SEVERAL
    assert people(asked("when is the exam", 1), asked("exam date?", 2)) is People.UNKNOWN


def test_a_group_is_found_again_whatever_was_asked_since(by_meaning: Matcher) -> None:
    rows = [asked("when is the exam", 1, 2), asked("what is beam search", 3)]
    before = collect(rows, by_meaning, READINGS[MEANING])
    id_ = GroupId.read(str(before[0].id))
    later = [asked("when is the exam", 1, 2, 4), asked("exam date?", 5, 6, 7, 8), rows[1]]
    now = collect(later, by_meaning, READINGS[MEANING])
    again = collect(later, by_meaning, READINGS[MEANING], id_.horizon)
    assert now[0].asked == 7
    assert again == before


@pytest.mark.parametrize("text", ["", "1", "1.", "a.b", "1.2.3", "-1.2", "1." + "9" * 30, "١.٢"])
def test_a_number_of_no_group_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="A group of the inbox looks like"):
        GroupId.read(text)


@pytest.mark.parametrize("text", ["???", "<@123>", "😀", "```x```", "a" * 2000])
def test_what_has_no_words_is_grouped_too(matcher: Matcher, text: str) -> None:
    assert grouped(matcher, text, "when is the exam") == [{"when is the exam"}, {text}] or grouped(
        matcher, text, "when is the exam"
    ) == [{text}, {"when is the exam"}]


def test_an_empty_inbox_has_no_groups(matcher: Matcher) -> None:
    assert collect([], matcher, Readings()) == ()


def test_two_thousand_questions_are_grouped_fast() -> None:
    """The goal is 300 ms, see `benchmarks inbox`; here it is told from what would be ten times too slow."""
    random_numbers = np.random.default_rng(0)
    vectors = random_numbers.standard_normal((2000, 384)).astype(np.float32)
    vectors[1000:] = vectors[:1000] + 0.3 * vectors[1000:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"question {number}" for number in range(2000)]
    start = time.process_time()
    groups = group([f"{text} x" for text in texts], [1] * 2000, vectors, THRESHOLDS[MEANING])
    assert time.process_time() - start < 3
    assert len(groups) == 2000  # the numbers in them differ
    words = [
        text.replace("question ", "q").translate(str.maketrans("0123456789", "abcdefghij")) for text in texts
    ]
    assert len(group(words, [1] * 2000, vectors, THRESHOLDS[MEANING])) == 1000


def test_the_vectors_of_texts_are_remembered_and_the_texts_are_not(by_meaning: Matcher) -> None:
    readings = Readings(most=2)
    secret = "what did my neighbour get for homework 17"
    readings.vectors(by_meaning.tools.reader, [secret, "b", "c"])
    assert len(readings) == 2
    assert secret not in str(vars(readings))
