"""The real `backchat run` on a double of Discord in a process of its own, with 300 people; run apart."""

import asyncio
import signal
import tempfile
import time
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from answers.matching import Matcher
from answers.matching.glossary import load_glossary
from benchmarks.discord.driving import a_bot, a_double, end, order
from benchmarks.jobs.crowd_requests import Asking, crowd
from benchmarks.jobs.state import processor_seconds
from benchmarks.jobs.watched_engine import Found
from bot import config
from bot.cli.session import load_catalog
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.service import Service

SLOTS = 2
_SEED = 1
_CANCEL = "backchat:1:cancel:"
"""What the id of a waiting message's button begins with."""
_WARM = "plots of"
_WARM_SECONDS = 120.0
_MOST_SECONDS = 120.0
_STOP_SECONDS = 25.0
_LAST = 8
"""Runs under way when the bot is told to stop."""


async def measure() -> Found:
    """Let the crowd in, wait until it is served, and stop the bot while more is under way."""
    people = await asyncio.to_thread(_people)
    async with a_double() as (double, said):
        with tempfile.TemporaryDirectory() as folder:
            bot, log = await a_bot(Path(folder), said, BACKCHAT_JOBS=str(SLOTS))
            try:
                await order(double, {"do": "ready", "seconds": 60})
                await _until_warm(log)
                before = processor_seconds(bot.pid)
                await order(double, {"do": "play", "acts": [_act(asking) for asking in people]})
                settle = {"do": "settle", "seconds": _MOST_SECONDS, "unfinished": _CANCEL}
                left = (await order(double, settle))["open"]
                used = processor_seconds(bot.pid) - before
                crowd_seen = (await order(double, {"do": "report"}))["acts"]
                stopping = await _stop(double, bot)
                report = await order(double, {"do": "report"})
            finally:
                await end(bot)
            text = log.read_text(encoding="utf-8")
    stopping["seen"] = report["acts"][len(people) :]
    return {
        "people": [
            {"kind": asking.kind, **_seen(act)} for asking, act in zip(people, crowd_seen, strict=True)
        ],
        "open": left,
        "processor": used,
        "stopping": stopping,
        "problems": report["problems"],
        "tracebacks": text.count("Traceback"),
    }


def _people() -> list[Asking]:
    settings = config.load({})
    catalog = load_catalog(settings)
    matcher = Matcher(catalog, glossary=load_glossary(settings.answers))
    laboratory = Laboratory(jobs=JobService(LocalEngine(1)), limits=settings.limits)  # nothing is run there
    return crowd(Service(catalog=catalog, matcher=matcher, laboratory=laboratory), _SEED)


def _act(asking: Asking) -> dict[str, Any]:
    told = {"do": "slash", "at": asking.at, "user": 10_000 + asking.person}
    if asking.experiment is None:
        return {**told, "name": "ask", "options": {"question": asking.text}}
    spec = f"experiment={asking.experiment} {asking.text}"
    return {**told, "name": "simulate", "options": {"spec": spec}}


def _seen(act: dict[str, Any]) -> dict[str, Any]:
    """Say after how many seconds somebody was acknowledged, and had what was shown last."""
    acknowledged = act.get("acknowledged_at")
    shown = act["shown"]
    waits = shown and any(str(id_).startswith(_CANCEL) for id_ in shown[-1]["controls"])
    return {
        "acknowledged": None if acknowledged is None else acknowledged - act["asked_at"],
        "answered": None if not shown or waits else shown[-1]["at"] - act["asked_at"],
        "files": len(shown[-1]["files"]) if shown else 0,
    }


async def _stop(double: Process, bot: Process) -> Found:
    """Send SIGTERM while runs run and wait; say after how many seconds everybody knew."""
    acts = [
        {
            "do": "slash",
            "at": 0.0,
            "user": 20_000 + number,
            "name": "simulate",
            "options": {"spec": f"8x64 data=blobs lr=0.1 steps=1500 seeds=8 seed={100 + number}"},
        }
        for number in range(_LAST)
    ]
    await order(double, {"do": "play", "acts": acts})
    await asyncio.sleep(2.0)
    start = time.monotonic()
    bot.send_signal(signal.SIGTERM)
    left = (await order(double, {"do": "settle", "seconds": _STOP_SECONDS, "unfinished": _CANCEL}))["open"]
    with suppress(TimeoutError):
        async with asyncio.timeout(_STOP_SECONDS):
            await bot.wait()
    gone = time.monotonic() - start if bot.returncode is not None else None
    return {"start": start, "open": left, "gone": gone, "asked": _LAST, "exit_code": bot.returncode}


async def _until_warm(log: Path) -> None:
    async with asyncio.timeout(_WARM_SECONDS):
        while _WARM not in await asyncio.to_thread(log.read_text, "utf-8"):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.2)
