"""What a process holds of the machine (Linux only)."""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

from benchmarks.memory import family

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes of one process."""

    resident: int
    private: int
    """Of those, what no other process shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What this process, and the forkserver it started, hold."""

    descriptors: int
    threads: int
    children: int
    """All that it started and that still runs, theirs included."""
    memory: Memory
    server_descriptors: int
    server_memory: Memory


def state() -> State:
    """Look at this process."""
    server = forkserver_pid()
    return State(
        descriptors=_descriptors(os.getpid()),
        threads=threading.active_count(),
        children=len(list(family(os.getpid()))) - 1,
        memory=memory(os.getpid()),
        server_descriptors=_descriptors(server) if server else 0,
        server_memory=memory(server) if server else Memory(resident=0, private=0),
    )


def forkserver_pid() -> int | None:
    """Return the process that this one's jobs are forked from."""
    server: object = vars(forkserver)["_forkserver"]  # the standard library does not tell
    return getattr(server, "_forkserver_pid", None)


def memory(pid: int) -> Memory:
    """Look at how much memory a process holds."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    held = {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines[1:]}
    return Memory(
        resident=held["Rss"], private=sum(size for name, size in held.items() if name.startswith("Private_"))
    )


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process, without those it started, has used."""
    fields = (
        (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    )
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and is not buried does not."""
    with suppress(OSError):
        status = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        return status.rpartition(")")[2].split()[0] != "Z"
    return False


def _descriptors(pid: int) -> int:
    return len(list((_PROC / str(pid) / "fd").iterdir()))
