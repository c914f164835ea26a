"""The memory that a command and every process it starts hold together (Linux only)."""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

EVERY_SECONDS = 0.02
"""How often the processes are looked at; what is held for less may be missed."""

_PROC = Path("/proc")
KNOWN = (_PROC / "self" / "smaps_rollup").exists()
"""Whether this system says how much a process holds."""


def peak(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command and return the most bytes that its processes held at once.

    A page that several of them share counts once (the kernel's proportional set size).
    """
    most = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603  ours
        while process.poll() is None:
            most = max(most, sum(_held(number) for number in family(process.pid)))
            time.sleep(EVERY_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most


def family(number: int) -> Iterator[int]:
    """Yield a process and everything it has started that still runs."""
    yield number
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for thread in (_PROC / str(number) / "task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield from family(int(child))


def _held(number: int) -> int:
    with contextlib.suppress(OSError):
        for line in (_PROC / str(number) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
