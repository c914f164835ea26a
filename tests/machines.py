"""A real scheduler and real workers on this machine, started by the commands that docs/cluster.md gives."""

import asyncio
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.jobs.job import Progress

ROOT = Path(__file__).parents[1]
SLOTS = 2
"""Of each worker."""


def documented(name: str) -> str:
    """Return a command of docs/cluster.md."""
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    block = re.search(rf"<!-- command: {name} -->\n```sh\n(.+?)\n```", page, re.DOTALL)
    assert block, name
    return block[1]


@dataclass(frozen=True, eq=False)
class Machine:
    """A process that takes a machine's place."""

    process: "subprocess.Popen[bytes]"
    log_file: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def has_said(self, text: str) -> bool:
        assert not self.is_down, self.log
        return text in self.log

    @property
    def is_down(self) -> bool:
        return self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Machines:
    """One scheduler and its workers."""

    def __init__(self, folder: Path, papers: Path, preload: str, imports: Sequence[Path]) -> None:
        self.address = f"tls://127.0.0.1:{_free_port()}"
        self.scheduler: Machine | None = None
        self.workers: list[Machine] = []
        self._folder = folder
        self._papers = papers
        self._preload = preload
        self._imports = os.pathsep.join(map(str, (ROOT, *imports)))
        self._started = 0

    def start_scheduler(self) -> Machine:
        port = self.address.rpartition(":")[2]
        local = {"8786": port, "0.0.0.0": "127.0.0.1"}  # noqa: S104 it is what is replaced
        self.scheduler = scheduler = self._start("scheduler", local, self._papers, {})
        until(lambda: scheduler.has_said("Scheduler at:"))
        return scheduler

    def start_worker(
        self,
        *,
        preload: str | None = None,
        papers: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Machine:
        local = {
            "tls://scheduler.example.org:8786": self.address,
            "9000": "0",
            "4": str(SLOTS),
            "bot.jobs.cluster.worker": preload or self._preload,
        }
        worker = self._start("worker", local, papers or self._papers, variables or {})
        self.workers.append(worker)
        return worker

    def until_joined(self, *workers: Machine) -> None:
        until(lambda: all(worker.has_said("Registered to:") for worker in workers or self.workers))

    def replace_the_dead(self) -> None:
        """Do what systemd does."""
        for worker in [worker for worker in self.workers if worker.is_down]:
            self.workers.remove(worker)
            self.start_worker()

    def stop(self) -> None:
        for machine in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            machine.stop()

    def _start(
        self, name: str, local: Mapping[str, str], papers: Path, variables: Mapping[str, str]
    ) -> Machine:
        program, *words = shlex.split(documented(name).replace("\\\n", ""))
        assert program == ".venv/bin/dask"
        assert set(local) <= set(words), "the documentation no longer says what this replaces"
        log_file = self._folder / f"{name}-{self._started}.log"
        self._started += 1
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *(local.get(word, word) for word in words)],
                cwd=papers,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": self._imports, "TMPDIR": str(self._folder), **variables},
            )
        return Machine(process, log_file)


class FirstReport:
    """Waits for a job's first progress message."""

    def __init__(self) -> None:
        self._text: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def __call__(self, progress: Progress) -> None:
        if not self._text.done():
            self._text.set_result(progress.text)

    async def pid(self) -> int:
        async with asyncio.timeout(10):
            return int(await self._text)


def make_papers(folder: Path) -> Path:
    """Make an authority, certificates and keys."""
    folder.mkdir()
    for name in ("authority", "certificates"):
        subprocess.run(["sh", "-ec", documented(name)], cwd=folder, check=True, capture_output=True)  # noqa: S607
    return folder


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 nobody sets an event
            await asyncio.sleep(0.005)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
