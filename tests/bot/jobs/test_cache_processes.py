"""One cache that several processes use at once, some of which die in the middle."""

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cache_program import key, result

from bot.jobs.cache import FileCache

ROOT = Path(__file__).parents[3]
LIMIT = 2 * 2**20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "results.sqlite"


def start(path: Path, seconds: float, seed: int) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        str(ROOT / "tests" / "cache_program.py"),
        str(path),
        str(LIMIT),
        str(seconds),
        str(seed),
    ]
    return subprocess.Popen(
        command,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(program: "subprocess.Popen[str]") -> dict[str, Any]:
    stdout, stderr = program.communicate(timeout=60)
    assert program.returncode == 0, stderr
    assert "damaged" not in stderr  # on a busy machine, a put may have found it locked for too long
    return json.loads(stdout)


def check(path: Path) -> tuple[str, int]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        contents = connection.execute("SELECT content FROM part").fetchall()
    return verdict, sum(len(content) for (content,) in contents)


def test_two_processes_that_begin_at_once_share_one_file(path: Path) -> None:
    programs = [start(path, 1.5, seed) for seed in range(2)]
    counts = [finish(program) for program in programs]

    assert [count["wrong"] for count in counts] == [0, 0]
    assert min(count["puts"] for count in counts) > 20
    assert sum(count["found"] for count in counts) > 20
    verdict, size = check(path)
    assert verdict == "ok"
    assert LIMIT // 2 < size <= LIMIT
    assert not path.with_name(f"{path.name}.damaged").exists()


@pytest.mark.parametrize("seed", range(3))
def test_a_process_killed_while_it_writes_costs_nobody_else_anything(path: Path, seed: int) -> None:
    with start(path, 60.0, seed) as killed, start(path, 1.5, seed + 100) as other:
        assert killed.stderr
        killed.stderr.read(20 + 17 * seed)  # one point per put
        time.sleep(0.001 * seed)
        killed.send_signal(signal.SIGKILL)
        counts = finish(other)

    assert counts["wrong"] == 0
    verdict, size = check(path)
    assert verdict == "ok"
    assert size <= LIMIT


def test_what_a_killed_process_put_is_still_there(path: Path) -> None:
    with start(path, 60.0, 0) as killed:
        assert killed.stderr
        killed.stderr.read(15)
        killed.kill()

    async def found() -> int:
        cache = FileCache(path, LIMIT)
        results = [await cache.get(key(number)) for number in range(400)]
        await cache.aclose()
        assert all(got in (None, result(number)) for number, got in enumerate(results))
        return sum(got is not None for got in results)

    assert asyncio.run(found()) >= 15
    assert not path.with_name(f"{path.name}.damaged").exists()


def test_a_file_damaged_under_two_processes_is_replaced_and_nobody_crashes(path: Path) -> None:
    with start(path, 4.0, 0) as one, start(path, 4.0, 1) as two:
        assert one.stderr
        one.stderr.read(30)
        with path.open("r+b") as file:
            file.write(bytes(8192))
        outputs = [program.communicate(timeout=60) for program in (one, two)]

    assert [one.returncode, two.returncode] == [0, 0], outputs
    assert [json.loads(stdout)["wrong"] for stdout, _ in outputs] == [0, 0]
    assert check(path)[0] == "ok"
