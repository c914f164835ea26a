"""What is done with the bots, and what was seen of it."""

import asyncio
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answers.catalog import load
from benchmarks.discord.driving import a_bot, a_double, end, order
from benchmarks.jobs.state import processor_seconds

ASKED, BURST, TYPED, CACHED, STARTS = 1_000, 300, 300, 200, 5
_PER_SECOND = 25.0
_SLOTS = 2
_CANCEL = "backchat:1:cancel:"
_HEAVY, _EACH = 18, 5
"""People who keep both slots busy, and the runs of each: as many as one may have under way."""
_RUN = "8x64 data=blobs lr=0.1 seeds=8 steps=3000 seed={}"
_BARE = ("-m", "benchmarks.discord.bare")
_WARM_SECONDS = 240.0
_STRANGER = "When is the exam of group {}?"

Acts = list[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Found:
    """Seconds, by what was done; of ours and of the bare bot."""

    ours: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    bare: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    starts: list[float] = field(default_factory=list[float])
    processor: float = 0.0
    """Seconds of the bot's own process for each question of `ASKED`."""
    problems: list[str] = field(default_factory=list[str])
    busy: bool = False
    """Whether jobs were running until the end."""


async def measure() -> Found:
    """Measure the starts, then both bots while both processors compute."""
    found = Found()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        double, said = await stack.enter_async_context(a_double())
        for _ in range(STARTS):
            found.starts.append(await _start_and_end(folder, double, said))
        bot, log = await a_bot(folder, said, BACKCHAT_JOBS=str(_SLOTS), BACKCHAT_JOB_SECONDS="600")
        stack.push_async_callback(end, bot)
        await order(double, {"do": "ready", "seconds": 60})
        await _until_warm(log)
        heavy = [
            _slash("simulate", {"spec": _RUN.format(number)}, 90_000 + number // _EACH)
            for number in range(_HEAVY * _EACH)
        ]
        await order(double, {"do": "play", "acts": heavy})
        await asyncio.sleep(2)
        before = processor_seconds(bot.pid)
        found.ours["asked"] = await _acknowledged(double, _questions(ASKED))
        found.processor = (processor_seconds(bot.pid) - before) / ASKED
        found.ours["burst"] = await _acknowledged(double, _at_once(_questions(BURST)))
        found.ours["typed"] = await _acknowledged(double, _typing())
        found.ours["cached"] = await _answered(double, _known())

        other, said_other = await stack.enter_async_context(a_double())
        second = folder / "bare"
        second.mkdir()
        bare, _ = await a_bot(second, said_other, *_BARE)
        stack.push_async_callback(end, bare)
        await order(other, {"do": "ready", "seconds": 60})
        found.bare["asked"] = await _acknowledged(other, _questions(ASKED))
        found.bare["burst"] = await _acknowledged(other, _at_once(_questions(BURST)))
        found.bare["typed"] = await _acknowledged(other, _typing())
        report = await order(double, {"do": "report"})
        found.busy = sum(_is_open(act) for act in report["acts"]) > _SLOTS
        found.problems = report["problems"]
    return found


async def _start_and_end(folder: Path, double: Process, said: dict[str, Any]) -> float:
    begun = time.monotonic()
    sessions = (await order(double, {"do": "report"}))["identified"]
    bot, _ = await a_bot(folder, said, BACKCHAT_WARMING="false")
    try:
        await order(double, {"do": "ready", "seconds": 60, "identified": sessions + 1})
        seconds = time.monotonic() - begun
        await asyncio.sleep(4)  # what goes on behind the connection
    finally:
        await end(bot)
    return seconds


async def _until_warm(log: Path) -> None:
    async with asyncio.timeout(_WARM_SECONDS):
        while "plots of" not in await asyncio.to_thread(log.read_text, "utf-8"):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.2)


def _slash(name: str, options: Mapping[str, Any], user: int, at: float = 0.0) -> dict[str, Any]:
    return {"do": "slash", "at": at, "user": user, "name": name, "options": options}


def _questions(count: int) -> Acts:
    """Every other question has an answer, all in the cache; nobody asks twice."""
    titles = [entry.title for entry in load().entries.values()]
    texts = (
        titles[number % len(titles)] if number % 2 else _STRANGER.format(number) for number in range(count)
    )
    return [_slash("ask", {"question": text}, 1_000 + n, n / _PER_SECOND) for n, text in enumerate(texts)]


def _at_once(acts: Acts) -> Acts:
    return [{**act, "at": 0.0, "user": act["user"] + 20_000} for act in acts]


def _known() -> Acts:
    titles = [entry.title for entry in load().entries.values()]
    return [
        _slash("ask", {"question": titles[number % len(titles)]}, 50_000 + number, number / 5)
        for number in range(CACHED)
    ]


def _typing() -> Acts:
    """People type a title, letter by letter."""
    titles = [entry.title for entry in load().entries.values()]
    typed = [titles[number % len(titles)][: 1 + number % 30] for number in range(TYPED)]
    return [
        {
            **_slash("ask", {"question": text}, 70_000 + n, n / _PER_SECOND),
            "do": "autocomplete",
            "focused": "question",
        }
        for n, text in enumerate(typed)
    ]


async def _acknowledged(double: Process, acts: Acts) -> list[float]:
    """Return after how many seconds each was acknowledged; infinity where that was never."""
    own = await _played(double, acts)
    return [
        float("inf") if act.get("acknowledged_at") is None else act["acknowledged_at"] - act["asked_at"]
        for act in own
    ]


async def _answered(double: Process, acts: Acts) -> list[float]:
    """Return after how many seconds the bot began to send the last thing that each was shown."""
    own = await _played(double, acts)
    return [float("inf") if _is_open(act) else act["shown"][-1]["at"] - act["asked_at"] for act in own]


async def _played(double: Process, acts: Acts) -> Sequence[dict[str, Any]]:
    await order(double, {"do": "play", "acts": acts})
    await asyncio.sleep(5)
    report = await order(double, {"do": "report"})
    return report["acts"][-len(acts) :]


def _is_open(act: Mapping[str, Any]) -> bool:
    shown = act["shown"]
    return not shown or any(str(id_).startswith(_CANCEL) for id_ in shown[-1]["controls"])
