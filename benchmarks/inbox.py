"""The inbox with two thousand kept questions, and the report over a hundred thousand counted ones."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from answers.catalog import load
from answers.matching import Matcher
from answers.matching.examples import load_examples
from answers.matching.text import literal
from benchmarks import storage as filled
from benchmarks.report import number, table
from bot.inbox.collecting import collect
from bot.inbox.readings import Readings
from bot.statistics.card import to_text
from bot.statistics.report import report
from bot.statistics.table import to_csv
from bot.storage.inbox import Asked, Reason
from bot.storage.location import at_file
from bot.storage.opening import Storage, open_storage
from sim.usage import draw

KEPT = 2_000
GROUPING_MS, REPORT_MS = 300, 100


@dataclass(frozen=True, slots=True)
class Row:
    """What one thing takes."""

    name: str
    seconds: Sequence[float]
    goal: int | None = None

    def cells(self) -> list[str]:
        """Write it as a row of the table."""
        median, most = 1e3 * float(np.median(self.seconds)), 1e3 * max(self.seconds)
        met = "" if self.goal is None else f"{'met' if median <= self.goal else 'missed'} ({self.goal} ms)"
        return [self.name, number(median), number(most), met]


def run(rounds: int) -> str:
    """Group and count, and return what each takes."""
    rows = [*_grouping(rounds), *_drawing(rounds), *asyncio.run(_reporting(rounds))]
    head = f"{KEPT} kept questions, all different; {filled.QUESTIONS} counted ones; {rounds} rounds"
    return f"{head}\n\n" + table(["", "median ms", "longest ms", "goal"], [row.cells() for row in rows])


def _grouping(rounds: int) -> list[Row]:
    catalog, asked = load(), _asked()
    found: list[Row] = []
    for method in ("minilm", "lexical"):
        grouping = partial(collect, asked, Matcher(catalog, method=method), Readings())
        first = _seconds(grouping)
        groups = grouping()
        again = [_seconds(grouping) for _ in range(rounds)]
        found.append(Row(f"group, {method} ({len(groups)} groups)", again, GROUPING_MS))
        found.append(Row(f"the first time, every text to be read: {method}", [first]))
    return found


def _asked() -> list[Asked]:
    """Return questions as they are kept: real wordings, each in up to a few variants of its own."""
    examples = load_examples()
    texts = {literal(text): text for text in examples.negatives}
    texts |= {literal(text): text for some in examples.phrasings.values() for text in some}
    # The vectors of the written ones are shipped; those of what students write are not.
    written = [f"please tell me, {text}" for text in texts.values()]
    now = filled.NOW
    return [
        Asked(text=text, reason=Reason.UNANSWERED, ids=(place,), people=1, first_at=now, last_at=now)
        for place, text in enumerate(written[:KEPT], start=1)
    ]


def _drawing(rounds: int) -> list[Row]:
    request = {
        "theme": "dark",
        "today": filled.NOW.date().isoformat(),
        "weeks": [
            [(filled.NOW.date() - timedelta(weeks=57 - week)).isoformat(), 30 + week % 7, week % 9, week % 4]
            for week in range(57)
        ],
    }
    return [
        Row(
            "draw the plot",
            [_seconds(lambda: draw(request, lambda _done, _text: None)) for _ in range(rounds)],
        )
    ]


async def _reporting(rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_storage(at_file(Path(folder) / "backchat.sqlite"), now=filled.NOW) as storage:
            await filled.fill(storage)
            return await _reports(storage, rounds)


async def _reports(storage: Storage, rounds: int) -> list[Row]:
    catalog = load()

    def whole() -> Awaitable[object]:
        return report(storage, filled.GUILD, catalog, (), now=filled.NOW, weeks=57)

    seconds = [await filled.taken(whole) for _ in range(rounds)]
    found = await report(storage, filled.GUILD, catalog, (), now=filled.NOW, weeks=57)
    return [
        Row("report over a year", seconds, REPORT_MS),
        Row("its text", [_seconds(lambda: to_text(found)) for _ in range(rounds)]),
        Row("its CSV file", [_seconds(lambda: to_csv(found)) for _ in range(rounds)]),
    ]


def _seconds(thing: Callable[[], object]) -> float:
    start = time.perf_counter()
    thing()
    return time.perf_counter() - start
