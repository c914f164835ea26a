"""Starting and burying processes with the standard library's forkserver, around its traps."""

import multiprocessing
import signal
import sys
import threading
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


def start_server(preload: Sequence[str]) -> None:
    """Start the forkserver, unless it runs already, without secrets in its environment.

    There is one per program: the first caller decides what it preloads.
    """
    if sys.platform != "win32" and HAS_FORKSERVER:
        with _LOCK, without_secrets(), _unmoved_by_signals():
            _context.set_forkserver_preload(list(preload))
            forkserver.ensure_running()


def launch(entry: Callable[[Connection, bytes], None], message: bytes) -> tuple[BaseProcess, Connection]:
    """Start a process that runs `entry`, and return it with the end of the pipe that it writes to.

    Raises:
        OSError: If the system has no room for another process.
        EOFError: If the forkserver died meanwhile.
    """
    receiver, sender = _context.Pipe(duplex=False)
    try:
        process = _context.Process(target=entry, args=(sender, message), daemon=True)
        with _LOCK, _unmoved_by_signals(), _without_main():
            process.start()
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
