"""Starting and burying processes with the standard library's forkserver, around its traps."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType

from bot.jobs.environment import without_secrets

if sys.platform != "win32":
    from multiprocessing import forkserver, resource_tracker

_LOCK = threading.Lock()
"""`Process.start` polls all other processes, which is not safe while another thread does the same."""

HAS_FORKSERVER = "forkserver" in multiprocessing.get_all_start_methods()

if sys.platform != "win32" and HAS_FORKSERVER:
    _context = multiprocessing.get_context("forkserver")
else:
    _context = multiprocessing.get_context("spawn")


LOST = 255
"""The exit code that the standard library makes up for a process whose forkserver died."""

_DYING_SECONDS = 0.5

_CAN_TELL = hasattr(os, "waitid")
"""Whether a dead child can be told from a living one and not be collected; on macOS since Python 3.13."""

_log = logging.getLogger(__name__)


def start_server(preload: Sequence[str]) -> None:
    """Start the forkserver, unless it runs already, without secrets in its environment.

    There is one per program: the first caller decides what it preloads, also when it has to be replaced.
    """
    if sys.platform != "win32" and HAS_FORKSERVER:
        with _LOCK:
            if pids()[1] is None:
                _context.set_forkserver_preload(["bot.jobs.server", *preload])
            with _helpers():
                forkserver.ensure_running()


def server() -> int | None:
    """Return the process id of the forkserver, if there is one."""
    return pids()[1]


def has_died(server: int | None) -> bool:
    """Tell whether the forkserver of that process id is dead, or dies in this moment."""
    deadline = time.monotonic() + _DYING_SECONDS
    while not _is_dead(server):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return server is not None


def launch(entry: Callable[[Connection, bytes], None], message: bytes) -> tuple[BaseProcess, Connection]:
    """Start a process that runs `entry`, and return it with the end of the pipe that it writes to.

    Raises:
        OSError: If the system has no room for another process.
        EOFError: If the forkserver died meanwhile.
    """
    receiver, sender = _context.Pipe(duplex=False)
    try:
        process = _context.Process(target=entry, args=(sender, message), daemon=True)
        with _LOCK, _helpers(), _without_main():
            expected = server()
            process.start()
            _require_ours(expected)
    except BaseException:
        receiver.close()
        raise
    finally:
        sender.close()  # so that the pipe ends when the job does
    return process, receiver


def bury(process: BaseProcess, *, patience_seconds: float = 5.0) -> int | None:
    """Wait for a killed or ended process, free what it held, and return its exit code.

    Returns:
        The negative signal number if a signal ended it, None if it would not go.
    """
    wait([process.sentinel], patience_seconds)
    with _LOCK:
        process.join(0)
        exit_code = process.exitcode
        if exit_code is not None:
            process.close()
    return exit_code


def _require_ours(expected: int | None) -> None:
    """End a forkserver that the standard library put in the place of one that just died: it has secrets.

    Raises:
        EOFError: If there was one; its jobs die with it.
    """
    replaced = server()
    if sys.platform != "win32" and _CAN_TELL and replaced is not None and replaced != expected:
        os.kill(replaced, signal.SIGKILL)
        has_died(replaced)
        raise EOFError("the forkserver died as the process was to start")


def pids() -> tuple[int | None, int | None]:
    """Return the process ids of the resource tracker and of the forkserver."""
    if sys.platform == "win32":
        return None, None
    # No public name tells them, and they are wanted to replace a dead one in our way, not the library's.
    tracker = resource_tracker._resource_tracker  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    server = forkserver._forkserver  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return getattr(tracker, "_pid", None), getattr(server, "_forkserver_pid", None)


def _is_dead(pid: int | None) -> bool:
    """Tell whether a child is dead, and leave it to others to collect it."""
    if pid is None or sys.platform == "win32" or not _CAN_TELL:
        return False  # where nobody can tell, the standard library replaces it without our care
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


@contextmanager
def _helpers() -> Generator[None]:
    """See to the processes that start processes: none is replaced with secrets in its environment."""
    if sys.platform == "win32":
        yield
        return
    tracker, server = pids()
    dead = [name for name, pid in (("tracker", tracker), ("forkserver", server)) if _is_dead(pid)]
    if not dead and (server is not None or not HAS_FORKSERVER):
        with _unmoved_by_signals():
            yield
        return
    for name in dead:
        _log.warning("The %s of the job processes died; another is started", name)
    # The environment belongs to all threads, so this is not done for every job.
    with without_secrets(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracker's own, after the line above
        with _unmoved_by_signals():
            if HAS_FORKSERVER:
                forkserver.ensure_running()
    with _unmoved_by_signals():
        yield


@contextmanager
def _unmoved_by_signals() -> Generator[None]:
    """Start processes that leave it to the bot what Ctrl-C or a service manager's SIGTERM means.

    A blocked signal stays blocked in processes started meanwhile.  A handler would come too late: Ctrl-C
    while the forkserver imports torch would print a traceback.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # starting it unblocks the signals, so it must not happen in between
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Generator[None]:
    """Hide `__main__`, which multiprocessing would otherwise run again in every job.

    That would import the whole command line into each job, and run a script without a `__main__` guard twice.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
