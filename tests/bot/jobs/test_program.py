"""Jobs of a whole program: what it prints, what its jobs can see, and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

HERE = Path(__file__).parent
IsAlive = Callable[[int], bool]

_SOON = 2.0
"""Seconds in which nothing may be left of a killed program."""


def start(
    task: str,
    request: dict[str, Any] | None = None,
    *,
    preload: str = "bot.jobs.child",
    stderr: IO[bytes] | int = subprocess.PIPE,
    **variables: str,
) -> subprocess.Popen[str]:
    """Start the example program as the leader of its own session."""
    command = [sys.executable, str(HERE / "example_program.py"), task, json.dumps(request or {}), preload]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=stderr,
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


def test_jobs_still_print_into_a_log_that_is_longer_than_a_file_of_theirs_may_be(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    os.truncate(log, 2**30)  # takes no place on the disk
    with log.open("ab") as appended, start("shout", stderr=appended) as program:
        stdout, _ = program.communicate(timeout=60)

    assert json.loads(stdout)["answer"] == {"shouted": True}
    with log.open("rb") as read:
        read.seek(2**30)
        assert sorted(read.read().splitlines()) == [b"a print", b"a write", b"an error"]


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

        _until(lambda: not is_alive(job) and not _session(program.pid), seconds=_SOON)


def test_a_killed_program_leaves_no_busy_job_and_nothing_that_it_started(
    tmp_path: Path, is_alive: IsAlive
) -> None:
    pid_file = tmp_path / "pid"
    with start("hold_everything", {"pid_file": str(pid_file)}) as program:
        _until(pid_file.exists)
        job = int(pid_file.read_text())
        started = _children(job)
        assert len(started) == 1  # in the job's own group, which outlives the job unless that is killed
        server = _parent(job)

        program.kill()

        _until(lambda: not any(map(is_alive, [job, server, *started])), seconds=_SOON)
        _until(lambda: not _session(program.pid), seconds=_SOON)


def test_a_program_killed_during_the_preload_leaves_no_forkserver(tmp_path: Path) -> None:
    begins = tmp_path / "begins"
    with start("hang", preload="slow_to_import", IMPORT_BEGINS=str(begins), IMPORT_SECONDS="60") as program:
        _until(begins.exists)

        program.kill()

        _until(lambda: not _session(program.pid), seconds=_SOON)


def test_a_job_whose_forkserver_died_before_it_began_does_not_begin() -> None:
    program = """
import os, time
from bot.jobs import confine
server = os.getpid()
if {wait} and os.fork() == 0:
    while os.getppid() == server:
        time.sleep(0.001)
confine.confine(5)
print("begins", flush=True)
"""
    ends = [
        subprocess.run(
            [sys.executable, "-c", program.format(wait=wait)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        for wait in (False, True)
    ]

    assert [end.stderr for end in ends] == ["begins\n", "begins\n"]  # twice, had the fork begun too


def test_the_server_of_a_bot_is_one_thread_and_its_jobs_begin_with_little_memory() -> None:
    answer = run("where", preload="default")["answer"]

    assert answer["threads_of_parent"] == 1  # others would be missing in what is forked from it
    assert answer["private_kib"] <= 15 * 1024


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


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
