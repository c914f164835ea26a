"""Tasks of every temper; only jobs' processes import this."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.errors import SpecError

Request = Mapping[str, Any]
Report = Callable[[float, str], None]
Outcome = tuple[dict[str, Any], dict[str, bytes]]


def echo(request: Request, _report: Report) -> Outcome:
    return dict(request), {"größe.bin": bytes(range(256)), "empty": b""}


def where(_request: Request, _report: Report) -> Outcome:
    torch = sys.modules.get("torch")
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "torch": torch is not None,
        "torch_threads": torch.get_num_threads() if torch else None,
    }, {}


def secrets(_request: Request, _report: Report) -> Outcome:
    """Everything that a job can see of the environment without looking at the bot itself."""
    born_with = [Path(f"/proc/{process}/environ").read_text() for process in ("self", os.getppid())]
    return {"now": dict(os.environ), "born_with": born_with}, {}


def chatter(request: Request, report: Report) -> Outcome:
    for step in range(request["steps"]):
        report(step / request["steps"], f"step {step}")
        time.sleep(request["pause"])
    return {}, {}


def odd_progress(_request: Request, report: Report) -> Outcome:
    for fraction, text in ((float("nan"), "nan"), (-1.0, "low"), (7.0, "high"), (0.5, "ü" * 10_000)):
        report(fraction, text)
        time.sleep(0.11)
    return {}, {}


def refuse(_request: Request, _report: Report) -> Outcome:
    raise SpecError("Ask for at most 100 layers, not 5000 – größer geht nicht.")


def bug(_request: Request, _report: Report) -> Outcome:
    print("before the bug")  # noqa: T201
    raise ZeroDivisionError("division by zero, 'größer'")


def leave(_request: Request, _report: Report) -> Outcome:
    sys.exit("bye")


def hang(request: Request, report: Report) -> Outcome:
    """Sleep for ever."""
    _tell_pid(request, report)
    threading.Event().wait()
    return {}, {}


def spin(request: Request, report: Report) -> Outcome:
    """Burn processor time: for ever, or for as many seconds of it."""
    _tell_pid(request, report)
    while time.process_time() < request.get("seconds", float("inf")):
        pass
    return {}, {}


def _tell_pid(request: Request, report: Report) -> None:
    report(0.0, str(os.getpid()))
    if "pid_file" in request:
        part = Path(request["pid_file"] + ".part")
        part.write_text(str(os.getpid()), encoding="ascii")
        part.rename(request["pid_file"])


def breed(_request: Request, report: Report) -> Outcome:
    """Start a process and hang."""
    started = subprocess.Popen(["sleep", "1000"])  # noqa: S607
    report(0.0, str(started.pid))
    threading.Event().wait()
    return {}, {}


def breed_and_leave(_request: Request, _report: Report) -> Outcome:
    started = subprocess.Popen(["sleep", "1000"])  # noqa: S607
    return {"pid": started.pid}, {}


def segfault(_request: Request, _report: Report) -> Outcome:
    ctypes.string_at(0)
    return {}, {}


def vanish(request: Request, _report: Report) -> Outcome:
    os._exit(request["code"])


def cpu_hog(_request: Request, _report: Report) -> Outcome:
    """Die as a job does that used up its processor time before its wall clock."""
    os.kill(os.getpid(), 24)  # SIGXCPU
    return {}, {}


def memory_hog(_request: Request, _report: Report) -> Outcome:
    held = [b"x" * 2**20 for _ in range(4096)]
    return {"held": len(held)}, {}


def big_file(request: Request, _report: Report) -> Outcome:
    return {}, {"plot.png": bytes(request["bytes"])}


def big_data(request: Request, _report: Report) -> Outcome:
    return {"text": "x" * request["bytes"]}, {}


def not_json(_request: Request, _report: Report) -> Outcome:
    return {"value": object()}, {}


def not_a_number(_request: Request, _report: Report) -> Outcome:
    return {"value": float("nan")}, {}


def not_a_pair(_request: Request, _report: Report) -> Any:
    return None


def not_bytes(_request: Request, _report: Report) -> Any:
    return {}, {"plot.svg": "<svg/>"}


def shout(_request: Request, _report: Report) -> Outcome:
    print("a print")  # noqa: T201
    os.write(1, b"a write\n")
    print("an error", file=sys.stderr)  # noqa: T201
    return {"shouted": True}, {}
