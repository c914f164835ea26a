"""Tasks of every temper; only jobs' processes import this."""

import ctypes
import hashlib
import importlib
import io
import itertools
import multiprocessing
import os
import signal
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


def where(request: Request, _report: Report) -> Outcome:
    torch = sys.modules.get("torch")
    time.sleep(request.get("seconds", 0))
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "threads_of_parent": len(list(Path(f"/proc/{os.getppid()}/task").iterdir())),
        "private_kib": _private_kib(),
        "torch": torch is not None,
        "torch_threads": torch.get_num_threads() if torch else None,
    }, {}


def _private_kib() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def secrets(_request: Request, _report: Report) -> Outcome:
    """Everything that a job can see of the environment without looking at the bot itself."""
    born_with = [Path(f"/proc/{process}/environ").read_text() for process in ("self", os.getppid())]
    return {"now": dict(os.environ), "born_with": born_with}, {}


def imported(_request: Request, _report: Report) -> Outcome:
    return {"modules": sorted(sys.modules)}, {}


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


def hold_everything(request: Request, report: Report) -> Outcome:
    """Start a process, then calculate for ever in C code that lets no other thread run."""
    started = subprocess.Popen(["sleep", "1000"])  # noqa: S607
    report(0.0, str(started.pid))
    _tell_pid(request, report)
    return {"sum": sum(itertools.repeat(1))}, {}


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
    if "traces" in request:
        with Path(request["traces"]).open("a") as traces:
            traces.write("x")
    os._exit(request["code"])


def busy_threads(_request: Request, _report: Report) -> Outcome:
    """Burn processor time on four threads at once, each in C code that lets the others run."""
    threads = [threading.Thread(target=_hash_for_ever, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    threads[0].join()
    return {}, {}


def stubborn_spin(_request: Request, _report: Report) -> Outcome:
    """Burn processor time and care about no signal that can be ignored."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def busy_children(_request: Request, _report: Report) -> Outcome:
    """Let others do the work at once, none of which uses up its own time first."""
    command = [sys.executable, "-S", "-c", "while True: pass"]
    started = [subprocess.Popen(command) for _ in range(3)]
    started[0].wait()
    return {}, {}


def many_children(_request: Request, _report: Report) -> Outcome:
    """Let many others do a little work each, one after the other."""
    while True:
        subprocess.run([sys.executable, "-S", "-c", "sum(range(3_000_000))"], check=False)


def _hash_for_ever() -> None:
    block = bytes(2**20)
    while True:
        hashlib.sha256(block)


def killed(_request: Request, _report: Report) -> Outcome:
    """Die as a job does that the kernel chose when the machine ran out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}, {}


def write_file(request: Request, _report: Report) -> Outcome:
    path = Path(request["path"])
    with path.open("wb") as file:
        for _ in range(request["mib"]):
            file.write(bytes(2**20))
    return {"bytes": path.stat().st_size}, {}


def open_files(request: Request, _report: Report) -> Outcome:
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(request["files"])]
    return {"opened": len(opened)}, {}


def libraries(_request: Request, _report: Report) -> Outcome:
    """Use what the limits could forbid by mistake: a process pool, a thread, torch and a plot."""
    torch: Any = importlib.import_module("torch")  # late: hardly a task here needs it
    figure: Any = importlib.import_module("matplotlib.figure").Figure()
    lock = multiprocessing.get_context("fork").Lock()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        with lock:
            sender.send(6 * 7)
        os._exit(0)
    os.waitpid(child, 0)
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    weights = torch.ones(300, 300, requires_grad=True)
    (weights @ weights).sum().backward()
    file = io.BytesIO()
    figure.add_subplot().plot([1, 2, 3])
    figure.savefig(file, format="png")
    return {"child": receiver.recv(), "grad": float(weights.grad[0, 0])}, {"plot.png": file.getvalue()}


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
