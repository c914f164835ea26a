"""Both databases with a thousand answers and a hundred thousand questions; backups meanwhile."""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, text

from answers.catalog import SHIPPED as LIBRARY
from benchmarks.report import number, table
from benchmarks.teaching.throwaway import postgres
from bot.storage import backups
from bot.storage.answers import Text
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Missed, Reason
from bot.storage.location import Location, at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome, week
from bot.storage.schema import AnswerRow, FeedbackRow, InboxRow, QuestionRow, VersionRow
from bot.storage.text import digest, folded
from bot.storage.upgrading import upgrade

ANSWERS, VERSIONS, QUESTIONS, VOTES, KEPT = 1000, 3, 100_000, 20_000, 2000
GOAL_MS = 100
"""For lists, searches and sums."""

GUILD = "118279181234567890"
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
_WEEKS = 50
_BY = Signed(author=Author(id="1", name="Ada"), at=NOW)
_COUNTED = {"list all answers", "search: in a few", "search: nowhere", "sums by week", "sums by answer"}


def run(rounds: int) -> str:
    """Fill the databases, and return what each thing takes."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [asyncio.run(_run(at_file(Path(folder) / "backchat.sqlite"), rounds, Path(folder)))]
        with postgres() as location:
            if location is not None:
                parts.append(asyncio.run(_run(location, rounds, Path(folder))))
    return "\n\n".join(parts)


async def _run(location: Location, rounds: int, folder: Path) -> str:
    async with open_storage(location, now=NOW) as storage:
        await fill(storage)
        if location.file is None:
            await _analyze(storage)
        times = await _times(storage, rounds)
        alone = await _write(storage, rounds)
        async with _backing_up(location, folder) as copies:
            meanwhile = await _write(storage, rounds)
    times |= {"count a question": alone, "count a question during backups": meanwhile, "back up": copies}
    times["check and open"] = [await taken(lambda: upgrade(location, NOW)) for _ in range(3)]
    size = f", {number(location.file.stat().st_size / 2**20)} MiB" if location.file else ""
    name = "SQLite" if location.file else "PostgreSQL, which does not wait for its disk"
    head = (
        f"{name}: {ANSWERS} answers with {VERSIONS} versions each, {QUESTIONS} questions, {VOTES} votes, "
        f"{KEPT} texts in the inbox{size}; {rounds} rounds"
    )
    rows = [_row(name, seconds) for name, seconds in times.items()]
    head_row = ["", "median ms", "p95 ms", "longest ms", f"goal: p95 ≤ {GOAL_MS} ms"]
    return f"{head}\n\n" + table(head_row, rows)


async def _analyze(storage: Storage) -> None:
    """Let PostgreSQL count what is there, as it does by itself after a while."""
    async with storage.database.writing() as connection:
        await connection.execute(text("ANALYZE"))


def _row(name: str, seconds: Sequence[float]) -> list[str]:
    median, high = (1e3 * float(np.quantile(seconds, share)) for share in (0.5, 0.95))
    met = ("met" if high <= GOAL_MS else "missed") if name in _COUNTED else ""
    return [name, number(median), number(high), number(1e3 * max(seconds)), met]


async def _times(storage: Storage, rounds: int) -> dict[str, list[float]]:
    since = week(NOW) - timedelta(weeks=_WEEKS)
    things: Mapping[str, Callable[[], Awaitable[object]]] = {
        "list all answers": lambda: storage.answers.list(GUILD),
        "search: in a few": lambda: storage.answers.search(GUILD, "answer 77"),
        "search: nowhere": lambda: storage.answers.search(GUILD, "quaternion"),
        "all answers with their texts": lambda: storage.answers.heads(GUILD),
        "sums by week": lambda: storage.stats.weeks(GUILD, since=since),
        "sums by answer": lambda: storage.stats.answers(GUILD, since=since),
        "the inbox": lambda: storage.inbox.open(GUILD),
    }
    times: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(rounds):
        for name, thing in things.items():
            times[name].append(await taken(thing))
    body = Text(title="t", body="A body. " * 500)
    times["publish an answer"] = [
        await taken(lambda n=n: storage.answers.publish(GUILD, "new", body, base=n, by=_BY))
        for n in range(rounds)
    ]
    missed = Missed(text="what is a bagel", reason=Reason.UNANSWERED)
    times["keep a text"] = [
        await taken(lambda: storage.inbox.keep(GUILD, missed, user_id="1", at=NOW)) for _ in range(rounds)
    ]
    return times


async def _write(storage: Storage, rounds: int) -> list[float]:
    def log() -> Awaitable[object]:
        return storage.questions.log(GUILD, Outcome.ANSWERED, "answer_7", at=NOW)

    return [await taken(log) for _ in range(20 * rounds)]


@asynccontextmanager
async def _backing_up(location: Location, folder: Path) -> AsyncGenerator[list[float]]:
    """Make one backup after the other while the block runs; give what each took."""
    took: list[float] = []
    going = True

    async def copy() -> None:
        while going or not took:
            target = folder / f"{location.url.get_backend_name()}.copy{len(took)}"
            took.append(await taken(lambda target=target: backups.backup(location, target)))

    copying = asyncio.ensure_future(copy())
    await asyncio.sleep(0)
    yield took
    going = False
    await copying


async def taken(thing: Callable[[], Awaitable[object]]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    await thing()
    return time.perf_counter() - start


async def fill(storage: Storage) -> None:
    """Put in many rows at once, as a year of a large course would have left them."""
    generator = np.random.default_rng(0)
    await storage.settings.change(GUILD, {"keep_questions": True}, seen=GuildSettings(), by=_BY)
    texts = [path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.md"))]
    bodies = [texts[n % len(texts)] for n in range(ANSWERS)]
    moments = [NOW - timedelta(hours=int(hours)) for hours in generator.integers(0, _WEEKS * 168, QUESTIONS)]
    async with storage.database.writing(GUILD) as connection:
        await connection.execute(insert(AnswerRow), [_answer(n, body) for n, body in enumerate(bodies)])
        versions = [_version(n, v, body) for n, body in enumerate(bodies) for v in range(1, VERSIONS + 1)]
        await connection.execute(insert(VersionRow), versions)
        await connection.execute(
            insert(QuestionRow), [_question(n, at) for n, at in enumerate(moments, start=1)]
        )
        votes = [int(n) + 1 for n in generator.choice(QUESTIONS, VOTES, replace=False)]
        await connection.execute(insert(FeedbackRow), [_vote(n, moments[n - 1]) for n in votes])
        await connection.execute(insert(InboxRow), [_kept(n) for n in range(KEPT)])


def _answer(n: int, body: str) -> dict[str, object]:
    search = folded(f"answer_{n} Answer {n} {body}")
    return {"guild": GUILD, "slug": f"answer_{n}", "head": VERSIONS, "search": search}


def _version(n: int, version: int, body: str) -> dict[str, object]:
    return {
        "guild": GUILD,
        "slug": f"answer_{n}",
        "n": version,
        "change": "published",
        "live": True,
        "title": f"Answer {n}",
        "author_id": "1",
        "author_name": "Ada",
        "note": "",
        "at": NOW,
        "body": body,
    }


def _question(n: int, at: datetime) -> dict[str, object]:
    outcome = list(Outcome)[n % 10 // 4]
    slug = None if outcome is Outcome.SILENT else f"answer_{n * 7919 % ANSWERS}"
    monday: date = week(at)
    return {"guild": GUILD, "week": monday, "outcome": outcome.value, "slug": slug, "asked_at": at}


def _vote(n: int, at: datetime) -> dict[str, object]:
    asked = _question(n, at)
    return {
        "question_id": n,
        "who": f"{n % 300:032x}",
        "guild": GUILD,
        "week": asked["week"],
        "verdict": list(Verdict)[n % 3].value,
        "slug": asked["slug"],
        "at": NOW,
    }


def _kept(n: int) -> dict[str, object]:
    words = f"why does question {n % 700} have no answer"
    return {
        "guild": GUILD,
        "digest": digest(words),
        "reason": "unanswered",
        "who": f"{n % 300:032x}",
        "asked_at": NOW,
        "text": words,
    }
