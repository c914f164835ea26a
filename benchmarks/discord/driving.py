"""A double of Discord and a bot on it, each in a process of its own, started and ended."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.jobs.apart import ROOT, environment
from benchmarks.memory import family

BACKCHAT = ("-c", "from bot.cli import main; main()", "run")
"""As the installed `backchat` does."""


@asynccontextmanager
async def a_double() -> AsyncGenerator[tuple[Process, dict[str, Any]]]:
    """Start a double; return it and what it says of itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "discord_double"),
        env={**environment(), "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=2**28,  # the report is one line
    )
    try:
        yield process, await _answer(process)
    finally:
        await end(process)


async def a_bot(
    folder: Path, double: dict[str, Any], *command: str, **variables: str
) -> tuple[Process, Path]:
    """Start a bot on a double; return it and its log."""
    log = folder / "log.txt"
    needed = {
        "BACKCHAT_DISCORD_API": double["api"],
        "DISCORD_TOKEN": double["token"],
        "BACKCHAT_DATA": str(folder / "data"),
        "BACKCHAT_CHANNEL_PER_MINUTE": "1000000",  # they all ask in one
    }
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *(command or BACKCHAT)),
            env={**environment(), **needed, **variables},
            cwd=folder,
            stdout=stream,
            stderr=stream,
        )
    return process, log


async def order(double: Process, what: dict[str, Any]) -> dict[str, Any]:
    """Tell a double to do something, and return its answer when it has."""
    if double.stdin is None:
        raise RuntimeError("the double has no input")
    double.stdin.write(json.dumps(what).encode() + b"\n")
    await double.stdin.drain()
    return await _answer(double)


async def end(process: Process) -> None:
    """Kill a process and all that it has started."""
    others: Sequence[int] = list(family(process.pid))[1:]
    if process.returncode is None:
        process.kill()
        await process.wait()
    for pid in others:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def _answer(process: Process) -> dict[str, Any]:
    if process.stdout is None:
        raise RuntimeError("the double has no output")
    line = await process.stdout.readline()
    answer: dict[str, Any] = json.loads(line) if line else {"error": "it ended"}
    if "error" in answer:
        raise RuntimeError(f"the double: {answer['error']}")
    return answer
