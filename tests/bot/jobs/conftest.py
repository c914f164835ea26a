"""A real engine with example tasks and a light forkserver."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.job import Job, Limits, OnProgress, Progress, Result
from bot.jobs.local import LocalEngine

HERE = Path(__file__).parent


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """An allow-list of every function in example_tasks.py, which this process never imports."""
    monkeypatch.setattr(sys, "path", [str(HERE), *sys.path])  # which every job inherits
    source = (HERE / "example_tasks.py").read_text(encoding="utf-8")
    names = [line[4:].split("(")[0] for line in source.splitlines() if line.startswith("def ")]
    missing = {"no_module": "no_such_module:f", "no_function": "example_tasks:no_such_function"}
    return {name: f"example_tasks:{name}" for name in names} | missing


@pytest.fixture
async def engine(tasks: Mapping[str, str]) -> AsyncGenerator[LocalEngine]:
    engine = LocalEngine(slots=2, tasks=tasks, preload=["bot.jobs.child"])
    await engine.start()
    yield engine
    await engine.aclose()


@pytest.fixture
def run_task(engine: LocalEngine) -> Callable[..., Awaitable[Result]]:
    def ignore(_: Progress) -> None:
        pass

    async def run(
        task: str,
        request: Mapping[str, Any] | None = None,
        *,
        on_progress: OnProgress = ignore,
        **limits: Any,
    ) -> Result:
        return await engine.run(Job(task=task, request=request or {}, limits=Limits(**limits)), on_progress)

    return run


@pytest.fixture
def is_alive() -> Callable[[int], bool]:
    def check(pid: int) -> bool:
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return status.rpartition(")")[2].split()[0] != "Z"

    return check
