"""Which mistakes were made: the pairs that are confused, and the worst single ones."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.questions.asking import Asked
from benchmarks.questions.quality import Asking
from benchmarks.questions.truth import Truth
from benchmarks.report import table

_LISTED = 12
_LONGEST = 110


def confusions(truth: Truth, within: Sequence[Asked]) -> str:
    """Tabulate which answer stood first in whose place, the most frequent first."""
    pairs = Counter[tuple[str, str]]()
    answered = Counter[tuple[str, str]]()
    for one in within:
        if one.best and one.best not in truth.accepted(one.question):
            pairs[one.question.label, one.best] += 1
            answered[one.question.label, one.best] += one.answer == one.best
    rows = [
        [label, best, str(count), str(answered[label, best])]
        for (label, best), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if not rows:
        return "None."
    return table(["label", "first instead", "times", "answered"], rows[:_LISTED], texts=2)


def mistakes(truth: Truth, asked: Asking) -> str:
    """List the most confident mistakes of each kind."""
    wrong = [one for one in asked.within if one.answer and one.answer not in truth.accepted(one.question)]
    false = [one for one in asked.others if one.answer and one.answer not in truth.accepted(one.question)]
    known = [one for one in false if one.answer in truth.known]
    unknown = [one for one in false if one.answer not in truth.known]
    silent = [
        one
        for one in asked.within
        if not one.answer and not one.offered and not truth.may_be_silent(one.question)
    ]
    parts = [
        _listing("Wrong answers", truth, wrong),
        _listing("Other messages that were answered", truth, known),
        _listing("Other messages answered by an answer that the labels do not know", truth, unknown),
        _listing("Questions in scope met with silence", truth, silent),
    ]
    return "\n\n".join(parts)


def worst(title: str, truth: Truth, asked: Sequence[Asked]) -> str:
    """List those that were answered with something else than their labels allow."""
    wrong = [one for one in asked if one.answer and one.answer not in truth.family(one.question)]
    return _listing(title, truth, wrong)


def _listing(title: str, truth: Truth, asked: Sequence[Asked]) -> str:
    if not asked:
        return f"{title}: none."
    ordered = sorted(asked, key=lambda one: -one.confidence)[:_LISTED]
    rows = [
        [short(one.question.text), one.question.label, _first(truth, one), f"{one.confidence:.2f}"]
        for one in ordered
    ]
    shown = f", {len(ordered)} most confident" if len(ordered) < len(asked) else ""
    return (
        f"{title} ({len(asked)}{shown})\n\n{table(['text', 'label', 'first', 'confidence'], rows, texts=3)}"
    )


def _first(truth: Truth, one: Asked) -> str:
    first = one.answer or one.best
    if one.question.label in truth.ids and first in truth.family(one.question) - truth.accepted(one.question):
        return f"{first} (family)"
    return f"{first} (not among the labels)" if first and first not in truth.known else first


def short(text: str) -> str:
    """Write a text on one line of a table."""
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()} …"
