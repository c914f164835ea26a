"""What a job's process does to itself before it works: limits, and no life after the bot's."""

import contextlib
import ctypes
import math
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: the signal to get when the parent dies."""

_CPU_GRACE_SECONDS = 3
"""The kernel's limit on processor time comes after the supervisor's own deadline."""

_NICENESS = 5
"""The bot's event loop goes first."""


def confine(wall_seconds: float) -> None:
    """Make this process harmless and easy to kill."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a task prints must not end up in the JSON that the program prints.
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    if sys.platform == "win32":
        _watch(multiprocessing.parent_process())
        return
    os.setsid()  # a group of its own, so that one signal reaches the processes it starts, too
    _watch(multiprocessing.parent_process())
    os.nice(_NICENESS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, math.ceil(wall_seconds) + _CPU_GRACE_SECONDS)
    if sys.platform == "linux":
        # The parent here is the forkserver; the thread above watches the bot.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def limit_memory(headroom_mb: int) -> None:
    """Let this process grow by at most `headroom_mb` MiB, where the platform can tell its present size.

    RLIMIT_DATA rather than RLIMIT_AS: torch reserves address space that it never uses.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        present_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData"))
        _limit(resource.RLIMIT_DATA, present_kb * 2**10 + headroom_mb * 2**20)


def _limit(kind: int, most: int) -> None:
    if sys.platform != "win32":
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


def _watch(parent: BaseProcess | None) -> None:
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: BaseProcess) -> None:
    parent.join()
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)
