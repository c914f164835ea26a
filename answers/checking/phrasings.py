"""Phrasings that stand in each other's way."""

from collections.abc import Iterable

from answers.entry import Entry
from answers.problem import Problem


def check_phrasings(entries: Iterable[Entry]) -> list[Problem]:
    """Find phrasings that two entries claim: a student who types one would get either."""
    owners: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        lines = {_plain(entry.title): entry.lines.get("title", 1)}
        repeated: dict[str, int] = {}
        for phrasing in entry.phrasings:
            text, line = _plain(phrasing), entry.lines.get(f"phrasing {phrasing}", 1)
            if text in lines:
                repeated[text] = line
            lines.setdefault(text, line)
        for text, line in lines.items():
            other = owners.setdefault(text, entry)
            if other is not entry:
                message = f"The phrasing {text!r} belongs to {other.id} as well; remove it from one."
                problems.append(Problem(code="collision", message=message, line=line, path=entry.path))
        for text, line in sorted(repeated.items()):
            message = f"The phrasing {text!r} is given twice; remove one."
            problems.append(Problem(code="duplicate", message=message, line=line, path=entry.path))
    return problems


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
