"""Measuring in a process of its own, which has imported nothing that the bot would not.

`python -m benchmarks.jobs.apart MODULE FILE ARGUMENTS` runs MODULE's `measure` and writes its JSON to FILE.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.memory import family

ROOT = Path(__file__).parents[2]
_SECONDS = 400.0


def environment() -> dict[str, str]:
    """Return what a process needs to import this package and compute on one thread."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}


def apart(module: str, **arguments: Any) -> Any:
    """Run `measure` of a module of this package in a fresh process, and return what it found.

    Raises:
        RuntimeError: It failed; what it wrote is above.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "found.json")
        command = (sys.executable, "-m", "benchmarks.jobs.apart", module, str(out), json.dumps(arguments))
        with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:  # noqa: S603  ours
            try:
                code = process.wait(_SECONDS)
            except BaseException:
                for pid in list(family(process.pid)):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                raise
        if code:
            raise RuntimeError(f"measuring {module} with {arguments} ended with {code}")
        return json.loads(out.read_bytes())


def main() -> None:
    """Measure and leave."""
    module, out, arguments = sys.argv[1:]
    found = asyncio.run(import_module(f"benchmarks.jobs.{module}").measure(**json.loads(arguments)))
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    _end()


def _end() -> None:
    """Leave nothing behind, and wait for nothing: a pool's threads may hang where its workers do."""
    sys.stdout.flush()
    sys.stderr.flush()
    for pid in [*family(os.getpid())][1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
