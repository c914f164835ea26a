"""Phrasings that stand in each other's way."""

from collections.abc import Iterable

from answers.entry import Entry
from answers.problem import Problem


def check_phrasings(entries: Iterable[Entry]) -> list[Problem]:
    """Find phrasings that two entries claim: a student who types one would get either."""
    owners: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        own = [" ".join(text.lower().split()) for text in (entry.title, *entry.phrasings)]
        for text in own:
            other = owners.setdefault(text, entry)
            if other is not entry:
                message = f"The phrasing {text!r} belongs to {other.id} as well; remove it from one."
                problems.append(Problem(code="collision", message=message, path=entry.path))
        for text in sorted({text for text in own if own.count(text) > 1}):
            message = f"The phrasing {text!r} is given twice; remove one."
            problems.append(Problem(code="duplicate", message=message, path=entry.path))
    return problems
