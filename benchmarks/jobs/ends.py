"""Sudden ends: the bot killed or told to stop, its forkserver killed, and a new start."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any

from benchmarks.jobs.apart import ROOT, apart, environment
from benchmarks.jobs.ending import SHORT, WAITING
from benchmarks.jobs.goals import Goal, at_most, exactly, verdicts
from benchmarks.jobs.restarting import RESULTS
from benchmarks.jobs.state import alive
from benchmarks.memory import family
from benchmarks.report import number, table

_GONE_SECONDS = 2.0
_MOST_STOPPING_SECONDS = 20.0
_PATIENCE_SECONDS = 30.0
_NAMES = {"local": "jobs", "pool": "process pool"}


def run(rounds: int) -> str:
    """Return what was left of everything, for the bot's jobs and the pool's."""
    del rounds
    killed = {on: _kill(on) for on in _NAMES}
    stopped = {on: _stop(on) for on in _NAMES}
    with tempfile.TemporaryDirectory() as folder:
        server = {on: apart("restarting", what="kill", on=on, folder=f"{folder}/kill-{on}") for on in _NAMES}
        for what in ("fill", "read"):
            again = {on: apart("restarting", what=what, on=on, folder=f"{folder}/{on}") for on in _NAMES}
    told, peer = stopped["local"], stopped["pool"]
    lost = {on: sum(one != "right" for one in server[on]["outcomes"]) for on in _NAMES}
    goals: list[Goal] = [
        exactly(
            f"processes {_GONE_SECONDS:g} s after SIGKILL of the bot",
            0,
            len(killed["local"][1]),
            str(len(killed["pool"][1])),
        ),
        exactly(
            "people answered or told after SIGTERM", SHORT + WAITING + 1, told["people"], str(peer["people"])
        ),
        at_most("until the last of them was", _MOST_STOPPING_SECONDS, told["last"], "s", peer["last"]),
        at_most("until the process was gone", _MOST_STOPPING_SECONDS, told["gone"], "s", peer["gone"]),
        exactly(
            "jobs lost when the idle forkserver is killed",
            0,
            int(server["local"]["idle"][0] != "right"),
            str(int(server["pool"]["idle"][0] != "right")),
        ),
        exactly(
            "jobs lost when it is killed with two running and four waiting",
            0,
            lost["local"],
            str(lost["pool"]),
        ),
        exactly(
            "cached results after a new start", RESULTS, _cached(again["local"]), str(_cached(again["pool"]))
        ),
    ]
    return "\n\n".join([verdicts(goals), _processes(killed), _people(stopped), _server(server)])


def _kill(on: str) -> tuple[int, list[int]]:
    """Kill the program with SIGKILL; return how many processes it had, and which are left."""
    process = _start(on)
    _wait_for(process, "ready")
    others = list(family(process.pid))[1:]
    process.kill()
    process.wait()
    time.sleep(_GONE_SECONDS)
    left = [pid for pid in others if alive(pid)]
    _clear(left)
    return len(others), left


def _stop(on: str) -> dict[str, Any]:
    """Tell the program to end; return how many people heard something, and after how many seconds."""
    process = _start(on)
    _wait_for(process, "ready")
    others = list(family(process.pid))[1:]
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_SECONDS)
    gone = time.monotonic() - start if process.poll() is not None else float("nan")
    process.kill()
    process.wait()
    _clear(others)
    heard = [line for line in _lines(process.stdout) if "name" in line]
    last = max((line["at"] - start for line in heard), default=float("nan"))
    everybody = len(heard) == SHORT + WAITING + 1
    return {"people": len(heard), "last": last if everybody else float("nan"), "gone": gone, "heard": heard}


def _start(on: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "benchmarks.jobs.ending", on)
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603  ours


def _wait_for(process: subprocess.Popen[str], what: str) -> None:
    for line in process.stdout or ():
        if what in json.loads(line):
            return
    raise RuntimeError("the program ended before it was ready")


def _lines(stream: IO[str] | None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream or ()]


def _clear(processes: Sequence[int]) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _cached(found: dict[str, Any]) -> int:
    return sum(one == "right" for one in found["outcomes"]) - found["ran"]


def _processes(killed: dict[str, tuple[int, list[int]]]) -> str:
    rows = [[_NAMES[on], str(before), str(len(left))] for on, (before, left) in killed.items()]
    return table(["SIGKILL", "processes before", f"{_GONE_SECONDS:g} s after"], rows)


def _people(stopped: dict[str, dict[str, Any]]) -> str:
    rows: list[list[str]] = []
    for on, found in stopped.items():
        ends: dict[tuple[str, str], int] = {}
        for line in found["heard"]:
            who = line["name"].split()[0]
            key = who, f"`{line['error']}` {line['sentence']}".strip() if line["error"] else "a result"
            ends[key] = ends.get(key, 0) + 1
        rows += [[_NAMES[on], who, what, str(count)] for (who, what), count in sorted(ends.items())]
    return table(["SIGTERM", "whose job was", "got", "people"], rows, texts=3)


def _server(found: dict[str, dict[str, Any]]) -> str:
    rows = [
        [
            _NAMES[on],
            *(number(one[key][1]) for key in ("ordinary", "idle", "after")),
            f"{sum(end == 'right' for end in one['outcomes'])} of {len(one['outcomes'])}",
            "; ".join(sorted({end for end in one["outcomes"] if end != "right"})) or "—",
        ]
        for on, one in found.items()
    ]
    head = ["forkserver killed", "s until a result: before", "after the first kill", "after the second"]
    return table([*head, "of those under way answered", "the others"], rows)
