"""Tables of how well questions are met: ranking, decisions and calibration."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.questions.asking import Asked
from benchmarks.questions.calibration import Said, bins, expected_error
from benchmarks.questions.goals import Goal, Quality, judge
from benchmarks.questions.shares import area_text, auroc, percent
from benchmarks.questions.tally import Inside, Outside, inside, outside
from benchmarks.questions.truth import Truth
from benchmarks.report import table

_ENOUGH = 20
"""A bin of fewer says little about calibration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The questions in scope and the other messages, asked in one mode."""

    within: Sequence[Asked]
    others: Sequence[Asked]


def ranking(truth: Truth, asked: Asking, goals: Quality) -> str:
    """Tabulate whether the right answer comes first, and whether confidence tells questions from the rest."""
    count = inside(truth, asked.within)
    inner = [one.confidence for one in asked.within]
    area = auroc(inner, [one.confidence for one in asked.others])
    # Whoever labelled did not know the answer that these got, so it may well be theirs.
    sure = [one.confidence for one in asked.others if not one.answer or one.answer in truth.known]
    area_sure = auroc(inner, sure)

    def row(name: str, hits: int, goal: Goal | None = None) -> list[str]:
        return [name, judge(goal, _hundred(hits, count.total)), percent(hits, count.total)]

    rows = [
        row("top-1", count.first, goals.first),
        row("top-3", count.third, goals.third),
        row("top-1, or one of its family", count.first + count.first_family),
        row("top-3, or one of its family", count.third + count.third_family),
        ["AUROC of the confidence, in scope or not", judge(goals.auroc, area), area_text(area)],
        ["… without others answered by one that the labels do not know", "", area_text(area_sure)],
    ]
    return table(["whatever was decided", "goal", "% (95 % interval)"], rows, texts=2)


def decisions(truth: Truth, addressed: Asking, channel: Asking, goals: Quality) -> str:
    """Tabulate what was decided where the bot was asked, and where people talk to each other."""
    inner = [inside(truth, asking.within) for asking in (addressed, channel)]
    outer = [outside(truth, asking.others) for asking in (addressed, channel)]

    def within(name: str, of: Callable[[Inside], int], goal: Goal | None = None) -> list[str]:
        return _row(name, [(of(count), count.total) for count in inner], goal)

    def others(name: str, of: Callable[[Outside], int], goal: Goal | None = None) -> list[str]:
        return _row(name, [(of(count), count.total) for count in outer], goal)

    intruding = goals.intrusions.judge(outer[1].answered)
    rows = [
        within("in scope: answered, right", lambda count: count.right, goals.right),
        within("answered, wrong", lambda count: count.wrong + count.right_family, goals.wrong),
        within("… of these by one of its family", lambda count: count.right_family),
        within("… and of these naming the right one as narrower", lambda count: count.right_narrower),
        within("offered a choice", lambda count: count.offered),
        within("… of these with the right one", lambda count: count.offered_right),
        within("silent", lambda count: count.silent),
        others("others: answered", lambda count: count.answered, goals.others),
        ["… how many", f"channel {intruding}", *(f"{count.answered} of {count.total}" for count in outer)],
        others("answered by an answer that the labels do not know", lambda count: count.unknown),
        others("answered as the labels allow", lambda count: count.accepted),
        others("offered a choice", lambda count: count.offered),
    ]
    return table(["decision", "goal (addressed)", "addressed, %", "channel, %"], rows, texts=2)


def reliability(truth: Truth, asked: Asking, goals: Quality) -> str:
    """Tabulate the share that is right by confidence, of the answers given and of all first candidates."""
    answered = [one for one in (*asked.within, *asked.others) if one.answer]
    # Whether one that the labels do not know is right is what they do not say.
    judged = [one for one in answered if one.question.label in truth.ids or one.answer in truth.known]
    strict = [(one.confidence, one.answer in truth.accepted(one.question)) for one in judged]
    wider = [(one.confidence, one.answer in truth.family(one.question)) for one in judged]
    every = [
        (one.confidence, one.best in truth.accepted(one.question)) for one in (*asked.within, *asked.others)
    ]
    parts = [_bins("answers given", strict, goals.gap)]
    if wider != strict:
        parts.append(_bins("the same, right or one of its family", wider, goals.gap))
    parts.append(_bins("all messages, whether the first candidate is right", every))
    return "\n\n".join(parts)


def _bins(name: str, said: Said, goal: Goal | None = None) -> str:
    if not said:
        return f"{name[0].upper()}{name[1:]}: none."
    found = bins(said)
    rows = [
        [
            f"{one.low:.2f} … {one.high:.2f}",
            str(one.count),
            f"{100 * one.confidence:.1f}",
            percent(one.right, one.count),
            f"{100 * one.gap:+.1f}",
        ]
        for one in found
    ]
    error = 100 * expected_error(found)
    gaps = [abs(100 * one.gap) for one in found if one.count >= _ENOUGH]
    worst = f"; largest gap of a bin with {_ENOUGH} or more {max(gaps):.1f}" if gaps else ""
    reached = f" ({goal.judge(max(gaps))})" if goal and gaps else ""
    head = [f"confidence: {name}", "number", "mean, %", "right, %", "gap"]
    return f"{table(head, rows)}\n\nExpected calibration error {error:.1f} points{worst}{reached}."


def _row(name: str, counts: Sequence[tuple[int, int]], goal: Goal | None) -> list[str]:
    return [name, judge(goal, _hundred(*counts[0])), *(percent(*count) for count in counts)]


def _hundred(count: int, total: int) -> float:
    return 100 * count / total if total else math.nan
