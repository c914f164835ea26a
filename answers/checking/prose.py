"""How hard an answer is to read.

LIX (C. H. Björnsson, 1968) needs no syllables and no language: the mean length of a sentence in words plus
the percentage of words of more than six letters. 40 is a newspaper, 50 an official text, 60 a dissertation.
"""

import re

from answers.checking.texts import texts
from answers.entry import Entry
from answers.problem import Problem
from answers.skeleton import UNFINISHED

HARDEST = 45.0
"""The hardest of the shipped answers is near 40."""

_LONG = 6
_ENOUGH = 80
"""Words below which the measure says nothing."""

_TEMPLATES = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_VALUES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CODE = re.compile(r"^[ ]*(?:```|~~~).*?^[ ]*(?:```|~~~)", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(`+)[^`].*?\1", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)|\n\s*\n|\n\s*(?=[-*|] |\d+[.)] )")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def lix(text: str) -> float | None:
    """Return how hard a text is to read; None if it is too short to tell."""
    plain = _SPAN.sub(" x ", _CODE.sub(". ", _VALUES.sub(" x ", _TEMPLATES.sub(" ", text))))
    words = _WORD.findall(plain)
    if len(words) < _ENOUGH:
        return None
    sentences = [part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]
    long = sum(len(word) > _LONG for word in words)
    return len(words) / len(sentences) + 100 * long / len(words)


def check_prose(entry: Entry) -> list[Problem]:
    """Find what is not finished, and texts that are too hard for a second-year student."""
    return [*_unfinished(entry), *_too_hard(entry)]


def _unfinished(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for text in texts(entry):
        if (offset := text.source.find(UNFINISHED)) >= 0:
            message = f"{text.name}: {UNFINISHED} marks what is still to be written; write it."
            line = text.line_of(offset)
            problems.append(Problem(code="unfinished", message=message, line=line, path=entry.path))
    return problems


def _too_hard(entry: Entry) -> list[Problem]:
    read = [text for text in texts(entry) if text.name in {"short", "misconception", "body"}]
    hardness = lix("\n\n".join(text.source for text in read))
    if hardness is None or hardness <= HARDEST:
        return []
    message = (
        f"The texts are hard to read: {hardness:.0f} on the LIX scale, at most {HARDEST:.0f} wanted; "
        "split long sentences and prefer short words."
    )
    return [Problem(code="reading-level", message=message, line=entry.lines.get("body", 1), path=entry.path)]
