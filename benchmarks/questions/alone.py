"""The memory of a process that only matches: `python -m benchmarks.questions.alone FILE [METHOD]`.

What it imports loads neither torch nor scikit-learn.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from answers.catalog import load
from answers.matching import Matcher
from benchmarks.questions.asking import ask
from benchmarks.questions.labelled import read
from benchmarks.questions.speed import additions

_ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")
_MOST = "VmHWM:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The most bytes held so far: with the matcher ready, all messages matched, and an answer added."""

    ready: int
    done: int
    added: int


def held(path: Path, method: str | None) -> Held:
    """Match a file in a fresh process."""
    program = (sys.executable, "-m", "benchmarks.questions.alone", str(path.resolve()))
    command = (*program, method) if method else program
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, cwd=_ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603  ours
    return Held(**json.loads(done.stdout))


def peak() -> int:
    """Return the most bytes that this process has held.

    Linux carries `ru_maxrss` over from the process that started this one, so its own count comes first.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(_MOST):
                return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _main(path: str, method: str | None = None) -> None:
    catalog = load()
    matcher = Matcher(catalog) if method is None else Matcher(catalog, method=method)
    ready = peak()
    ask(matcher, read(Path(path)))
    done = peak()
    additions(matcher, catalog, 1)
    print(json.dumps({"ready": ready, "done": done, "added": peak()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
