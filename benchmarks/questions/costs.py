"""Tables of what matching costs: time, memory, and what strange messages do."""

from collections.abc import Sequence

import numpy as np

from answers.catalog import Catalog
from answers.matching import Matcher
from benchmarks.questions import goals
from benchmarks.questions.alone import Held
from benchmarks.questions.asking import Asked
from benchmarks.questions.labelled import Question
from benchmarks.questions.mistakes import short
from benchmarks.questions.poison import changed_by
from benchmarks.questions.speed import MANY, additions, among_many
from benchmarks.report import number, table

_FIXED = 60
_MEBI = 2**20


def times(asked: Sequence[Asked], matcher: Matcher, catalog: Catalog, rounds: int) -> str:
    """Tabulate the time of a message, of an addition, and of a message among a thousand answers."""
    questions = [one.question for one in asked]
    added = additions(matcher, catalog, rounds)
    crowded, learnt = among_many(matcher, catalog, questions)
    live = [(one.processor, one.wall) for one in added]
    rows = [
        _row("a message, median", goals.MEDIAN_MS, 50, _spent(asked)),
        _row("a message, 95th percentile", goals.P95_MS, 95, _spent(asked)),
        _row("until an added answer is live, median", goals.LIVE_MS, 50, live),
        _row(f"a message among {MANY} answers, median", goals.MANY_MS, 50, _spent(crowded)),
        _row(f"a message among {MANY} answers, 95th percentile", None, 95, _spent(crowded)),
    ]
    found = sum(one.live for one in added)
    note = (
        f"{len(asked)} messages, each asked once; {found} of {len(added)} added answers were first for a "
        f"question in other words; {len(crowded)} messages among {MANY} answers, which took "
        f"{number(learnt)} s to learn."
    )
    head = ["one thread", "goal (processor)", "processor ms", "wall ms"]
    return f"{table(head, rows, texts=2)}\n\n{note}"


def memory(held: Sequence[tuple[str, Held]]) -> str:
    """Tabulate what fresh processes held at most."""
    rows = [
        [
            name,
            goals.MEMORY_MIB.judge(one.added / _MEBI),
            *(number(size / _MEBI) for size in (one.ready, one.done, one.added)),
        ]
        for name, one in held
    ]
    head = ["a process that only matches", "goal", "peak MiB, ready", "all matched", "an answer added"]
    return table(head, rows, texts=2)


def poison(matcher: Matcher, questions: Sequence[Question]) -> str:
    """Tabulate what became of messages made to break it, and whether others are told the same afterwards."""
    stride = max(1, len(questions) // _FIXED)
    texts = [question.text for question in questions[::stride][:_FIXED]]
    taken, changed = changed_by(matcher, texts)
    rows = [
        [
            one.name,
            goals.POISON_MS.judge(1e3 * one.processor),
            one.decision,
            number(1e3 * one.processor),
            number(1e3 * one.wall),
        ]
        for one in taken
    ]
    head = ["message", "goal (processor)", "decision", "processor ms", "wall ms"]
    listed = "".join(f"\n- {short(text)}" for text in changed)
    kept = f"Of {len(texts)} questions, {len(changed)} were decided differently afterwards.{listed}"
    return f"{table(head, rows, texts=3)}\n\n{kept}"


def _spent(asked: Sequence[Asked]) -> Sequence[tuple[float, float]]:
    return [(one.processor, one.wall) for one in asked]


def _row(
    name: str, goal: goals.Goal | None, percentile: int, spent: Sequence[tuple[float, float]]
) -> list[str]:
    processor, wall = (
        1e3 * float(np.percentile(seconds, percentile)) for seconds in zip(*spent, strict=True)
    )
    return [name, goal.judge(processor) if goal else "", number(processor), number(wall)]
