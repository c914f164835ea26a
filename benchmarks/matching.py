"""Does a message get the right answer, and silence where there is none; against peers; and what it costs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from answers.catalog import Catalog, load
from answers.matching import Matcher, Mode
from benchmarks.questions import alone, costs, labelled, mistakes, quality
from benchmarks.questions.asking import Asked, ask
from benchmarks.questions.contest import contest
from benchmarks.questions.goals import METHODS, Quality, judge
from benchmarks.questions.labelled import Question
from benchmarks.questions.learnt import learnt
from benchmarks.questions.quality import Asking
from benchmarks.questions.rankers import HAS_RAPIDFUZZ, Rank, rankers, texts_of
from benchmarks.questions.removal import ask_without, only
from benchmarks.questions.shares import percent
from benchmarks.questions.tally import inside
from benchmarks.questions.truth import Truth

_WARM_UP = "how long does it take until the first message is answered"


def run(rounds: int, files: Sequence[Path] = (), method: str | None = None) -> str:
    """Return for every file how its questions are met, and then what matching costs."""
    paths = files or labelled.defaults()
    read = {path: labelled.read(path) for path in paths}
    catalog = load()
    matcher = Matcher(catalog) if method is None else Matcher(catalog, method=method)
    matcher.match(_WARM_UP)
    peers = rankers(texts_of(catalog))
    parts = [f"{len(catalog)} answers; method {matcher.method}"]
    everything: list[Asked] = []
    for path, questions in read.items():
        asked = ask(matcher, questions)
        everything += asked
        parts.append(_file(path.name, catalog, matcher, asked, peers))
    if not HAS_RAPIDFUZZ:
        parts.append("rapidfuzz is not installed, so it does not compete.")
    held = [(path.name, alone.held(path, method)) for path in paths]
    parts += [
        "# Costs",
        costs.times(everything, matcher, catalog, rounds),
        costs.memory(held),
        "# Messages made to break it",
        costs.poison(matcher, [one.question for one in everything]),
    ]
    return "\n\n".join(parts)


def _file(
    name: str, catalog: Catalog, matcher: Matcher, asked: Sequence[Asked], peers: Mapping[str, Rank]
) -> str:
    questions = [one.question for one in asked]
    truth, goals = Truth.of(catalog, questions), METHODS[matcher.method]
    within, others = truth.split(questions)
    addressed = _split(truth, asked)
    channel = _split(truth, ask(matcher, questions, Mode.CHANNEL))
    labels = ", ".join(f"{count} {label}" for label, count in Counter(q.label for q in others).most_common())
    known = learnt(catalog, questions)
    holds = (
        f"{len(within)} questions in scope, {len(others)} other messages{labels and f' ({labels})'}; "
        f"{len(known)} of them stand word for word among what the matcher learns from"
    )
    return "\n\n".join(
        [
            f"# {name}",
            "\n- ".join([holds, *(mistakes.short(question.text) for question in known)]),
            quality.ranking(truth, addressed, goals),
            quality.decisions(truth, addressed, channel, goals),
            "## Is the confidence true?",
            quality.reliability(truth, addressed, goals),
            "## Peers",
            contest(truth, asked, peers),
            *_known_only(truth, catalog, matcher, questions),
            "## Without the answer",
            _removed(truth, ask_without(matcher, catalog, within), goals),
            "## Confused",
            mistakes.confusions(truth, addressed.within),
            "## The worst",
            mistakes.mistakes(truth, addressed),
        ]
    )


def _split(truth: Truth, asked: Sequence[Asked]) -> Asking:
    within = [one for one in asked if one.question.label in truth.ids]
    return Asking(within=within, others=[one for one in asked if one.question.label not in truth.ids])


def _known_only(
    truth: Truth, catalog: Catalog, matcher: Matcher, questions: Sequence[Question]
) -> Sequence[str]:
    """Let all compete once more without the answers that the labels do not know: nobody can say of those."""
    if truth.known == truth.ids or not truth.known:
        return ()
    smaller = only(catalog, truth.known)
    asked = ask(matcher.updated(smaller), questions)
    return (
        f"The same with only the {len(smaller)} answers that the labels know:",
        contest(truth, asked, rankers(texts_of(smaller))),
    )


def _removed(truth: Truth, asked: Sequence[Asked], goals: Quality) -> str:
    count = inside(truth, asked)
    if not count.total:
        return "No question is in scope."
    judged = judge(goals.removed, 100 * count.wrong / count.total)
    said = (
        f"Of {count.total} questions, each asked of a library without the answer it is labelled with, "
        f"{percent(count.wrong, count.total)} % were answered wrongly{judged and f' ({judged})'}, "
        f"{percent(count.right + count.right_family, count.total)} % by another answer that the labels or "
        f"its family allow, {percent(count.offered, count.total)} % were offered a choice."
    )
    return f"{said}\n\n{mistakes.worst('Answered wrongly without the answer', truth, asked)}"
