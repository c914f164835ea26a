"""What becomes of jobs when a machine or a connection goes away under them."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from machines import ROOT, FirstReport, Machines, eventually

from bot.jobs.cluster.security import TlsFiles
from bot.jobs.errors import JobCancelled, JobCrashed
from bot.jobs.job import Job, Limits, Progress, Result

if TYPE_CHECKING:
    from bot.jobs.cluster.engine import DaskEngine

RunTask = Callable[..., Awaitable[Result]]
NewEngine = Callable[[], Awaitable["DaskEngine"]]
IsAlive = Callable[[int], bool]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_job_whose_worker_goes_is_run_by_another(
    machines: Machines, run_task: RunTask, is_alive: IsAlive, tmp_path: Path, number: signal.Signals
) -> None:
    report = FirstReport()
    job = asyncio.ensure_future(
        run_task("count_runs", {"folder": str(tmp_path), "seconds": 1.0}, on_progress=report)
    )
    first = await report.pid()
    where = next(worker for worker in machines.workers if worker.pid == _supervisor_of(first))

    where.signal(number)
    result = await job

    assert result.data["pid"] != first
    assert _files(tmp_path) == 2
    await eventually(lambda: not is_alive(first))
    await eventually(lambda: where.is_down, 15)
    machines.replace_the_dead()
    machines.until_joined()


async def test_a_job_that_kills_one_worker_after_the_other_is_given_up(
    machines: Machines, run_task: RunTask, engine: "DaskEngine"
) -> None:
    async def replace() -> int:
        replaced = 0
        while True:
            replaced += sum(worker.is_down for worker in machines.workers)
            machines.replace_the_dead()
            if job.done():
                return replaced
            await asyncio.sleep(0.05)

    job = asyncio.ensure_future(run_task("kill_worker"))
    replaced = await replace()
    with pytest.raises(JobCrashed) as caught:
        await job
    machines.replace_the_dead()
    machines.until_joined()

    assert replaced <= 3
    assert str(caught.value) == (
        "The run crashed (one computer after the other that ran it died); "
        "tell the course team, or ask for something smaller."
    )
    await eventually(lambda: engine.capacity == 4)
    assert (await run_task("echo")).data == {}


async def test_a_new_scheduler_gets_the_jobs_of_the_old_one(
    machines: Machines, engine: "DaskEngine", run_task: RunTask, is_alive: IsAlive, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    report = FirstReport()
    job = asyncio.ensure_future(
        run_task("count_runs", {"folder": str(tmp_path), "seconds": 0.5}, on_progress=report)
    )
    first = await report.pid()
    assert machines.scheduler is not None

    machines.scheduler.stop()
    await eventually(lambda: not is_alive(first))
    await asyncio.to_thread(machines.start_scheduler)
    await eventually(lambda: all(worker.is_down for worker in machines.workers), 20)
    machines.replace_the_dead()
    await asyncio.to_thread(machines.until_joined)

    assert (await job).data["pid"] != first
    await eventually(lambda: engine.capacity == 4)
    await run_task("chatter", {"steps": 20, "pause": 0.1}, on_progress=seen.append)
    assert len(seen) > 5


async def test_a_scheduler_that_falls_silent_holds_nobody_up_for_ever(
    machines: Machines, new_engine: NewEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.cluster.engine.GRACE_SECONDS", 1.0)
    await (await new_engine()).aclose()
    before = _held()
    engine = await new_engine()
    assert machines.scheduler is not None
    machines.scheduler.signal(signal.SIGSTOP)
    try:
        with pytest.raises(JobCrashed) as caught:
            await engine.run(
                Job(task="echo", request={"silent": True}, limits=Limits(wall_seconds=0.2)), lambda _: None
            )
        begun = time.monotonic()
        await engine.aclose()
        closed = time.monotonic() - begun
    finally:
        machines.scheduler.signal(signal.SIGCONT)

    assert str(caught.value) == "No computer of the cluster answered for 1.4 s; ask again in a few minutes."
    assert closed < 2
    assert _held() == before


async def test_closing_stops_what_runs_and_leaves_nothing_behind(
    new_engine: NewEngine, is_alive: IsAlive
) -> None:
    await (await new_engine()).aclose()  # what is made once per process is there now
    before = _held()
    engine = await new_engine()
    reports = [FirstReport() for _ in range(2)]
    jobs = [
        asyncio.ensure_future(engine.run(Job(task="hang", request={"n": number}), report))
        for number, report in enumerate(reports)
    ]
    pids = [await report.pid() for report in reports]
    jobs += [
        asyncio.ensure_future(engine.run(Job(task="hang", request={"n": n}), reports[0])) for n in range(9)
    ]

    begun = time.monotonic()
    await engine.aclose()
    closed = time.monotonic() - begun
    ends = await asyncio.gather(*jobs, return_exceptions=True)

    assert closed < 2
    assert {str(end) for end in ends} == {
        "The bot is shutting down, so the run was stopped; ask again in a minute."
    }
    await eventually(lambda: not any(map(is_alive, pids)))
    with pytest.raises(JobCancelled):
        await engine.run(Job(task="echo", request={}), lambda _: None)
    await engine.aclose()
    assert _held() == before


async def test_the_jobs_of_a_killed_bot_are_killed(
    machines: Machines, files: TlsFiles, is_alive: IsAlive
) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from bot.jobs.job import Job\n"
        "from bot.jobs.cluster.engine import DaskEngine; from bot.jobs.cluster.security import TlsFiles\n"
        "async def run():\n"
        "    ca, cert, key = map(Path, sys.argv[2:])\n"
        "    engine = DaskEngine(sys.argv[1], TlsFiles(ca=ca, cert=cert, key=key), tasks=['hang'])\n"
        "    await engine.start()\n"
        "    job = Job(task='hang', request={'of': 'another bot'})\n"
        "    await engine.run(job, lambda progress: print(progress.text, flush=True))\n"
        "asyncio.run(run())"
    )
    papers = map(str, (files.ca, files.cert, files.key))
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, machines.address, *papers), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert bot.stdout is not None
    job = int(await bot.stdout.readline())
    assert is_alive(job)

    bot.kill()
    await bot.communicate()

    await eventually(lambda: not is_alive(job))


async def test_a_worker_without_jobs_is_idle_after_cancels(run_task: RunTask, machines: Machines) -> None:
    for pause in (0, 0.005, 0.02, 0.05):
        waiting = [asyncio.ensure_future(run_task("spin", {"n": number})) for number in range(6)]
        await asyncio.sleep(pause)
        for job in waiting:
            job.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    await eventually(lambda: not [pid for worker in machines.workers for pid in _jobs_of(worker.pid)])


def _held() -> tuple[int, int, int]:
    """Count this process's asyncio tasks, open files and threads."""
    return len(asyncio.all_tasks()), _files(Path("/proc/self/fd")), _files(Path("/proc/self/task"))


def _files(folder: Path) -> int:
    return len(list(folder.iterdir()))


def _supervisor_of(pid: int) -> int:
    """Return the worker whose forkserver has this child."""
    return _parent(_parent(pid))


def _jobs_of(worker: int) -> list[int]:
    return [job for child in _children(worker) for job in _children(child)]


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
