"""How many processors this process may use: those it is bound to, within what its group is granted."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_GROUPS = Path("/proc/self/cgroup")
_MOUNT = Path("/sys/fs/cgroup")


def available(groups: Path = _GROUPS, mount: Path = _MOUNT) -> int:
    """Count processors; a quota of one and a half counts as one, since two threads would wait for each other.

    Args:
        groups: names the control groups of this process.
        mount: where the system shows control groups.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([bound, *map(math.floor, _quotas(groups, mount))]))


def _quotas(groups: Path, mount: Path) -> Iterator[float]:
    """Yield the processors' worth of time that each control group above this process is granted.

    Source: the Linux kernel's documentation, Control Group v2, cpu.max; and CFS Bandwidth Control for the
    two files of version 1. Inside a container the group's own path may not exist, only the mount's root.
    """
    for line in _read(groups).splitlines():
        _, controllers, path = line.split(":", maxsplit=2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        inside = PurePosixPath(path.lstrip("/"))
        roots = (mount / controllers, mount / "cpu") if controllers else (mount, mount / "unified")
        for group in dict.fromkeys(root / above for root in roots for above in (inside, *inside.parents)):
            yield from _quota(group)


def _quota(group: Path) -> Iterator[float]:
    """Yield the quota of a group in either version's files, if it has one."""
    found = _read(group / "cpu.max").split()
    found = found or [_read(group / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    try:
        quota, period = map(int, found)
    except ValueError:  # "max", or no such file
        return
    if quota > 0 and period > 0:
        yield quota / period


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
