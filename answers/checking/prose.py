"""How hard an answer is to read.

LIX (C. H. Björnsson, 1968) needs no syllables and no language: the mean length of a sentence in words plus
the percentage of words of more than six letters. 40 is a newspaper, 50 an official text, 60 a dissertation.
"""

import re
from functools import partial

from answers.checking.texts import texts
from answers.draft import UNFINISHED, Draft
from answers.entry import Entry
from answers.markdown import CODE_BLOCK, CODE_SPAN, TEMPLATE_TAG, TEMPLATE_VALUE
from answers.problem import Problem

HARDEST = 45.0
"""The hardest of the shipped answers is near 40."""

LONGEST = 45
"""Words of one sentence. A hundred of the shipped answers' sentences have thirty, a handful over forty."""

_SHOWN = 8
"""Words of a sentence that are shown, to find it."""

_LONG = 6
_ENOUGH = 80
"""Words below which the measure says nothing."""

_BRANCH = re.compile(r"\{%-?\s*(?:else|elif)\b.*?%\}", re.DOTALL)
_FENCE = re.compile(r"^[ ]*(?:```|~~~)", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)|\n\s*\n|\n\s*(?=[-*|] |\d+[.)] )")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def lix(text: str) -> float | None:
    """Return how hard a text is to read; None if it is too short to tell."""
    plain = _plain(text)
    words = _WORD.findall(plain)
    if len(words) < _ENOUGH:
        return None
    sentences = [part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]
    long = sum(len(word) > _LONG for word in words)
    return len(words) / len(sentences) + 100 * long / len(words)


def check_prose(entry: Entry) -> list[Problem]:
    """Find what is not finished, and texts that are too hard for a second-year student."""
    return [*_unfinished(entry), *_unclosed(entry), *_too_long(entry), *_too_hard(entry)]


def _unclosed(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for text in texts(entry):
        fences = list(_FENCE.finditer(text.source))
        if len(fences) % 2:
            message = f"{text.name}: a block of code ends with ``` as it begins; got one that does not end."
            line = text.line_of(fences[-1].start())
            problems.append(Problem(code="markdown", message=message, line=line, path=entry.path))
    if entry.id and not entry.body:
        message = (
            "An answer explains itself below the front matter; got nothing there; write a paragraph or two."
        )
        line = entry.lines.get("body", 1)
        problems.append(Problem(code="unfinished", message=message, line=line, path=entry.path))
    return problems


def _plain(text: str) -> str:
    """Leave the words, each value and each piece of code one of them; a branch ends a sentence."""
    text = _BRANCH.sub(" . ", text)
    return CODE_SPAN.sub(" x ", CODE_BLOCK.sub(". ", TEMPLATE_VALUE.sub(" x ", TEMPLATE_TAG.sub(" ", text))))


def _too_long(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for text in texts(entry):
        # Blanks of the same length keep the offsets of what is counted.
        plain = text.source
        for pattern, sign in (
            (_BRANCH, "."),
            (TEMPLATE_TAG, " "),
            (TEMPLATE_VALUE, "x"),
            (CODE_BLOCK, "."),
            (CODE_SPAN, "x"),
        ):
            plain = pattern.sub(partial(_padded, sign), plain)
        start = 0
        for end in [*(match.end() for match in _SENTENCE_END.finditer(plain)), len(plain)]:
            words = list(_WORD.finditer(plain, start, end))
            if len(words) > LONGEST:
                first = words[0].start()
                shown = " ".join(text.source[first : words[_SHOWN].start()].split())
                message = (
                    f"{text.name}: at most {LONGEST} words in a sentence; got {len(words)} in the one that "
                    f"begins {shown!r}; split it."
                )
                line = text.line_of(first)
                problems.append(Problem(code="reading-level", message=message, line=line, path=entry.path))
            start = end
    return problems


def _padded(sign: str, match: re.Match[str]) -> str:
    return f" {sign}{' ' * (len(match.group()) - 2)}"


def _unfinished(entry: Entry) -> list[Problem]:
    message = "{}: " + f"{UNFINISHED} marks what is still to be written; write it."
    problems = [
        Problem(
            code="unfinished",
            message=message.format(text.name),
            line=text.line_of(match.start()),
            path=entry.path,
        )
        for text in texts(entry)
        for match in re.finditer(UNFINISHED, text.source)
    ]
    for phrasing in entry.phrasings:
        if UNFINISHED in phrasing:
            line = entry.lines.get(f"phrasing {phrasing}", 1)
            found = Problem(
                code="unfinished", message=message.format("phrasings"), line=line, path=entry.path
            )
            problems.append(found)
    return problems


def check_marks(draft: Draft) -> list[Problem]:
    """Find comments of the front matter that say what is still to be written."""
    message = f"{UNFINISHED} marks what is still to be written; write it, then remove the mark."
    path = draft.entry.path if draft.entry else ""
    return [Problem(code="unfinished", message=message, line=line, path=path) for line in draft.marked]


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
