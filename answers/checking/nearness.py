"""Phrasings that mean what another answer's phrasing means: who writes one of them may get either."""

from collections.abc import Iterable

import numpy as np

from answers.entry import Entry
from answers.matching import Matcher
from answers.matching.text import literal
from answers.problem import Problem

_SAME = 0.9
"""The cosine from which two texts are taken for the same question; unrelated answers stay below .6."""


def check_nearness(entries: Iterable[Entry], matcher: Matcher) -> list[Problem]:
    """Warn of phrasings that are nearly those of another answer, by meaning or by words.

    Args:
        entries: the answers to look at.
        matcher: of the whole library with them.
    """
    return [problem for entry in entries for problem in _check(entry, matcher)]


def _check(entry: Entry, matcher: Matcher) -> list[Problem]:
    groups, heads = matcher.model.index.groups[:-1], matcher.model.families.heads
    place = {group.id: number for number, group in enumerate(groups)}.get(entry.id)
    # A narrow answer and the broad one that it is part of may be near each other.
    family = heads[place] if place is not None else -1
    others = [group for group, head in zip(groups, heads, strict=True) if head != family]
    texts = [(group.id, text) for group in others for text in group.texts]
    if not texts:
        return []
    vectors = np.stack([read.vector for group in others for read in group.reads])
    own = [entry.title, *entry.phrasings]
    cosines = np.stack([read.vector for read in matcher.tools.reader.keep(own)]) @ vectors.T
    problems: list[Problem] = []
    for phrasing, row in zip(own, cosines, strict=True):
        place = int(row.argmax())
        id_, text = texts[place]
        # The same words are a collision, which is reported as such.
        if row[place] < _SAME or literal(text) == literal(phrasing):
            continue
        message = (
            f"{phrasing!r} is nearly what leads to {id_} ({text!r}): who asks it may get either; "
            "say what sets this answer apart, or leave the phrasing out."
        )
        line = entry.lines.get("title" if phrasing == entry.title else f"phrasing {phrasing}", 1)
        problems.append(Problem(code="near", message=message, line=line, path=entry.path, warning=True))
    return problems
