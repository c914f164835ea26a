"""What a job's process does to itself before it works: limits, and no life after the bot's."""

import contextlib
import ctypes
import math
import multiprocessing
import os
import signal
import stat
import sys
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.jobs import cpu

if sys.platform != "win32":
    import resource

    _C = ctypes.CDLL(None)

_PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: the signal to get when the parent dies."""

_NICENESS = 19
"""The bot's event loop goes first."""

FILE_BYTES = 64 * 2**20
"""No file becomes larger: a runaway task is to fill its own limits, not the disk."""

_OPEN_FILES = 256

_IMPORTER = os.getpid()
"""The forkserver, where it preloads this; otherwise the job's own process."""


def confine(cpu_seconds: float) -> None:
    """Make this process harmless and easy to kill.

    The number of processes is not limited: the kernel would count those of all jobs and of all other programs
    of the same user, even in other containers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a task prints must not end up in the JSON that the program prints.
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    if sys.platform == "win32":
        _watch(multiprocessing.parent_process())
        return
    os.setsid()  # a group of its own, so that one signal reaches the processes it starts, too
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the forkserver's handler means nothing here
    _watch(multiprocessing.parent_process())
    os.nice(_NICENESS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, FILE_BYTES + _log_bytes())
    # Each process alone, and the supervisor counts them together: the kernel is there in case it cannot.  The
    # first signal may be ignored; SIGKILL follows late enough for the supervisor to have its say before.
    cpu_limit = math.ceil(cpu_seconds)
    _limit(resource.RLIMIT_CPU, cpu_limit, cpu_limit + 1 + cpu.PROCESSORS)
    if sys.platform == "linux":
        # The parent here is the forkserver; the thread above watches the bot.
        _C.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getpid() != _IMPORTER != os.getppid():
            os._exit(1)  # it died before it could be our death
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


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    if sys.platform != "win32":
        _, highest = resource.getrlimit(kind)
        hard = highest if hard is None else _lower(hard, highest)
        resource.setrlimit(kind, (_lower(soft, hard), hard))


def _lower(one: int, other: int) -> int:
    if sys.platform != "win32" and other == resource.RLIM_INFINITY:
        return one
    return min(one, other)


def _log_bytes() -> int:
    """Return the size of the file that the job prints to: it may be a log, and longer than any limit."""
    with contextlib.suppress(OSError):
        found = os.fstat(2)
        if stat.S_ISREG(found.st_mode):
            return found.st_size
    return 0


def _watch(parent: BaseProcess | None) -> None:
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: BaseProcess) -> None:
    parent.join()
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)
