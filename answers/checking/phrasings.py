"""Phrasings and ids that stand in each other's way."""

from collections.abc import Iterable
from pathlib import Path

from answers.entry import Entry
from answers.matching.text import literal
from answers.problem import Problem


def check_phrasings(entries: Iterable[Entry]) -> list[Problem]:
    """Find phrasings that two entries claim, in both, and those that one entry gives twice.

    Two phrasings are the same if the matcher reads the same words in them.
    """
    owners: dict[str, tuple[Entry, int]] = {}
    problems: list[Problem] = []
    for entry in entries:
        lines = {_words(entry.title): entry.lines.get("title", 1)}
        repeated: dict[str, int] = {}
        for phrasing in entry.phrasings:
            text, line = _words(phrasing), entry.lines.get(f"phrasing {phrasing}", 1)
            if text in lines and (text != _words(entry.title) or _plain(phrasing) == _plain(entry.title)):
                repeated[phrasing] = line
            lines.setdefault(text, line)
        for text, line in lines.items():
            other, there = owners.setdefault(text, (entry, line))
            if other.id != entry.id:
                problems += [
                    _problem("collision", _collision(text, other), entry, line),
                    _problem("collision", _collision(text, entry), other, there),
                ]
        problems += [
            _problem("duplicate", f"The phrasing {text!r} is given twice; remove one.", entry, line)
            for text, line in sorted(repeated.items())
        ]
    return problems


def check_ids(entries: Iterable[Entry], shipped: Path | None) -> list[Problem]:
    """Find ids that several files have; to replace an answer of the folder `shipped` is only worth a word."""
    first: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        original, line = shipped and shipped / f"{entry.id}.md", entry.lines.get("id", 1)
        if not entry.id or (original and _is_same(entry, original)):
            continue
        if original and original.exists():
            message = f"This answer replaces the shipped one, {original}; choose another id to keep both."
            problems.append(_problem("replaces", message, entry, line, warning=True))
        other = first.setdefault(entry.id, entry)
        if not _is_same(entry, Path(other.path)):
            message = f"An id belongs to one file; got {entry.id!r} in {other.path} as well; rename one."
            problems.append(_problem("duplicate", message, entry, line))
    return problems


def _is_same(entry: Entry, path: Path) -> bool:
    return Path(entry.path).resolve() == path.resolve()


def _problem(code: str, message: str, entry: Entry, line: int, *, warning: bool = False) -> Problem:
    return Problem(code=code, message=message, line=line, path=entry.path, warning=warning)


def _collision(text: str, other: Entry) -> str:
    where = f" ({other.path})" if other.path else ""
    return f"The phrasing {text!r} belongs to {other.id}{where} as well; remove it from one."


def _words(text: str) -> str:
    """Return what the matcher reads, or the text itself where that is written in other letters."""
    return literal(text) or _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
