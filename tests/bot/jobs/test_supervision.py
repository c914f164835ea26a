"""Jobs are killed in time, leave nothing behind, and never hold up the event loop."""

import asyncio
import contextlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import launch
from bot.jobs.errors import JobCancelled, JobCrashed, JobError, JobTimedOut
from bot.jobs.job import Job, Limits, Progress, Result
from bot.jobs.local import LocalEngine

RunTask = Callable[..., Awaitable[Result]]
IsAlive = Callable[[int], bool]


class FirstReport:
    """Waits for a job's first progress message."""

    def __init__(self) -> None:
        self._text: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def __call__(self, progress: Progress) -> None:
        if not self._text.done():
            self._text.set_result(progress.text)

    def __await__(self) -> Generator[Any, None, str]:
        return self._text.__await__()

    async def pid(self) -> int:
        return int(await self)


async def test_cancelling_kills_the_job_and_frees_the_slot(run_task: RunTask, is_alive: IsAlive) -> None:
    for _ in range(3):  # with two slots, the third would wait for ever
        report = FirstReport()
        waiting = asyncio.ensure_future(run_task("hang", on_progress=report))
        pid = await report.pid()
        assert is_alive(pid)

        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert not is_alive(pid)


async def test_a_job_cancelled_while_it_starts_is_killed_too(run_task: RunTask) -> None:
    for pause in (0, 0, 0.001, 0.002, 0.003, 0.004, 0.006, 0.01):
        waiting = asyncio.ensure_future(run_task("hang"))
        await asyncio.sleep(pause)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert (await run_task("echo")).data == {}


async def test_being_cancelled_twice_changes_nothing(run_task: RunTask, is_alive: IsAlive) -> None:
    report = FirstReport()
    waiting = asyncio.ensure_future(run_task("hang", on_progress=report))
    pid = await report.pid()

    waiting.cancel()
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert not is_alive(pid)


async def test_nothing_is_heard_from_a_job_after_its_end(run_task: RunTask) -> None:
    seen: list[Progress] = []
    request = {"steps": 10_000, "pause": 0.01}
    with pytest.raises(JobTimedOut):
        await run_task("chatter", request, on_progress=seen.append, wall_seconds=0.3)
    heard = len(seen)

    await asyncio.sleep(0.3)

    assert heard
    assert len(seen) == heard


async def test_nothing_is_heard_from_a_job_once_it_is_cancelled(run_task: RunTask) -> None:
    heard = 0

    def hear(_: Progress) -> None:
        nonlocal heard
        heard += 1
        waiting.cancel()  # while further messages are on their way, because this blocks the loop
        time.sleep(0.25)

    waiting = asyncio.ensure_future(run_task("chatter", {"steps": 1000, "pause": 0.01}, on_progress=hear))
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert heard == 1


async def test_no_more_jobs_run_at_once_than_there_are_slots(run_task: RunTask) -> None:
    running = most = 0

    def begins(_: Progress) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)

    async def run() -> None:
        nonlocal running
        await run_task("chatter", {"steps": 1, "pause": 0.05}, on_progress=begins)
        running -= 1

    await asyncio.gather(*(run() for _ in range(8)))

    assert most == 2


@pytest.mark.parametrize("task", ["breed", "breed_and_leave"])
async def test_what_a_job_started_dies_with_it(run_task: RunTask, is_alive: IsAlive, task: str) -> None:
    if task == "breed":
        report = FirstReport()
        with pytest.raises(JobTimedOut):
            await run_task(task, on_progress=report, wall_seconds=0.5)
        pid = await report.pid()
    else:
        pid = (await run_task(task)).data["pid"]

    await _until(lambda: not is_alive(pid))


async def test_the_event_loop_ticks_while_jobs_burn_processor_time(run_task: RunTask) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.ensure_future(tick())
    await asyncio.gather(*(run_task("spin", {"seconds": 0.5}) for _ in range(2)))
    ticking.cancel()

    assert ticks > 20  # of about a hundred; one long block would leave two or three


async def test_closing_stops_what_runs_and_turns_away_what_waits(
    engine: LocalEngine, run_task: RunTask, is_alive: IsAlive
) -> None:
    report = FirstReport()
    jobs = [asyncio.ensure_future(run_task("hang", on_progress=report)) for _ in range(4)]
    pid = await report.pid()

    await engine.aclose()
    ends = await asyncio.gather(*jobs, return_exceptions=True)

    assert [str(end) for end in ends] == [
        "The bot is shutting down, so the run was stopped; ask again in a minute."
    ] * 4
    assert not is_alive(pid)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job")]
    with pytest.raises(JobCancelled):
        await run_task("echo")
    await engine.aclose()


async def test_fifty_mixed_jobs_leave_nothing_behind(run_task: RunTask) -> None:
    server = (await run_task("where")).data["parent"]
    before = {pid: _open_files(pid) for pid in (os.getpid(), server)}

    async def run(task: str) -> str:
        try:
            async with asyncio.timeout(0.3 if task == "hang" else None):
                await run_task(task, {"code": 1}, memory_mb=32, wall_seconds=5)
        except JobError as error:
            return type(error).__name__
        except TimeoutError:
            return "TimeoutError"
        return "Result"

    ends = await asyncio.gather(
        *(run(task) for task in ["echo", "bug", "hang", "segfault", "memory_hog"] * 10)
    )

    assert ends == ["Result", "JobFailed", "TimeoutError", "JobCrashed", "JobOutOfMemory"] * 10
    await _until(lambda: not _children(server))
    # Ten jobs of each kind: what one kind left open would be ten. Fewer than before is no leak: the
    # fork server closes the pipe of a job, the first one's too, a moment after it has collected it.
    await _until(lambda: all(_open_files(pid) < before[pid] + 10 for pid in before))
    # The main one and one per slot; that of a job's deadline needs a moment to end.
    await _until(lambda: threading.active_count() <= 1 + 2)


async def test_a_dead_forkserver_is_replaced(run_task: RunTask, is_alive: IsAlive) -> None:
    server = (await run_task("where")).data["parent"]
    os.kill(server, signal.SIGKILL)
    await _until(lambda: not is_alive(server))

    replaced = (await run_task("where")).data["parent"]

    assert replaced != server


async def test_jobs_that_run_wait_and_come_outlive_the_forkserver(
    run_task: RunTask, caplog: pytest.LogCaptureFixture
) -> None:
    server = (await run_task("where")).data["parent"]
    for _ in range(5):
        caplog.clear()
        report = FirstReport()
        request = {"steps": 6, "pause": 0.1}
        running = [asyncio.ensure_future(run_task("chatter", request, on_progress=report)) for _ in range(2)]
        waiting = [asyncio.ensure_future(run_task("where")) for _ in range(3)]
        await report

        os.kill(server, signal.SIGKILL)
        coming = [asyncio.ensure_future(run_task("where")) for _ in range(3)]

        await asyncio.gather(*running)
        parents = {job.data["parent"] for job in await asyncio.gather(*waiting, *coming)}
        assert len(parents) == 1
        assert server not in parents
        assert [record.getMessage() for record in caplog.records] == [
            "The forkserver of the job processes died; another is started"
        ]
        server = parents.pop()


async def test_jobs_that_start_outlive_the_forkserver_and_leave_no_orphans(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mark = secrets.token_hex()
    monkeypatch.setenv("MARK", mark)  # which every forkserver but the first is born with
    for pause in (0, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012):
        server = (await run_task("where")).data["parent"]
        starting = [asyncio.ensure_future(run_task("where", {"seconds": 0.05})) for _ in range(2)]
        await asyncio.sleep(pause)

        os.kill(server, signal.SIGKILL)

        found = [job.data for job in await asyncio.gather(*starting)]
        assert server not in {job["parent"] for job in found}
        await _until(lambda: not _strangers(mark))

    died = "The forkserver of the job processes died; another is started"
    assert {record.getMessage() for record in caplog.records} == {died}


async def test_a_job_is_run_a_second_time_but_not_a_third(run_task: RunTask, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    job = asyncio.ensure_future(run_task("hang", {"pid_file": str(pid)}))
    for _ in range(2):
        await _until(pid.exists)
        server = _parent(int(pid.read_text()))
        pid.unlink()
        os.kill(server, signal.SIGKILL)

    with pytest.raises(JobCrashed, match="its process was lost"):
        await job


async def test_a_job_that_crashes_is_not_run_again(run_task: RunTask, tmp_path: Path) -> None:
    for code in (1, 255):  # the second is what the standard library reports for a lost process
        with pytest.raises(JobCrashed, match=f"exit code {code}"):
            await run_task("vanish", {"code": code, "traces": str(tmp_path / str(code))})
        assert (tmp_path / str(code)).read_text() == "x"


async def test_a_job_cancelled_as_its_forkserver_dies_is_not_run_again(run_task: RunTask) -> None:
    report = FirstReport()
    job = asyncio.ensure_future(run_task("hang", on_progress=report))
    os.kill(_parent(await report.pid()), signal.SIGKILL)
    job.cancel()

    with pytest.raises(asyncio.CancelledError):
        await job

    assert (await run_task("echo")).data == {}


async def test_a_new_forkserver_preloads_the_same_and_has_no_secrets_either(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    born_with = (await run_task("imported")).data["modules"]
    os.kill((await run_task("where")).data["parent"], signal.SIGKILL)

    again = await run_task("imported")
    seen = await run_task("secrets")

    assert "bot.jobs.child" in born_with
    assert again.data["modules"] == born_with
    assert "hunter2" not in str(seen.data)
    assert os.environ["DISCORD_TOKEN"] == "hunter2"


async def test_a_forkserver_that_dies_unseen_is_replaced_without_secrets_too(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch, is_alive: IsAlive
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    server = (await run_task("where")).data["parent"]
    looked = 0

    def look(pid: int | None) -> bool:
        nonlocal looked
        looked += 1
        return looked > 2 and is_dead(pid)  # it and the tracker are found alive, and then it is not

    is_dead = launch._is_dead  # pyright: ignore[reportPrivateUsage]
    os.kill(server, signal.SIGKILL)
    await _until(lambda: not is_alive(server))
    monkeypatch.setattr(launch, "_is_dead", look)

    seen = await run_task("secrets")

    assert "hunter2" not in str(seen.data)


async def test_a_dead_resource_tracker_is_replaced(
    run_task: RunTask, caplog: pytest.LogCaptureFixture, is_alive: IsAlive
) -> None:
    report = FirstReport()
    request = {"steps": 3, "pause": 0.1}
    running = asyncio.ensure_future(run_task("chatter", request, on_progress=report))
    await report
    for _ in range(2):
        caplog.clear()
        tracker, _ = launch.pids()
        assert tracker is not None
        os.kill(tracker, signal.SIGKILL)
        await _until(lambda pid=tracker: not is_alive(pid))

        await asyncio.gather(*(run_task("echo") for _ in range(4)))

        assert [record.getMessage() for record in caplog.records] == [
            "The tracker of the job processes died; another is started"
        ]
    await running


async def test_the_result_does_not_wait_for_the_end_of_the_process_but_the_slot_does(
    tasks: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bury = launch.bury
    release = threading.Event()

    def bury_late(process: BaseProcess) -> int | None:
        release.wait(30)
        return bury(process)

    engine = LocalEngine(slots=1, tasks=tasks, preload=["bot.jobs.child"])
    await engine.start()
    await _until(lambda: not engine._running)  # pyright: ignore[reportPrivateUsage] what warmed it up
    monkeypatch.setattr(launch, "bury", bury_late)
    first = await engine.run(Job(task="echo", request={"first": 1}), lambda _: None)
    second = asyncio.ensure_future(engine.run(Job(task="echo", request={}), lambda _: None))
    await asyncio.sleep(0.2)

    assert first.data == {"first": 1}
    assert not second.done()

    release.set()
    assert (await second).data == {}
    await engine.aclose()


async def test_jobs_run_where_there_is_no_forkserver(
    tasks: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.launch._context", get_context("spawn"))
    monkeypatch.setattr("bot.jobs.launch.HAS_FORKSERVER", False)
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    engine = LocalEngine(slots=1, tasks=tasks)
    await engine.start()
    where = await engine.run(Job(task="where", request={}), lambda _: None)
    seen = await engine.run(Job(task="secrets", request={}), lambda _: None)
    with pytest.raises(JobTimedOut):
        await engine.run(Job(task="hang", request={}, limits=Limits(wall_seconds=1)), lambda _: None)
    await engine.aclose()

    assert where.data["parent"] == os.getpid()
    assert "DISCORD_TOKEN" not in seen.data["now"]


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _strangers(mark: str) -> list[int]:
    """List the processes with this mark in their environment that are no children of ours."""
    marked: list[int] = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            pid = int(path.parent.name)
            if mark.encode() in path.read_bytes() and _parent(pid) != os.getpid():
                marked.append(pid)
    return marked


def _open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 the kernel sets no event
            await asyncio.sleep(0.01)
