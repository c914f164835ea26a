"""What comes back from a job, good or bad."""

import math
import pickle
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.jobs import cpu
from bot.jobs.build import local_build
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
from bot.jobs.job import Limits, Progress, Result
from bot.jobs.local import LocalEngine

RunTask = Callable[..., Awaitable[Result]]


async def test_a_result_comes_back_as_it_was_sent(run_task: RunTask) -> None:
    request: dict[str, object] = {
        "text": "σ_w² = 1.5 – größer 🙂 \ud800",
        "list": [1, 2.5, None, True],
        "nested": {"a": {}},
    }

    result = await run_task("echo", request)

    assert result.data == request
    assert result.files == {"größe.bin": bytes(range(256)), "empty": b""}


async def test_a_result_up_to_the_cap_comes_back(run_task: RunTask) -> None:
    result = await run_task("big_file", {"bytes": 5_000_000}, output_bytes=5_000_100)

    assert result.files == {"plot.png": bytes(5_000_000)}


async def test_progress_arrives_in_order_and_not_too_often(run_task: RunTask) -> None:
    seen: list[Progress] = []

    await run_task("chatter", {"steps": 1000, "pause": 0.0003}, on_progress=seen.append)

    assert seen[0] == Progress(fraction=0.0, text="step 0")
    assert 2 <= len(seen) <= 100
    assert [p.fraction for p in seen] == sorted(p.fraction for p in seen)


async def test_odd_progress_is_mended(run_task: RunTask) -> None:
    seen: list[Progress] = []

    await run_task("odd_progress", on_progress=seen.append)

    assert [p.fraction for p in seen] == [0.0, 0.0, 1.0, 0.5]
    assert seen[3].text == "ü" * 200


async def test_a_refusal_keeps_its_sentence(run_task: RunTask) -> None:
    with pytest.raises(JobRefused) as caught:
        await run_task("refuse")

    assert str(caught.value) == "Ask for at most 100 layers, not 5000 – größer geht nicht."


@pytest.mark.parametrize(
    ("task", "exception_type", "exception_text"),
    [
        ("bug", "ZeroDivisionError", "ZeroDivisionError: division by zero, 'größer'"),
        ("leave", "SystemExit", "SystemExit: bye"),
        ("not_json", "TypeError", "TypeError: Object of type object is not JSON serializable"),
        ("not_a_number", "ValueError", "ValueError: Out of range float values are not JSON compliant"),
        ("not_a_pair", "TypeError", "TypeError: cannot unpack non-iterable NoneType object"),
        ("not_bytes", "TypeError", "TypeError: the file 'plot.svg' must be bytes, not str"),
        ("no_module", "ModuleNotFoundError", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("no_function", "AttributeError", "AttributeError: module 'example_tasks' has no attribute"),
        ("unknown", "LookupError", "'unknown' is not on the allow-list of tasks"),
    ],
)
async def test_a_bug_is_described_for_the_log(
    run_task: RunTask, task: str, exception_type: str, exception_text: str
) -> None:
    with pytest.raises(JobFailed) as caught:
        await run_task(task)

    assert caught.value.exception_type == exception_type
    assert caught.value.exception_text.startswith(exception_text)
    assert str(caught.value) == (
        "The run failed because of a mistake in the bot, not in what you asked; "
        "tell the course team, or try another question."
    )


async def test_a_bug_comes_with_its_traceback(run_task: RunTask) -> None:
    with pytest.raises(JobFailed) as caught:
        await run_task("bug")

    assert "example_tasks.py" in caught.value.trace


@pytest.mark.parametrize("task", ["hang", "spin"])
async def test_a_job_that_does_not_end_is_stopped(run_task: RunTask, task: str) -> None:
    with pytest.raises(JobTimedOut) as caught:
        await run_task(task, wall_seconds=0.3)

    assert type(caught.value) is JobTimedOut
    assert str(caught.value) == "The run was stopped after 0.3 s; ask for fewer steps, layers or seeds."


@pytest.mark.parametrize("task", ["spin", "busy_threads", "stubborn_spin", "busy_children", "many_children"])
async def test_a_job_that_uses_up_its_processor_time_is_stopped_before_its_wall_clock(
    run_task: RunTask, task: str
) -> None:
    with pytest.raises(JobOutOfCpu) as caught:
        await run_task(task, cpu_seconds=1, wall_seconds=60)

    assert str(caught.value) == (
        "The run used up 1 s of processor time; ask for fewer steps, layers or seeds."
    )


async def test_the_kernel_stops_a_busy_job_where_nobody_measures_it(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "used_seconds", Mock(return_value=0.0))

    with pytest.raises(JobOutOfCpu):
        await run_task("busy_threads", cpu_seconds=1, wall_seconds=60)


async def test_a_job_that_talks_all_the_time_is_measured_too(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "used_seconds", Mock(return_value=5.0))

    with pytest.raises(JobOutOfCpu):
        await run_task("chatter", {"steps": 100_000, "pause": 0.01}, cpu_seconds=1, wall_seconds=60)


@pytest.mark.parametrize(("given", "allowed"), [(None, 13.0), (4.0, 4.0)])
def test_without_a_limit_of_its_own_processor_time_ends_after_the_wall_clock(
    given: float | None, allowed: float
) -> None:
    assert cpu.allowed_seconds(Limits(wall_seconds=10, cpu_seconds=given)) == allowed


async def test_a_job_that_the_kernel_kills_early_is_told_of_the_machines_memory(run_task: RunTask) -> None:
    with pytest.raises(JobOutOfMemory, match="most likely because the computer ran out of memory") as caught:
        await run_task("killed")

    assert type(caught.value) is JobOutOfMemory


async def test_a_file_that_grows_without_end_is_stopped(run_task: RunTask, tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(JobOutputTooLarge) as caught:
        await run_task("write_file", {"path": str(path), "mib": 100})

    assert str(caught.value) == (
        "The run wrote a file of more than 64 MB; ask for fewer layers, steps or plots."
    )
    assert path.stat().st_size <= 65 * 2**20
    assert (await run_task("write_file", {"path": str(path), "mib": 50})).data["bytes"] == 50 * 2**20


async def test_files_that_are_never_closed_run_out(run_task: RunTask) -> None:
    with pytest.raises(JobFailed) as caught:
        await run_task("open_files", {"files": 1000})

    assert "Too many open files" in caught.value.exception_text
    assert (await run_task("open_files", {"files": 100})).data == {"opened": 100}


async def test_the_limits_leave_room_for_what_tasks_need(run_task: RunTask) -> None:
    result = await run_task("libraries")

    assert result.data == {"child": 42, "grad": 600.0}
    assert result.files["plot.png"].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("task", "request_", "cause"),
    [
        ("segfault", {}, "SIGSEGV"),
        ("vanish", {"code": 3}, "exit code 3"),
        ("vanish", {"code": 0}, "exit code 0"),
    ],
)
async def test_a_crash_names_its_cause(
    run_task: RunTask, task: str, request_: dict[str, int], cause: str
) -> None:
    with pytest.raises(JobCrashed) as caught:
        await run_task(task, request_)

    assert str(caught.value) == (
        f"The run crashed ({cause}); ask again, and tell the course team if it happens twice."
    )


async def test_a_memory_hog_is_told_so(run_task: RunTask) -> None:
    with pytest.raises(JobOutOfMemory) as caught:
        await run_task("memory_hog", memory_mb=64)

    assert str(caught.value) == (
        "The run needed more than 64 MB of memory; ask for fewer layers, units or seeds."
    )


@pytest.mark.parametrize(("cap", "size"), [(1000, "1000 bytes"), (2**20, "1 MB")])
@pytest.mark.parametrize("task", ["big_file", "big_data"])
async def test_too_large_a_result_is_told_so(run_task: RunTask, task: str, cap: int, size: str) -> None:
    with pytest.raises(JobOutputTooLarge) as caught:
        await run_task(task, {"bytes": 3 * 2**20}, output_bytes=cap)

    assert str(caught.value) == (
        f"The run produced more than {size} of results; ask for fewer layers, steps or plots."
    )


async def test_a_request_that_is_not_json_is_the_callers_mistake(run_task: RunTask) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        await run_task("echo", {"value": math.inf})


async def test_every_error_survives_a_trip_between_processes(run_task: RunTask) -> None:
    for task in ("refuse", "bug", "segfault"):
        with pytest.raises(JobError) as caught:
            await run_task(task)
        copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
        assert (type(copy), str(copy), vars(copy)) == (
            type(caught.value),
            str(caught.value),
            vars(caught.value),
        )


def test_the_engine_names_what_decides_on_the_last_digits() -> None:
    assert LocalEngine().build == local_build() != ""


def test_an_engine_needs_a_slot() -> None:
    with pytest.raises(ValueError, match="at least one slot, not 0"):
        LocalEngine(slots=0)
