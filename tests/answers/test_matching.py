"""Entries are found by their own words at once, noise is met with silence, and nothing depends on chance."""

import subprocess
import sys

import pytest
from answer_samples import effort, library_of, sample

from answers.catalog import Catalog, load
from answers.matching import Answer, Match, Matcher, Offer, Silent


def own_texts() -> list[tuple[str, str]]:
    return [(entry.id, text) for entry in load() for text in (entry.title, *entry.phrasings)]


def answered(found: Match) -> str | None:
    return found.id if isinstance(found, Answer) else None


def test_the_question_this_project_started_with_is_answered(matcher: Matcher) -> None:
    found = matcher.match("But is it a problem of backpropagation itself?")
    assert isinstance(found, Answer)
    assert found.id == "backprop_not_cause"
    assert found.confidence == found.candidates[0].score > 0.9


@pytest.mark.parametrize(("id_", "text"), own_texts())
def test_a_title_and_each_phrasing_find_their_own_entry(matcher: Matcher, id_: str, text: str) -> None:
    assert answered(matcher.match(text)) == id_


@pytest.mark.parametrize(
    "text",
    [
        "IS IT A PROBLEM OF BACKPROPAGATION ITSELF???",
        "so...   is it a problem\nof backpropagation\titself",
        "<@123456789> is it a problem of backpropagation itself?",
        "> earlier: how do LSTMs work?\nis it a problem of backpropagation itself?",
        "is it a problem of backpropagation itself? see https://example.org/cnn-gpu-convex",
        "```python\nloss.backward()\n```\nis it a problem of backpropagation itself?",
        "Hi! I was ill last week. Is it a problem of backpropagation itself? Thanks, Ada",
        "\uff49s it a problem of \uff42ackpropagation itself?",
        "is it a problem of backpropagation its\u00e9lf",
        "is it a problem of backpropagation itself " * 40,
    ],
)
def test_what_stands_around_a_question_does_not_hide_it(matcher: Matcher, text: str) -> None:
    assert answered(matcher.match(text)) == "backprop_not_cause"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "?",
        "???!!!...",
        "\U0001f642\U0001f642\U0001f680",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
        "\0" * 50,
        "\ud800",
        "\u200b\u200b\u200b",
        "why how what when",
        "x" * 10_000,
        "word " * 2_000,
        "a?" * 5_000,
        "?" * 10_000,
        "`" * 10_000,
        "\n>" * 5_000,
        "<@" * 5_000,
        "https://" * 1_250,
        "lorem ipsum dolor sit amet " * 400,
        "0123456789 " * 900,
        "```python\nis it a problem of backpropagation itself?\n```",
        "```\nis it a problem of backpropagation itself?",
        "> is it a problem of backpropagation itself?",
        "> is it a problem\n> of backpropagation itself?",
        "https://example.org/is-it-a-problem-of-backpropagation-itself",
        "\u0456\u0455 \u0456t \u0430 \u0440r\u043ebl\u0435m \u043ef b\u0430\u0441k\u0440r\u043e\u0440",
        "\u4e0d\u662f\u53cd\u5411\u4f20\u64ad\u7684\u95ee\u9898\u5417",
    ],
)
def test_noise_code_and_quotes_are_met_with_silence_and_little_work(matcher: Matcher, text: str) -> None:
    with effort(memory=False) as spent:
        found = matcher.match(text)
    assert isinstance(found, Silent)
    assert spent.calls < 100_000
    assert spent.seconds < 2


def test_letters_beyond_the_limit_are_not_read(matcher: Matcher) -> None:
    question = "is it a problem of backpropagation itself?"
    assert answered(matcher.match(question + " " * 10_000 + "x " * 10_000)) == "backprop_not_cause"
    assert isinstance(matcher.match(" " * 10_000 + question), Silent)


def test_candidates_are_distinct_ranked_and_at_most_three(matcher: Matcher) -> None:
    for _, text in own_texts():
        found = matcher.match(text)
        scores = [candidate.score for candidate in found.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        assert len({candidate.id for candidate in found.candidates}) == len(scores) <= 3


def test_a_topic_that_several_answers_share_is_offered(matcher: Matcher) -> None:
    found = matcher.match("vanishing gradient")
    assert isinstance(found, Offer)
    assert {candidate.id for candidate in found.candidates} >= {"what_is_vanishing", "remedies"}


def test_an_added_entry_is_found_at_once_and_a_removed_one_no_more(shipped: Catalog) -> None:
    question = "does my kettle get warmer?"
    assert isinstance(Matcher(shipped).match(question), Silent)
    assert answered(Matcher(library_of(*shipped, sample())).match(question)) == "sample"
    assert isinstance(Matcher(library_of(*shipped)).match(question), Silent)


def test_an_added_entry_does_not_take_questions_away_from_the_others(shipped: Catalog) -> None:
    matcher = Matcher(library_of(*shipped, sample()))
    assert all(answered(matcher.match(text)) == id_ for id_, text in own_texts())


def test_an_empty_library_answers_nothing() -> None:
    assert Matcher(library_of()).match("is it a problem of backpropagation itself?") == Silent(
        confidence=0.0, candidates=()
    )


def test_a_library_of_one_answers_its_own_question() -> None:
    assert answered(Matcher(library_of(sample())).match("how warm is the kettle")) == "sample"


def test_the_order_of_the_entries_and_of_the_questions_changes_nothing(shipped: Catalog) -> None:
    texts = [text for _, text in own_texts()][::5]
    forwards, backwards = Matcher(shipped), Matcher(library_of(*reversed(list(shipped))))
    there = [forwards.match(text) for text in texts]
    back = [backwards.match(text) for text in reversed(texts)][::-1]
    assert [answered(found) for found in there] == [answered(found) for found in back]
    assert [found.confidence for found in there] == [found.confidence for found in back]
    assert there == [forwards.match(text) for text in texts]


def test_two_processes_with_different_hash_seeds_agree() -> None:
    program = (
        "from answers.catalog import load; from answers.matching import Matcher; m = Matcher(load());"
        "print([m.match(t) for e in load() for t in (e.title, e.phrasings[-1])])"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != b""


@pytest.mark.parametrize("text", ["can i train on two gpus at once", "what is max pooling in a cnn"])
def test_an_offer_lets_one_choose_between_two_or_three(matcher: Matcher, text: str) -> None:
    found = matcher.match(text)
    assert not isinstance(found, Offer) or len(found.candidates) >= 2
