"""Tasks that only a cluster can be asked for; only jobs' processes import this."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

Request = Mapping[str, Any]
Report = Callable[[float, str], None]
Outcome = tuple[dict[str, Any], dict[str, bytes]]


def which_worker(_request: Request, _report: Report) -> Outcome:
    """Tell who supervises this job, and whether that process holds torch."""
    worker = _worker()
    return {"worker": worker, "torch": "libtorch" in Path(f"/proc/{worker}/maps").read_text()}, {}


def count_runs(request: Request, report: Report) -> Outcome:
    """Leave a file per run, and take a while."""
    Path(request["folder"], str(os.getpid())).touch()
    report(0.5, str(os.getpid()))
    time.sleep(request["seconds"])
    return {"pid": os.getpid()}, {}


def worker_secrets(_request: Request, _report: Report) -> Outcome:
    """Everything that a job can see of the environment without looking at the worker itself."""
    born_with = [Path(f"/proc/{process}/environ").read_text() for process in ("self", os.getppid())]
    return {"now": dict(os.environ), "born_with": born_with, "modules": sorted(sys.modules)}, {}


def kill_worker(_request: Request, _report: Report) -> Outcome:
    os.kill(_worker(), signal.SIGKILL)
    time.sleep(60)
    return {}, {}


def _worker() -> int:
    parent = parent_process()  # not the forkserver
    assert parent is not None
    assert parent.pid is not None
    return parent.pid
