"""How long an added answer takes to be live, and a message in a library of a thousand answers."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from answers.catalog import Catalog
from answers.entry import Entry
from answers.matching import Matcher
from benchmarks.questions.asking import Asked, ask
from benchmarks.questions.labelled import Question

T = TypeVar("T")

MANY = 1_000
_SEED = 1
_MESSAGES = 100
_PHRASINGS = 6
_MIXED = 3
_LONGEST_TITLE, _LONGEST_PHRASING = 100, 200
# Nothing the library is about, so that no vector of an earlier round can be used again.
_SUBJECTS = (
    "kettle",
    "bicycle",
    "piano",
    "greenhouse",
    "lighthouse",
    "sourdough",
    "canoe",
    "beehive",
    "kiln",
)
_TITLE = "How often does a {} need to be looked after?"
_ASKED = (
    "how often should I clean my {}",
    "what does a {} need in winter",
    "is it normal that the {} makes a noise",
    "my {} broke after one year, who repairs it",
    "does an old {} need more care than a new one",
    "{} maintenance for beginners",
)
_TRIED = "what must I do for my {} in the winter?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """One answer was added to the library."""

    wall: float
    processor: float
    live: bool
    """Whether a question about it, in other words, found it first."""


def additions(matcher: Matcher, catalog: Catalog, rounds: int) -> Sequence[Addition]:
    """Add answers with six phrasings, each to the library as it was."""
    return [_add(matcher, catalog, number) for number in range(min(rounds, len(_SUBJECTS)))]


def _add(matcher: Matcher, catalog: Catalog, number: int) -> Addition:
    subject = _SUBJECTS[number]
    phrasings = tuple(text.format(subject) for text in _ASKED)
    entry = _variation(next(iter(catalog)), f"added_{subject}", _TITLE.format(subject), phrasings)
    larger = Catalog(entries={**catalog.entries, entry.id: entry})
    changed, wall, processor = timed(lambda: matcher.updated(larger))
    found = changed.match(_TRIED.format(subject)).candidates
    live = bool(found) and found[0].id == entry.id
    return Addition(wall=wall, processor=processor, live=live)


def many(catalog: Catalog, count: int = MANY) -> Catalog:
    """Fill the library up: each new answer's phrasings mix the words of a few that there are."""
    random = np.random.default_rng(_SEED)
    texts = [text for entry in catalog for text in (entry.title, *entry.phrasings)]
    model = next(iter(catalog))

    def mixed(longest: int) -> str:
        chosen = [texts[int(i)] for i in random.choice(len(texts), size=_MIXED, replace=False)]
        words = [word for text in chosen for word in text.split()]
        kept = random.permutation(len(words))[: max(len(text.split()) for text in chosen)]
        return " ".join(words[int(i)] for i in kept)[:longest].strip()

    entries = dict(catalog.entries)
    for number in range(count - len(entries)):
        id_ = f"synthetic_{number}"
        phrasings = tuple(mixed(_LONGEST_PHRASING) for _ in range(_PHRASINGS))
        entries[id_] = _variation(model, id_, mixed(_LONGEST_TITLE), phrasings)
    return Catalog(entries=entries)


def _variation(model: Entry, id_: str, title: str, phrasings: tuple[str, ...]) -> Entry:
    return replace(model, id=id_, title=title, phrasings=phrasings, part_of=None)


def among_many(
    matcher: Matcher, catalog: Catalog, questions: Sequence[Question]
) -> tuple[Sequence[Asked], float]:
    """Ask some questions of a large library; also return the seconds that it took to learn it."""
    changed, wall, _ = timed(lambda: matcher.updated(many(catalog)))
    stride = max(1, len(questions) // _MESSAGES)
    return ask(changed, questions[::stride][:_MESSAGES]), wall


def timed(call: Callable[[], T]) -> tuple[T, float, float]:
    """Return what a call returns, and its seconds on the clock and of the processor."""
    processor, wall = time.process_time(), time.perf_counter()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - processor
