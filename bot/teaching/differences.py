"""What changed between two texts of an answer: line by line, and in a few words."""

import asyncio
import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from answers.entry import Entry
from answers.reading import draft

_CONTEXT = 3
_MOST_LINES = 4_000
"""Comparing takes time that grows with the square of the lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one text became another."""

    before: str
    """What the older one is called, such as "version 3"."""
    after: str
    summary: str
    """A few words, such as "2 claims changed, 1 phrasing added"."""
    lines: str
    """A unified diff; empty where the texts are the same."""


def difference(before: str, old: str, after: str, new: str) -> Difference:
    """Compare two texts.

    Args:
        before: what the older one is called.
        old: its text; empty where there was none.
        after: what the newer one is called.
        new: its text.
    """
    written = difflib.unified_diff(
        old.splitlines()[:_MOST_LINES],
        new.splitlines()[:_MOST_LINES],
        before,
        after,
        lineterm="",
        n=_CONTEXT,
    )
    return Difference(before=before, after=after, summary=summary(old, new), lines="\n".join(written))


async def compare(before: str, old: str, after: str, new: str) -> Difference:
    """Do as `difference` does, in a thread: long texts take longer than everybody else should wait."""
    return await asyncio.to_thread(difference, before, old, after, new)


def summary(old: str, new: str) -> str:
    """Say in a few words what changed."""
    if old == new:
        return "nothing changed"
    if not old:
        return "a new answer"
    if not new:
        return "not shown any more"
    before, after = draft(old).entry, draft(new).entry
    if before is None or after is None:
        return "the text changed, and one of both cannot be read as an answer"
    return ", ".join(_changes(before, after)) or "only the layout of the file changed"


def _changes(old: Entry, new: Entry) -> Iterable[str]:
    words = {
        "id": "id",
        "title": "title",
        "short": "short answer",
        "misconception": "misconception",
        "body": "explanation",
        "more": "further reading",
        "part_of": "broader answer",
        "author": "author",
        "license": "licence",
        "date": "date",
    }
    for part, word in words.items():
        was, is_ = getattr(old, part), getattr(new, part)
        if was != is_:
            yield f"{word} {'added' if not was else 'removed' if not is_ else 'changed'}"
    yield from _lists("phrasing", old.phrasings, new.phrasings)
    yield from _named(
        "simulation",
        {one.name: one for one in old.simulations},
        {one.name: one for one in new.simulations},
    )
    yield from _named("claim", {one.id: one for one in old.claims}, {one.id: one for one in new.claims})
    yield from _lists("suggestion", old.try_next, new.try_next)
    yield from _lists("related answer", old.related, new.related)
    yield from _lists("source", list(map(str, old.sources)), list(map(str, new.sources)))
    yield from _named("constant", dict(old.constants), dict(new.constants))


def _lists(noun: str, old: Iterable[str], new: Iterable[str]) -> Iterable[str]:
    was, is_ = Counter(old), Counter(new)
    yield from _count(noun, "added", sum((is_ - was).values()))
    yield from _count(noun, "removed", sum((was - is_).values()))


def _named(noun: str, old: dict[str, object], new: dict[str, object]) -> Iterable[str]:
    yield from _count(noun, "changed", sum(old[name] != new[name] for name in old.keys() & new.keys()))
    yield from _count(noun, "added", len(new.keys() - old.keys()))
    yield from _count(noun, "removed", len(old.keys() - new.keys()))


def _count(noun: str, what: str, number: int) -> Iterable[str]:
    if number:
        yield f"{number} {noun}{'s' * (number != 1)} {what}"
