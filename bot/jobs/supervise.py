"""One job's process, watched from a thread."""

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from bot.jobs import child, confine, cpu, launch, wire
from bot.jobs.errors import (
    JobCrashed,
    JobError,
    JobFailed,
    JobOutOfCpu,
    JobOutOfMemory,
    JobOutputTooLarge,
    JobRefused,
    JobTimedOut,
)
from bot.jobs.job import Job, Limits, OnProgress, Progress, Result
from bot.jobs.wire import Failure, Order, Trouble

_DYING_SECONDS = 1.0

_log = logging.getLogger(__name__)


def _nobody(_result: Result) -> None:
    pass


class Supervisor:
    """Runs one job in a process of its own; `run` blocks, and any other thread may `stop` it."""

    def __init__(
        self,
        job: Job,
        tasks: Mapping[str, str],
        on_progress: OnProgress,
        on_result: Callable[[Result], None] = _nobody,
    ) -> None:
        self._limits = job.limits
        self._order = Order(task=job.task, tasks=tasks, request=job.request, limits=job.limits)
        self._on_progress = on_progress
        self._on_result = on_result
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None  # only while it may be killed
        self._verdict: JobError | None = None
        self._server: int | None = None  # that forks the job

    def run(self) -> Result:
        """Start the process, wait for its result and for its end.

        `on_result` hears of the result before: it takes the kernel some milliseconds to end a process.  A job
        that dies with the forkserver is run a second time.

        Raises:
            JobError: If there is none.
        """
        message = self._order.pack()
        end, exit_code = self._attempt(message)
        if self._is_lost(end, exit_code):
            end, exit_code = self._attempt(message)
        return self._judge(end, None if self._is_lost(end, exit_code) else exit_code)

    def _is_lost(self, end: Result | Failure | None, exit_code: int | None) -> bool:
        """Tell whether the forkserver died, and the job with it, through no fault of its own."""
        unknown = end is None and self._verdict is None and exit_code in (None, launch.LOST)
        return unknown and launch.has_died(self._server)

    def _attempt(self, message: bytes) -> tuple[Result | Failure | None, int | None]:
        """Return the last thing that the job said and its exit code, each None if there is none."""
        self._server = launch.server()
        try:
            process, receiver = launch.launch(child.main, message)
        except (OSError, EOFError):
            if not launch.has_died(self._server):
                _log.warning("A job could not be started", exc_info=True)
            return None, None
        deadline = threading.Timer(
            self._limits.wall_seconds, self.stop, (JobTimedOut.after(self._limits.wall_seconds),)
        )
        deadline.daemon = True
        end: Result | Failure | None = None
        with receiver:
            try:
                self._hold(process)
                deadline.start()
                end = self._listen(process, receiver)
                if isinstance(end, Result):
                    self._on_result(end)
            finally:
                deadline.cancel()
                exit_code = self._let_go(process)
        return end, exit_code

    def stop(self, verdict: JobError) -> None:
        """Kill the job now, or as soon as it starts; `run` then raises the verdict."""
        with self._lock:
            self._verdict = self._verdict or verdict
            if self._process is not None:
                _kill(self._process)

    def _hold(self, process: BaseProcess) -> None:
        with self._lock:
            self._process = process
            if self._verdict is not None:
                _kill(process)

    def _let_go(self, process: BaseProcess) -> int | None:
        with self._lock:
            self._process = None
            _kill(process)  # even when it ended: it may have started others
        return launch.bury(process)

    def _listen(self, process: BaseProcess, receiver: Connection) -> Result | Failure | None:
        allowed = cpu.allowed_seconds(self._limits)
        meter = cpu.Meter(process.pid or 0, allowed)
        while True:
            # Both, because something the job started may hold the pipe open after the job's end.
            ready = wait([receiver, process.sentinel], meter.pause)
            if meter.is_used_up():
                self.stop(JobOutOfCpu.after(allowed))
            if not ready:
                continue
            try:
                if not receiver.poll():
                    return None
                message = wire.receive(receiver, cap=self._limits.output_bytes)
            except (EOFError, OSError):
                # It is dying; killing it before it is dead could hide what it died of.
                wait([process.sentinel], _DYING_SECONDS)
                return None
            except (KeyError, TypeError, ValueError):
                self.stop(JobCrashed.by(None))  # not a message: nothing more that it says can be trusted
                return None
            if not isinstance(message, Progress):
                return message
            self._on_progress(message)

    def _judge(self, end: Result | Failure | None, exit_code: int | None) -> Result:
        match end:
            case Result():
                return end
            case Failure():
                raise _error(end, self._limits)
            case None:
                raise self._verdict or _crash(exit_code, self._limits)


def _kill(process: BaseProcess) -> None:
    if process.pid is not None and sys.platform != "win32":
        # Not there yet when the job has had no time to found its group, or there no more.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if not wait([process.sentinel], 0):
        process.kill()


def _error(failure: Failure, limits: Limits) -> JobError:
    match failure.trouble:
        case Trouble.REFUSED:
            return JobRefused(failure.text)
        case Trouble.MEMORY:
            return JobOutOfMemory.beyond(limits.memory_mb)
        case Trouble.TOO_LARGE:
            return JobOutputTooLarge.beyond(limits.output_bytes)
        case Trouble.FILE_TOO_LARGE:
            return JobOutputTooLarge.on_disk(confine.FILE_BYTES)
        case Trouble.BUG:
            return JobFailed(failure.exception_type, failure.text, failure.trace)


def _crash(exit_code: int | None, limits: Limits) -> JobError:
    if sys.platform != "win32" and exit_code == -signal.SIGXCPU:
        return JobOutOfCpu.after(cpu.allowed_seconds(limits))
    if sys.platform != "win32" and exit_code == -signal.SIGKILL:
        return JobOutOfMemory.of_machine()  # nobody else kills a job: that was the kernel
    return JobCrashed.by(exit_code)
