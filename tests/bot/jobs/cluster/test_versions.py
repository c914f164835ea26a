"""Workers with other code than the bot's get no jobs, and real workers know real tasks."""

import asyncio
from pathlib import Path

import pytest
from machines import SLOTS, Machines, eventually

from bot.jobs.build import local_build
from bot.jobs.cluster.security import TlsFiles
from bot.jobs.job import Job
from sim.request import request
from sim.spec import parse_variants


async def test_a_bot_without_workers_waits_for_one_of_its_own_version(
    scheduler: Machines, files: TlsFiles, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415 the extra may not be installed

    engine = DaskEngine(scheduler.address, files, tasks={"which_worker"})
    await engine.start()
    assert engine.capacity == 1
    assert "no worker" in engine.build
    assert "has no worker for this bot yet" in caplog.text

    jobs = [
        asyncio.ensure_future(engine.run(Job(task="which_worker", request={"n": n}), lambda _: None))
        for n in range(6)
    ]
    stranger = scheduler.start_worker(preload="preload_other_version")
    await asyncio.to_thread(scheduler.until_joined, stranger)
    await asyncio.sleep(1.5)
    assert not [job for job in jobs if job.done()]
    assert engine.capacity == 1
    assert "These workers get no jobs, because they run another version than the bot's" in caplog.text

    right = scheduler.start_worker()
    results = await asyncio.gather(*jobs)
    await eventually(lambda: engine.capacity == SLOTS, 60)
    await engine.aclose()

    assert {result.data["worker"] for result in results} == {right.pid}
    assert engine.build == local_build()
    for worker in (stranger, right):
        worker.stop()
        scheduler.workers.remove(worker)


async def test_the_documented_worker_computes_without_holding_torch_itself(
    scheduler: Machines, files: TlsFiles
) -> None:
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415

    worker = scheduler.start_worker(preload="bot.jobs.cluster.worker")
    engine = DaskEngine(scheduler.address, files)
    await engine.start()
    await eventually(lambda: engine.capacity == SLOTS, 60)

    specs = parse_variants("depth=5 sigmoid vs relu he")
    result = await engine.run(
        Job(task="measure", request=request("gradients", specs, ["dark"])), lambda _: None
    )
    await engine.aclose()

    assert result.data
    assert {content[:4] for content in result.files.values()} == {b"\x89PNG"}
    assert "libtorch" not in _mapped(worker.pid)
    worker.stop()
    scheduler.workers.remove(worker)


def _mapped(pid: int) -> str:
    """Return which files a process has in its memory."""
    return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
