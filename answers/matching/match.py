"""A question → the entry that answers it, a few to choose from, or nothing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answers.catalog import Catalog
from answers.matching.index import LexicalIndex
from answers.matching.text import asked, literal, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

# Cosines. Set on questions written for this purpose (tests/answers/matching); a wrong answer costs a
# student more trust than an offer, so the first is high and close seconds are offered, not answered.
_ANSWER = 0.7
_MARGIN = 0.06
_ENOUGH = {1: 0.95, 2: 0.78}
_OFFER = 0.4
_OFFER_ONE = 0.6
_CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry and how close the question is to it, from 0 to 1."""

    id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One entry answers the question."""

    id: str
    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Two or three entries might; the person chooses."""

    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """No entry answers it."""

    confidence: float
    candidates: tuple[Candidate, ...]


Match = Answer | Offer | Silent


class Matcher:
    """Finds entries of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._titles: Mapping[str, str] = {entry.id: entry.title for entry in catalog}
        self._index = LexicalIndex(catalog)
        self._exact = _own_words(catalog)

    def match(self, question: str) -> Match:
        """Decide what to do with a question; the confidence is the best candidate's score."""
        scores: dict[str, float] = {}
        for text in asked(question):
            for id_, score in self._index.scores(text).items():
                scores[id_] = max(score, scores.get(id_, 0.0))
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:_CANDIDATES]
        candidates = tuple(
            Candidate(id=id_, title=self._titles[id_], score=round(score, 4))
            for id_, score in ranked
            if score > 0
        )
        if not candidates:
            return Silent(confidence=0.0, candidates=())
        if (own := self._exact.get(literal(question))) is not None:
            known = next((one for one in candidates if one.id == own), None)
            first = known or Candidate(id=own, title=self._titles[own], score=1.0)
            others = (one for one in candidates if one.id != own)
            return Answer(id=own, confidence=1.0, candidates=(first, *others)[:_CANDIDATES])
        best = candidates[0]
        second = candidates[1].score if len(candidates) > 1 else 0.0
        # The fewer words, the closer they have to be: one alone is a topic, not a question.
        count = len(set(tokens(question)))
        enough = _ENOUGH.get(count, _ANSWER)
        if best.score >= enough and best.score - second >= _MARGIN:
            return Answer(id=best.id, confidence=best.score, candidates=candidates)
        if best.score >= (_OFFER_ONE if count == 1 else _OFFER) and len(candidates) > 1:
            likely = [candidate for candidate in candidates if candidate.score >= _OFFER / 2]
            # A choice is between two at least.
            return Offer(confidence=best.score, candidates=candidates[: max(len(likely), 2)])
        return Silent(confidence=best.score, candidates=candidates)


def _own_words(catalog: Catalog) -> "Mapping[str, str]":
    """Map each title and phrasing, to the letter, to its entry; those of two entries decide nothing."""
    owners: dict[str, set[str]] = {}
    for entry in catalog:
        for text in (entry.title, *entry.phrasings):
            owners.setdefault(literal(text), set()).add(entry.id)
    return {text: ids.pop() for text, ids in owners.items() if len(ids) == 1 and text}
