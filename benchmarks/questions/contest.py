"""The matcher against its peers, each with the threshold that lets few other messages through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.questions.asking import Asked, Ranking
from benchmarks.questions.labelled import Question
from benchmarks.questions.rankers import Rank
from benchmarks.questions.shares import area_text, auroc, percent, threshold
from benchmarks.questions.truth import Truth
from benchmarks.report import table

LET_THROUGH = 0.02
_TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How one contestant ranks the answers for a question, and how sure it is of the first."""

    question: Question
    ids: Sequence[str]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The counts of one contestant."""

    total: int
    first: int
    third: int
    auroc: float
    right: int
    """First and above the threshold."""
    wrong: int
    """Above the threshold, with another answer first."""


def contest(truth: Truth, own: Sequence[Asked], peers: Mapping[str, Rank]) -> str:
    """Tabulate all of them."""
    listed = {
        "Backchat": [Ranked(question=one.question, ids=one.ranked, score=one.confidence) for one in own]
    }
    for name, rank in peers.items():
        listed[name] = [_ranked(one.question, rank(one.question.text)) for one in own]
    rows: list[list[str]] = []
    for name, ranked in listed.items():
        within = [one for one in ranked if one.question.label in truth.ids]
        others = [one for one in ranked if one.question.label not in truth.ids]
        found = standing(truth, within, others)
        counts = (found.first, found.third, found.right, found.wrong)
        first, third, right, wrong = (percent(count, found.total) for count in counts)
        rows.append([name, first, third, area_text(found.auroc), right, wrong])
    limit = f"at ≤ {100 * LET_THROUGH:g} % of others"
    head = ["", "top-1, %", "top-3, %", "AUROC", f"answered right {limit}, %", f"wrong {limit}, %"]
    return table(head, rows)


def standing(truth: Truth, within: Sequence[Ranked], others: Sequence[Ranked]) -> Standing:
    """Count for one contestant."""
    scores = [one.score for one in others]
    bar = threshold(scores, LET_THROUGH)
    accepted = [truth.accepted(one.question) for one in within]
    pairs = list(zip(within, accepted, strict=True))
    above = [(one, own) for one, own in pairs if one.score > bar]
    right = sum(not own.isdisjoint(one.ids[:1]) for one, own in above)
    return Standing(
        total=len(within),
        first=sum(not own.isdisjoint(one.ids[:1]) for one, own in pairs),
        third=sum(not own.isdisjoint(one.ids[:_TOP]) for one, own in pairs),
        auroc=auroc([one.score for one in within], scores),
        right=right,
        wrong=len(above) - right,
    )


def _ranked(question: Question, ranking: Ranking) -> Ranked:
    return Ranked(question=question, ids=[id_ for id_, _ in ranking[:_TOP]], score=ranking[0][1])
