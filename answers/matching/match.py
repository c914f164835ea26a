"""A message → the answer to it, a few to choose from, or nothing."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.caution import THRESHOLDS, Caution
from answers.matching.examples import load_examples
from answers.matching.exclusions import Exclusions, without
from answers.matching.families import Families
from answers.matching.gate import Ranked
from answers.matching.glossary import Glossary, load_glossary
from answers.matching.index import Index
from answers.matching.lessons import NO_LESSONS, Lessons
from answers.matching.methods import Tools, open_tools
from answers.matching.model import Model, refit_gate
from answers.matching.outcome import Answer, Candidate, Match, Mode, Offer, Silent
from answers.matching.own_words import OwnWords
from answers.matching.rehearsal import Question
from answers.matching.shelf import texts_digest
from answers.matching.stock import Stock
from answers.matching.text import (
    MAX_TEXT,
    is_question,
    questions,
    strip_markup,
    without_sizes,
    words,
)

if TYPE_CHECKING:  # the catalogue's reader uses a part of this package
    from answers.catalog import Catalog

_CANDIDATES = 3
_WORTH_NAMING = 0.5
# A library that has little in common with the shipped one learns nothing from the shipped questions.
_ENOUGH_TO_LEARN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a message, why in one sentence, and on what grounds; none if it says nothing."""

    match: Match
    reason: str
    question: Question | None = None
    ranked: Ranked | None = None


class Matcher:
    """Finds the answers of one library."""

    def __init__(
        self,
        catalog: "Catalog",
        *,
        method: str | None = None,
        glossary: Glossary | None = None,
        tools: Tools | None = None,
    ) -> None:
        """Read a library.

        Args:
            catalog: the answers.
            method: "minilm" for vectors of meaning, "lexical" for words; None takes the first if its weights
                are there.
            glossary: abbreviations; None takes the shipped ones.
            tools: those of another matcher, to use instead of a method and a glossary.

        Raises:
            NoWeights: "minilm" was asked for and its weights are not there.
        """
        texts = (text for entry in catalog for text in (entry.title, *entry.phrasings))
        tools = tools or open_tools(method, glossary or load_glossary(), load_examples(), texts)
        self._learn(catalog, tools, NO_LESSONS, None)

    def _learn(self, catalog: "Catalog", tools: Tools, lessons: Lessons, stock: Stock | None) -> None:
        self.tools = tools
        self.lessons = lessons
        self.model = _fit(catalog, tools, lessons, stock)
        self._own_words = OwnWords(catalog, lessons, tools.literals)
        self._titles = {entry.id: entry.title for entry in catalog}
        self.exclusions = Exclusions(lessons, self.model.index.ids, tools.reader)

    @property
    def method(self) -> str:
        """How texts are compared: "minilm" or "lexical"."""
        return self.tools.method

    def updated(self, catalog: "Catalog", lessons: Lessons | None = None) -> "Matcher":
        """Return a matcher for a changed library; texts that were there before are not encoded again.

        The two share what they can in memory, the vectors of the texts that the first matcher was made with.

        Args:
            catalog: the answers.
            lessons: what was taught besides; None is what this matcher was taught.
        """
        other = Matcher.__new__(Matcher)
        lessons = self.lessons if lessons is None else lessons
        other._learn(catalog, self.tools, lessons, self.model.index.stock)  # noqa: SLF001  of its own kind
        return other

    def warm(self) -> None:
        """Load what the first question and the first change of the library would wait for."""
        self.tools.reader.question("why do gradients vanish in deep networks, roughly")
        self.tools.rehearsal.evidence(self.model.index)

    def match(self, text: str, *, mode: Mode = Mode.ADDRESSED, caution: Caution = Caution.BALANCED) -> Match:
        """Decide what to do with a message; the confidence is the probability that the best is right."""
        return self.decide(text, mode, caution).match

    def decide(self, text: str, mode: Mode = Mode.ADDRESSED, caution: Caution = Caution.BALANCED) -> Decision:
        """Decide, and keep the grounds."""
        decision = self._decide(text[:MAX_TEXT], mode, caution)
        if decision.question is None or decision.ranked is None:
            return decision
        excluded = self.exclusions.of(decision.question.read, decision.ranked.evidence[0, :-1, 0])
        left = without(decision.match, excluded, mode) if excluded else decision.match
        if type(left) is type(decision.match):
            return replace(decision, match=left)
        return replace(
            decision, match=left, reason="Somebody said that it does not mean the likeliest answer."
        )

    def _decide(self, text: str, mode: Mode, caution: Caution) -> Decision:
        thresholds = THRESHOLDS[caution]
        enough = thresholds.enough(mode)
        if not words(self.tools.reader.plain(text)) or not self._titles:
            return Decision(match=Silent(confidence=0.0, candidates=()), reason="There is nothing to go by.")
        question, found, confidence = self._rank(text)
        own = strip_markup(text)
        general = without_sizes(own)
        if general != own and words(general):
            # "with 50 layers" says which network to run, not what the question is about.
            other = self._rank(general)
            if other[1].heads[0] == found.heads[0] and other[2] > confidence:
                question, found, confidence = other
        decision = Decision(
            match=Silent(confidence=confidence, candidates=self._candidates(found, confidence)),
            reason=f"No answer is likely to be right: {confidence} of {enough}.",
            question=question,
            ranked=found,
        )
        if mode is Mode.CHANNEL and not is_question(text):
            return replace(decision, reason="It is not a question, and nobody asked the bot.")
        if (known := self.known(text)) is not None:
            return replace(decision, match=self._certain(known, decision), reason="These are its own words.")
        if confidence >= enough:
            return replace(
                decision,
                match=self._answer(found, confidence),
                reason=f"It is likely enough: {confidence} of at least {enough}.",
            )
        several = len(decision.match.candidates) > 1
        if mode is Mode.ADDRESSED and confidence >= thresholds.offer and several:
            offer = Offer(confidence=confidence, candidates=decision.match.candidates)
            reason = f"Several answers might be right: {confidence} of {enough}."
            return replace(decision, match=offer, reason=reason)
        return decision

    def _rank(self, text: str) -> tuple[Question, Ranked, float]:
        read = self.tools.reader.question(text)
        question = Question(read=read, length=len(self.tools.reader.plain(text).split()))
        found = self.model.rank([question])
        return question, found, round(float(self.model.confidence(found, [question])[0]), 4)

    def _candidates(self, found: Ranked, confidence: float) -> tuple[Candidate, ...]:
        """Return the likeliest answers; the confidence is dealt out by their shares."""
        order = np.argsort(-found.families[0], kind="stable")[:_CANDIDATES].tolist()
        head, narrow = int(found.heads[0]), int(found.best[0])
        family = max(float(found.families[0, head]), 1e-9)
        share = {place: float(found.families[0, place]) / family for place in order}
        # The narrow answer of the likeliest family stands beside the broad one, which goes first.
        if narrow != head and found.shares[0, narrow] >= family * _WORTH_NAMING:
            share[narrow] = float(found.shares[0, narrow]) / family
        ranked = sorted(share, key=lambda place: (place != head, -share[place]))[:_CANDIDATES]
        scored = (self._candidate(place, confidence * share[place]) for place in ranked)
        return tuple(candidate for candidate in scored if candidate.score > 0)

    def _candidate(self, place: int, score: float) -> Candidate:
        id_ = self.model.index.ids[place]
        return Candidate(id=id_, title=self._titles[id_], score=round(score, 4))

    def _answer(self, found: Ranked, confidence: float) -> Answer:
        head, best = int(found.heads[0]), int(found.best[0])
        candidates = self._candidates(found, confidence)
        if best == head:
            return Answer(id=candidates[0].id, confidence=confidence, candidates=candidates)
        share = float(found.shares[0, best] / found.families[0, head])
        narrow = self._candidate(best, confidence * share)
        if self.model.families.is_certain(share, float(found.evidence[0, best, 0])):
            first = replace(narrow, score=confidence)
            others = (one for one in candidates if one.id != narrow.id)
            given = (first, *others)[:_CANDIDATES]
            return Answer(id=narrow.id, confidence=confidence, candidates=given)
        return Answer(id=candidates[0].id, confidence=confidence, candidates=candidates, narrower=narrow)

    def known(self, text: str) -> str | None:
        """Return the answer whose title or phrasing this is, word by word, or one of its questions."""
        owners = (self._own_words(part) for part in (text, *questions(text)))
        return next((owner for owner in owners if owner is not None), None)

    def _certain(self, id_: str, decision: Decision) -> Answer:
        others = tuple(one for one in decision.match.candidates if one.id != id_)
        first = Candidate(id=id_, title=self._titles[id_], score=1.0)
        return Answer(id=id_, confidence=1.0, candidates=(first, *others)[:_CANDIDATES])


def _fit(catalog: "Catalog", tools: Tools, lessons: Lessons, stock: Stock | None) -> Model:
    fitted = tools.fitted
    groups = tools.shelf.groups(catalog.entries.values(), lessons)
    index = Index(groups[:-1], groups[-1], stock=stock)
    families = Families(index.ids, {entry.id: entry.part_of for entry in catalog})
    ranking, gate = fitted.ranking[tools.method], fitted.gate[tools.method]
    model = Model(index=index, families=families, ranking=ranking, gate=gate)
    known = sum(label.ids[0] in index.ids for label in tools.examples.calibration)
    if known < _ENOUGH_TO_LEARN:
        return model
    may_be_shipped = catalog.entries.keys() == fitted.titles.keys()
    if may_be_shipped and texts_digest(groups, families, tools.examples, tools.reader) == fitted.texts:
        return model
    return replace(model, gate=refit_gate(model, tools.rehearsal))
