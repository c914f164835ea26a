"""Jobs of a whole program: what it prints, what its jobs can see, and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
IsAlive = Callable[[int], bool]


def start(
    task: str, request: dict[str, Any] | None = None, *, preload: str = "bot.jobs.child", **variables: str
) -> subprocess.Popen[str]:
    """Start the example program as the leader of its own session."""
    command = [sys.executable, str(HERE / "example_program.py"), task, json.dumps(request or {}), preload]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "", **variables},
        start_new_session=True,
    )


def run(task: str, **options: Any) -> dict[str, Any]:
    """Run the example program to its end; it must print one JSON document and leave no process."""
    with start(task, **options) as program:
        stdout, stderr = program.communicate(timeout=60)
    assert program.returncode == 0, stderr
    _until(lambda: not _session(program.pid))
    return json.loads(stdout)


def test_the_program_never_imports_torch_but_its_jobs_have_it() -> None:
    printed = run("where", preload="default")

    assert printed["torch"] is False
    assert printed["answer"]["torch"] is True
    assert printed["answer"]["torch_threads"] == 1


def test_a_script_without_guard_is_not_run_again_by_its_jobs() -> None:
    assert run("echo")["answer"] == {}


def test_what_jobs_print_goes_to_stderr() -> None:
    with start("shout") as program:
        stdout, stderr = program.communicate(timeout=60)

    assert json.loads(stdout)["answer"] == {"shouted": True}
    assert sorted(stderr.splitlines()) == ["a print", "a write", "an error"]


def test_what_a_job_printed_before_its_bug_is_not_lost() -> None:
    with start("bug") as program:
        stdout, stderr = program.communicate(timeout=60)

    assert stdout == ""
    assert stderr.startswith("before the bug\n")


def test_secrets_never_reach_the_jobs() -> None:
    secrets = dict.fromkeys(
        ["DISCORD_TOKEN", "A_SECRET", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY"], "hunter2"
    )

    printed = run("secrets", ORDINARY="kept", **secrets)

    assert "hunter2" not in json.dumps(printed["answer"])
    assert printed["answer"]["now"]["ORDINARY"] == "kept"
    assert printed["token"] == secrets["DISCORD_TOKEN"]


@pytest.mark.parametrize("task", ["hang", "spin"])
def test_a_killed_program_leaves_no_orphan(tmp_path: Path, is_alive: IsAlive, task: str) -> None:
    pid_file = tmp_path / "pid"
    with start(task, {"pid_file": str(pid_file)}) as program:
        _until(pid_file.exists)
        job = int(pid_file.read_text())
        assert is_alive(job)

        program.kill()

        _until(lambda: not is_alive(job) and not _session(program.pid))


def test_ctrl_c_during_a_job_prints_nothing(tmp_path: Path, is_alive: IsAlive) -> None:
    pid_file = tmp_path / "pid"
    with start("hang", {"pid_file": str(pid_file)}) as program:
        _until(pid_file.exists)
        job = int(pid_file.read_text())

        os.killpg(program.pid, signal.SIGINT)
        stdout, stderr = program.communicate(timeout=30)

    assert (stdout, stderr, program.returncode) == ("", "", 130)
    _until(lambda: not is_alive(job) and not _session(program.pid))


def test_ctrl_c_during_the_preload_prints_nothing(tmp_path: Path) -> None:
    begins = tmp_path / "begins"
    with start("hang", preload="slow_to_import", IMPORT_BEGINS=str(begins)) as program:
        _until(begins.exists)

        os.killpg(program.pid, signal.SIGINT)
        stdout, stderr = program.communicate(timeout=30)

    assert (stdout, stderr, program.returncode) == ("", "", 130)
    _until(lambda: not _session(program.pid))


def test_a_module_that_cannot_be_preloaded_is_named() -> None:
    with start("echo", preload="bot.jobs.child,no_such_module") as program:
        _, stderr = program.communicate(timeout=60)

    assert stderr == "Not preloaded, so every job imports it itself: no_such_module\n"


def _session(leader: int) -> list[int]:
    """List the living processes of a session."""
    members: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text(errors="replace").partition(" ")
        except OSError:
            continue  # ended meanwhile
        state, _, _, session = rest.rpartition(")")[2].split()[:4]
        if int(session) == leader and state != "Z":
            members.append(int(pid))
    return members


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
