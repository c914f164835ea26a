"""What became of questions, counted against their labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.questions.asking import Asked
from benchmarks.questions.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Of the questions that some answer is about; those in `family` are beyond those that are right."""

    total: int
    first: int
    first_family: int
    third: int
    third_family: int
    right: int
    right_family: int
    right_narrower: int
    """Of these, with a right answer named as the narrower one."""
    wrong: int
    """Answered by something outside the family."""
    offered: int
    offered_right: int
    """Of these, with a right answer among the choices."""

    @property
    def silent(self) -> int:
        """Met with silence."""
        return self.total - self.right - self.right_family - self.wrong - self.offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Of the messages that no answer is about."""

    total: int
    accepted: int
    """Answered by something that the labels allow all the same."""
    answered: int
    """Answered otherwise."""
    unknown: int
    """Answered by an answer that the labels do not know: whoever labelled could not have meant it."""
    offered: int


def inside(truth: Truth, asked: Sequence[Asked], top: int = 3) -> Inside:
    """Count the questions that some answer is about."""
    accepted = [truth.accepted(one.question) for one in asked]
    family = [truth.family(one.question) for one in asked]
    rows = list(zip(asked, accepted, family, strict=True))
    right = sum(one.answer in own for one, own, _ in rows)
    first = sum(one.best in own for one, own, _ in rows)
    third = sum(not own.isdisjoint(one.ranked[:top]) for one, own, _ in rows)
    answered = sum(one.answer is not None for one in asked)
    related = sum(one.answer in wider for one, _, wider in rows)
    return Inside(
        total=len(rows),
        first=first,
        first_family=sum(one.best in wider for one, _, wider in rows) - first,
        third=third,
        third_family=sum(not wider.isdisjoint(one.ranked[:top]) for one, _, wider in rows) - third,
        right=right,
        right_family=related - right,
        right_narrower=sum(one.answer in wider - own and one.narrower in own for one, own, wider in rows),
        wrong=answered - related,
        offered=sum(one.offered for one in asked),
        offered_right=sum(one.offered and not own.isdisjoint(one.ranked) for one, own, _ in rows),
    )


def outside(truth: Truth, asked: Sequence[Asked]) -> Outside:
    """Count the messages that no answer is about."""
    answered = [one for one in asked if one.answer]
    accepted = [one for one in answered if one.answer in truth.accepted(one.question)]
    unknown = [one for one in answered if one.answer not in truth.known]
    return Outside(
        total=len(asked),
        accepted=len(accepted),
        answered=len(answered) - len(accepted) - len(unknown),
        unknown=len(unknown),
        offered=sum(one.offered for one in asked),
    )
