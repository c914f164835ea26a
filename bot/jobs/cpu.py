"""How much processor time a job may use, and how much it has used, its threads and children included."""

import os
import sys
import time
from pathlib import Path

from bot.jobs.job import Limits

_GRACE_SECONDS = 3.0
"""What one busy thread uses beyond its wall clock before it is gone: the wall clock is to strike first."""

_SHORTEST_PAUSE = 0.1

PROCESSORS = os.cpu_count() or 1
"""No job uses more seconds of processor time in a second."""


def allowed_seconds(limits: Limits) -> float:
    """Return how much processor time a job may use."""
    return limits.wall_seconds + _GRACE_SECONDS if limits.cpu_seconds is None else limits.cpu_seconds


class Meter:
    """Tells whether a group of processes has used up its processor time.

    The kernel's own limit is for each process alone, and a process may ignore its first signal and then dies
    of SIGKILL, as it does when the machine runs out of memory.
    """

    def __init__(self, group: int, seconds: float) -> None:
        self._group = group
        self._seconds = seconds
        self._next = time.monotonic() + seconds / PROCESSORS

    @property
    def pause(self) -> float:
        """For how many seconds nobody needs to ask again; a short job is never measured."""
        return max(0.0, self._next - time.monotonic())

    def is_used_up(self) -> bool:
        """Tell whether the time is used up; this looks through all processes, but not before it can be so."""
        if self.pause > 0:
            return False
        left = self._seconds - used_seconds(self._group)
        self._next = time.monotonic() + max(left / PROCESSORS, _SHORTEST_PAUSE)
        return left <= 0


def used_seconds(group: int) -> float:
    """Sum up the processor time of a process group: living, dead and collected members; 0 where unknown."""
    if sys.platform != "linux":
        return 0.0
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name before the bracket may hold anything; see proc(5) for the rest.
            fields = stat.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if fields and int(fields[2]) == group:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
