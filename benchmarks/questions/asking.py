"""Put questions to a matcher, one by one, and keep what it said and how long that took."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from answers.matching import Answer, Matcher, Mode, Offer
from benchmarks.questions.labelled import Question

Ranking = Sequence[tuple[str, float]]
"""Ids with their scores, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a question."""

    question: Question
    answer: str | None
    offered: bool
    ranked: tuple[str, ...]
    """The candidates, best first, whatever was decided; behind an answer stands the narrower one."""
    confidence: float
    narrower: str | None = None
    """The more special answer that the answer names as the first to open next."""
    wall: float = 0.0
    """Seconds on the clock."""
    processor: float = 0.0
    """Seconds of the processor."""

    @property
    def best(self) -> str:
        """The first candidate, or nothing."""
        return self.ranked[0] if self.ranked else ""


def ask(matcher: Matcher, questions: Sequence[Question], mode: Mode = Mode.ADDRESSED) -> Sequence[Asked]:
    """Ask every question once."""
    return [_one(matcher, question, mode) for question in questions]


def decision(matcher: Matcher, text: str) -> tuple[str, str, float]:
    """Return what was decided as plain values, to be compared."""
    found = matcher.match(text)
    return type(found).__name__.lower(), found.id if isinstance(found, Answer) else "", found.confidence


def _one(matcher: Matcher, question: Question, mode: Mode) -> Asked:
    processor, wall = time.process_time(), time.perf_counter()
    found = matcher.match(question.text, mode=mode)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    answer = found if isinstance(found, Answer) else None
    narrower = answer.narrower.id if answer and answer.narrower else None
    ids = [candidate.id for candidate in found.candidates]
    if narrower:
        ids.insert(1, narrower)
    return Asked(
        question=question,
        answer=answer.id if answer else None,
        offered=isinstance(found, Offer),
        ranked=tuple(dict.fromkeys(ids)),
        confidence=found.confidence,
        narrower=narrower,
        wall=wall,
        processor=processor,
    )
