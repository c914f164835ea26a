"""What comes back from jobs on a cluster is what the local engine would say."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from machines import FirstReport, Machines, eventually

from bot.jobs.errors import (
    JobCrashed,
    JobError,
    JobFailed,
    JobOutOfCpu,
    JobOutOfMemory,
    JobOutputTooLarge,
    JobRefused,
    JobTimedOut,
)
from bot.jobs.job import Job, Limits, Progress, Result

if TYPE_CHECKING:
    from bot.jobs.cluster.engine import DaskEngine

RunTask = Callable[..., Awaitable[Result]]
NewEngine = Callable[[], Awaitable["DaskEngine"]]
IsAlive = Callable[[int], bool]


def _job(task: str, request: dict[str, Any] | None = None, **limits: Any) -> Job:
    return Job(task=task, request=request or {}, limits=Limits(**limits))


def _runs(folder: Path) -> list[int]:
    """Return the processes that `count_runs` ran in."""
    return [int(path.name) for path in folder.iterdir()]


async def test_a_result_comes_back_as_it_was_sent(run_task: RunTask) -> None:
    request: dict[str, object] = {
        "text": "σ_w² = 1.5 – größer 🙂 \ud800",
        "list": [1, 2.5, None, True],
        "nested": {"a": {}},
    }

    result = await run_task("echo", request)

    assert result.data == request
    assert result.files == {"größe.bin": bytes(range(256)), "empty": b""}


async def test_a_large_result_comes_back(run_task: RunTask) -> None:
    result = await run_task("big_file", {"bytes": 5_000_000}, output_bytes=5_000_100)

    assert result.files == {"plot.png": bytes(5_000_000)}


@pytest.mark.parametrize(
    ("job", "error", "sentence"),
    [
        (_job("refuse"), JobRefused, "Ask for at most 100 layers, not 5000 – größer geht nicht."),
        (
            _job("hang", wall_seconds=0.3),
            *(JobTimedOut, "The run was stopped after 0.3 s; ask for fewer steps, layers or seeds."),
        ),
        (
            _job("spin", wall_seconds=0.3),
            *(JobTimedOut, "The run was stopped after 0.3 s; ask for fewer steps, layers or seeds."),
        ),
        (
            _job("spin", cpu_seconds=0.3),
            JobOutOfCpu,
            "The run used up 0.3 s of processor time; ask for fewer steps, layers or seeds.",
        ),
        (
            _job("memory_hog", memory_mb=64),
            JobOutOfMemory,
            "The run needed more than 64 MB of memory; ask for fewer layers, units or seeds.",
        ),
        (
            _job("big_file", {"bytes": 2000}, output_bytes=1000),
            JobOutputTooLarge,
            "The run produced more than 1000 bytes of results; ask for fewer layers, steps or plots.",
        ),
        (
            _job("segfault"),
            JobCrashed,
            "The run crashed (SIGSEGV); ask again, and tell the course team if it happens twice.",
        ),
        (
            _job("vanish", {"code": 3}),
            JobCrashed,
            "The run crashed (exit code 3); ask again, and tell the course team if it happens twice.",
        ),
    ],
)
async def test_every_bad_end_has_the_error_of_the_local_engine(
    engine: "DaskEngine", job: Job, error: type[JobError], sentence: str
) -> None:
    with pytest.raises(JobError) as caught:
        await engine.run(job, lambda _: None)

    assert (type(caught.value), str(caught.value)) == (error, sentence)


async def test_a_bug_comes_with_what_the_log_needs(run_task: RunTask) -> None:
    with pytest.raises(JobFailed) as caught:
        await run_task("bug")

    assert caught.value.exception_type == "ZeroDivisionError"
    assert caught.value.exception_text == "ZeroDivisionError: division by zero, 'größer'"
    assert "example_tasks.py" in caught.value.trace


@pytest.mark.parametrize(
    ("task", "whose"),
    [("unknown", "the allow-list"), ("not_there", "the worker's"), ("os:getpid", "the worker's")],
)
async def test_bot_and_worker_each_look_at_their_own_allow_list(
    run_task: RunTask, task: str, whose: str
) -> None:
    with pytest.raises(JobFailed) as caught:
        await run_task(task)

    assert caught.value.exception_type == "LookupError"
    assert f"{task!r} is not on {whose}" in caught.value.exception_text


async def test_nobody_prints_or_logs_about_jobs_that_end_badly(
    run_task: RunTask, machines: Machines, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before = [worker.log for worker in machines.workers]
    for task in ("refuse", "bug", "segfault"):
        with pytest.raises(JobError):
            await run_task(task, {"distinct": True})

    said = [worker.log.removeprefix(log) for worker, log in zip(machines.workers, before, strict=True)]
    assert not [line for log in said for line in log.splitlines() if "WARNING" in line or "ERROR" in line]
    assert not [record for record in caplog.records if record.levelname != "INFO"]
    assert capfd.readouterr() == ("", "")


async def test_progress_arrives_in_order_and_not_too_often(run_task: RunTask) -> None:
    seen: list[Progress] = []
    begun = time.monotonic()

    await run_task("chatter", {"steps": 1000, "pause": 0.0005}, on_progress=seen.append)

    assert seen[0] == Progress(fraction=0.0, text="step 0")
    assert 3 <= len(seen) <= 10 * (time.monotonic() - begun) + 1
    assert [p.fraction for p in seen] == sorted(p.fraction for p in seen)


async def test_nothing_is_heard_from_a_job_after_its_end(run_task: RunTask) -> None:
    seen: list[Progress] = []
    request = {"steps": 10_000, "pause": 0.01}
    with pytest.raises(JobTimedOut):
        await run_task("chatter", request, on_progress=seen.append, wall_seconds=0.4)
    waiting = asyncio.ensure_future(run_task("chatter", request, on_progress=seen.append))
    before = len(seen)
    await eventually(lambda: len(seen) > before + 2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    heard = len(seen)

    await asyncio.sleep(0.3)

    assert len(seen) == heard


async def test_cancelling_kills_the_job_and_frees_the_slot(
    engine: "DaskEngine", run_task: RunTask, is_alive: IsAlive
) -> None:
    for turn in range(engine.capacity + 2):
        report = FirstReport()
        waiting = asyncio.ensure_future(run_task("hang", {"turn": turn}, on_progress=report))
        pid = await report.pid()
        assert is_alive(pid)

        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        await eventually(lambda pid=pid: not is_alive(pid), 1)  # 10 ms, if nothing else runs here


async def test_a_job_cancelled_while_it_starts_takes_no_slot(
    engine: "DaskEngine", run_task: RunTask, tmp_path: Path
) -> None:
    for pause in (0, 0, 0.001, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04):
        waiting = asyncio.ensure_future(run_task("hang"))
        await asyncio.sleep(pause)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    request = {"folder": str(tmp_path), "seconds": 0.2}
    async with asyncio.timeout(10):
        await asyncio.gather(*(run_task("count_runs", {**request, "n": n}) for n in range(engine.capacity)))


async def test_a_job_asked_for_again_in_the_instant_of_its_cancel_is_run(
    run_task: RunTask, tmp_path: Path
) -> None:
    request = {"folder": str(tmp_path), "seconds": 0.3}
    for pause in (0.0, 0.005, 0.012, 0.02):
        report = FirstReport()
        waiting = asyncio.ensure_future(run_task("count_runs", request, on_progress=report))
        first = await report.pid()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.sleep(pause)

        result = await run_task("count_runs", request)

        assert result.data["pid"] != first


async def test_two_bots_that_want_the_same_share_one_run(new_engine: NewEngine, tmp_path: Path) -> None:
    job = Job(task="count_runs", request={"folder": str(tmp_path), "seconds": 0.5})
    reports: list[FirstReport] = [FirstReport(), FirstReport()]
    engines = [await new_engine(), await new_engine()]

    results = await asyncio.gather(
        *(engine.run(job, report) for engine, report in zip(engines, reports, strict=True))
    )

    (run,) = _runs(tmp_path)
    assert [result.data["pid"] for result in results] == [run] * 2
    assert [await report.pid() for report in reports] == [run] * 2


async def test_one_bots_cancel_is_not_the_others(new_engine: NewEngine, tmp_path: Path) -> None:
    job = Job(task="count_runs", request={"folder": str(tmp_path), "seconds": 0.5})
    one, other = await new_engine(), await new_engine()
    report = FirstReport()
    leaving = asyncio.ensure_future(one.run(job, report))
    staying = asyncio.ensure_future(other.run(job, lambda _: None))
    pid = await report.pid()

    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving

    assert (await staying).data == {"pid": pid}
    assert _runs(tmp_path) == [pid]


async def test_two_askers_of_one_bot_share_a_run_and_leave_one_by_one(
    engine: "DaskEngine", tmp_path: Path
) -> None:
    job = Job(task="count_runs", request={"folder": str(tmp_path), "seconds": 0.5})
    report = FirstReport()
    leaving = asyncio.ensure_future(engine.run(job, report))
    staying = asyncio.ensure_future(engine.run(job, lambda _: None))
    pid = await report.pid()

    leaving.cancel()

    assert (await staying).data == {"pid": pid}


async def test_jobs_with_other_limits_are_other_jobs(engine: "DaskEngine") -> None:
    def run(seconds: float) -> Awaitable[Result]:
        limits = Limits(wall_seconds=seconds)
        return engine.run(
            Job(task="chatter", request={"steps": 1, "pause": 0.5}, limits=limits), lambda _: None
        )

    short, long = await asyncio.gather(run(0.2), run(30), return_exceptions=True)

    assert isinstance(short, JobTimedOut)
    assert isinstance(long, Result)


async def test_as_many_jobs_run_at_once_as_the_workers_have_slots(run_task: RunTask) -> None:
    running = most = 0

    def begins(_: Progress) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)

    async def run(number: int) -> None:
        nonlocal running
        await run_task("chatter", {"steps": 1, "pause": 0.3, "number": number}, on_progress=begins)
        running -= 1

    await asyncio.gather(*(run(number) for number in range(8)))

    assert most == 4


async def test_no_secret_reaches_a_job(
    machines: Machines, engine: "DaskEngine", run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "the bot's hunter2")
    secrets = dict.fromkeys(["DISCORD_TOKEN", "PGPASSWORD"], "hunter2")
    worker = machines.start_worker(variables={**secrets, "ORDINARY": "kept"})
    try:
        machines.until_joined(worker)
        await eventually(lambda: engine.capacity == 6)
        seen = await asyncio.gather(*(run_task("worker_secrets", {"number": number}) for number in range(30)))
    finally:
        worker.stop()
        machines.workers.remove(worker)

    assert {"kept"} & {result.data["now"].get("ORDINARY") for result in seen}
    assert "hunter2" not in json.dumps([result.data for result in seen])
