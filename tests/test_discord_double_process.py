"""The double in a process of its own, moved by lines of JSON."""

import json
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def test_it_says_where_it_is_and_answers_every_line() -> None:
    orders = [{"do": "ready", "seconds": 0.01}, {"do": "settle"}, {"do": "report"}, {"do": "dance"}]
    done = subprocess.run(
        [sys.executable, "-m", "discord_double"],
        input="\n".join(map(json.dumps, orders)) + "\n",
        capture_output=True, text=True, cwd=TESTS, timeout=60, check=True,
    )  # fmt: skip
    where, ready, settled, report, unknown = map(json.loads, done.stdout.splitlines())
    assert where["api"].startswith("http://127.0.0.1:")
    assert "a client to become ready" in ready["error"]
    assert settled == {"open": 0}
    assert report == {"acts": [], "requests": [], "problems": [], "identified": 0}
    assert "got 'dance'" in unknown["error"]
