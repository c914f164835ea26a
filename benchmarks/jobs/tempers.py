"""Tasks of every temper; only jobs' processes run these."""

import ctypes
import os
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Request = Mapping[str, Any]
Report = Callable[[float, str], None]
Outcome = tuple[dict[str, Any], dict[str, bytes]]

_SAMPLE_SECONDS = 0.005


def echo(request: Request, _report: Report) -> Outcome:
    """Return what was asked, and the seconds from begin to end."""
    start = time.perf_counter()
    return {**request, "seconds": time.perf_counter() - start}, {"file.bin": bytes(1024)}


def sleep(request: Request, report: Report) -> Outcome:
    """Say how far it is, and in which process, while it waits."""
    end = time.monotonic() + request["seconds"]
    while (left := end - time.monotonic()) > 0:
        report(1 - left / request["seconds"], str(os.getpid()))
        time.sleep(min(left, 0.1))
    return {}, {}


def hang(_request: Request, _report: Report) -> Outcome:
    """Wait for ever."""
    threading.Event().wait()
    return {}, {}


def segfault(_request: Request, _report: Report) -> Outcome:
    """Read address 0."""
    ctypes.string_at(0)
    return {}, {}


def vanish(_request: Request, _report: Report) -> Outcome:
    """Leave without a word."""
    os._exit(3)


def hog(request: Request, _report: Report) -> Outcome:
    """Hold so many MiB."""
    held = [os.urandom(2**10) * 2**10 for _ in range(request["mib"])]
    return {"held": len(held)}, {}


def bug(_request: Request, _report: Report) -> Outcome:
    """Raise what no task should."""
    raise ZeroDivisionError("division by zero")


def timed_measure(request: Request, report: Report) -> Outcome:
    """Do what `sim.tasks.measure` does, and say how long that took."""
    from sim.tasks import measure  # noqa: PLC0415  the forkserver has imported it

    start = time.perf_counter()
    data, files = measure(request, report)
    return {**data, "seconds": time.perf_counter() - start}, files


def weighed_measure(request: Request, report: Report) -> Outcome:
    """Do the same, and say how much memory was this job's own at most."""
    from sim.tasks import measure  # noqa: PLC0415  the forkserver has imported it

    with _watched() as samples:
        measure(request, report)
    return {"private": max(samples)}, {}


def private(_request: Request, _report: Report) -> Outcome:
    """Say how much memory is this job's own when it does nothing."""
    return {"private": own_bytes()}, {}


@contextmanager
def _watched() -> Generator[list[int]]:
    """Sample this process's own memory while something is done."""
    samples, done = [own_bytes()], threading.Event()

    def watch() -> None:
        while not done.wait(_SAMPLE_SECONDS):
            samples.append(own_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()
        samples.append(own_bytes())


def own_bytes() -> int:
    """Return the bytes that no other process shares with this one."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
