"""Hundreds of messages that the matcher has not learnt from: most questions are answered, few wrongly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from answers.catalog import Catalog
from answers.matching import Answer, Match, Matcher, Mode
from answers.matching.examples import Labelled, read_labelled

ORDINARY = read_labelled(Path(__file__).parents[1] / "questions.jsonl")
OBLIQUE = read_labelled(Path(__file__).parents[1] / "questions_oblique.jsonl")


@dataclass(frozen=True)
class Outcomes:
    """What became of questions: shares of those with an answer, and the others that were answered."""

    first: float
    among: float
    right: float
    wrong: float
    intruded: Sequence[str]


@pytest.fixture(scope="module", params=["minilm", "lexical"])
def matcher(request: pytest.FixtureRequest, shipped: Catalog) -> Iterator[Matcher]:
    made = Matcher(shipped, method=request.param)
    # A reader remembers a text while somebody holds what it read: all are asked twice, and encoded once.
    held = [made.tools.reader.keep([label.text]) for label in (*ORDINARY, *OBLIQUE)]
    yield made
    del held


def outcomes(
    matcher: Matcher, catalog: Catalog, labelled: Sequence[Labelled], mode: Mode = Mode.ADDRESSED
) -> Outcomes:
    """Ask all; a narrow answer and the broad one that it is part of count as one."""
    found = [(label, matcher.match(label.text, mode=mode)) for label in labelled]
    known = [(family(catalog, label.ids), match) for label, match in found if label.ids[0] in catalog.entries]
    first = [ids(catalog, match)[:1] for _, match in known]
    among = [ids(catalog, match) for _, match in known]
    given = [(own, match) for own, match in known if isinstance(match, Answer)]
    right = sum(bool(own & family(catalog, [match.id])) for own, match in given)
    return Outcomes(
        first=sum(bool(own & set(one)) for (own, _), one in zip(known, first, strict=True)) / len(known),
        among=sum(bool(own & set(one)) for (own, _), one in zip(known, among, strict=True)) / len(known),
        right=right / len(known),
        wrong=(len(given) - right) / len(known),
        intruded=[
            label.text
            for label, match in found
            if label.ids[0] not in catalog.entries and isinstance(match, Answer)
        ],
    )


def family(catalog: Catalog, labels: Sequence[str]) -> set[str]:
    entries = [catalog.entries[id_] for id_ in labels if id_ in catalog.entries]
    return {entry.part_of or entry.id for entry in entries}


def ids(catalog: Catalog, match: Match) -> list[str]:
    return [id_ for one in match.candidates for id_ in family(catalog, [one.id])]


# A little below what was measured; benchmarks/RESULTS.md has the numbers and their intervals.
FLOORS = {
    "minilm": Outcomes(first=0.95, among=0.98, right=0.8, wrong=0.01, intruded=()),
    "lexical": Outcomes(first=0.9, among=0.96, right=0.65, wrong=0.03, intruded=()),
}


def test_ordinary_questions_find_their_answer(matcher: Matcher, shipped: Catalog) -> None:
    found, floor = outcomes(matcher, shipped, ORDINARY), FLOORS[matcher.method]
    assert found.first >= floor.first
    assert found.among >= floor.among
    assert found.right >= floor.right
    assert found.wrong <= floor.wrong
    assert len(found.intruded) <= 2, found.intruded


def test_in_a_channel_nobody_is_interrupted(matcher: Matcher, shipped: Catalog) -> None:
    found = outcomes(matcher, shipped, ORDINARY, Mode.CHANNEL)
    assert found.intruded == []
    assert found.wrong <= 0.01
    assert found.right >= {"minilm": 0.5, "lexical": 0.3}[matcher.method]


def test_oblique_questions_are_seldom_answered_wrongly(matcher: Matcher, shipped: Catalog) -> None:
    found = outcomes(matcher, shipped, OBLIQUE)
    assert found.wrong <= 0.05
    assert found.first >= {"minilm": 0.5, "lexical": 0.4}[matcher.method]
