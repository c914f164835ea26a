"""Imported first by the forkserver, so that neither it nor its jobs outlive the bot; never elsewhere.

The standard library's forkserver ends when the bot and all jobs have closed a pipe.  While it still imports,
it does not look; and a job that is busy in C code, where its watching thread gets no turn, never closes it.
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

_SECONDS = 0.5

_BOT = os.getppid()
_SERVER = os.getpid()


def _look(_signal: int, _frame: FrameType | None) -> None:
    """End everything if the bot is gone."""
    if (
        os.getpid() != _SERVER or os.getppid() == _BOT
    ):  # a job that has not yet reset the handler, or all is well
        return
    for job in _jobs():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(job, signal.SIGKILL)  # and what it started
        with suppress(ProcessLookupError):
            os.kill(job, signal.SIGKILL)  # it may have had no time to found its group
    os._exit(0)


def _jobs() -> list[int]:
    try:
        return [int(job) for job in Path(f"/proc/self/task/{_SERVER}/children").read_text("ascii").split()]
    except OSError:  # no Linux: the jobs' own threads do what they can
        return []


if sys.platform != "win32":
    signal.signal(signal.SIGALRM, _look)
    signal.siginterrupt(signal.SIGALRM, False)  # noqa: FBT003 the libraries that are imported need not know
    signal.setitimer(signal.ITIMER_REAL, _SECONDS, _SECONDS)  # which forked processes do not inherit
