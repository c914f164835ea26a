"""The whole command, from a cold start to the plot on the disk, against a plain script."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import memory
from benchmarks.report import ENGINE, against_engine, between, number, table
from benchmarks.timing import Contestant, Spread, ratios, take_turns

SPEC = "sigmoid vs relu init=he"

_ROOT = Path(__file__).parents[1]
_PROGRAM = "from bot.cli import main; main()"  # as the installed `backchat` does
_ENVIRONMENT = {
    **os.environ,
    **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MPLBACKEND": "Agg",
    "PYTHONPATH": str(_ROOT),
}
_MEMORY_ROUNDS = 3


def commands(plot: Path) -> dict[str, Sequence[str]]:
    """Return the command and the script that stands against it, both writing `plot`."""
    script = Path(__file__).parent / "peers" / "plain_plot.py"
    return {
        ENGINE: (sys.executable, "-c", _PROGRAM, "simulate", SPEC, "--plot", str(plot)),
        "plain script": (sys.executable, str(script), str(plot)),
    }


def run(rounds: int) -> str:
    """Return one table of wall times and one of memory."""
    with tempfile.TemporaryDirectory() as folder:
        plot = Path(folder, "plot.png")
        contestants = [
            Contestant(name=name, run=partial(run_once, command), warm_up=partial(run_once, command))
            for name, command in commands(plot).items()
        ]
        times = take_turns(contestants, rounds)
        title = f'`backchat simulate "{SPEC}" --plot FILE`'
        parts = [f"{title}, {rounds} rounds", against_engine(times, "s"), _memory(plot)]
    return "\n\n".join(parts)


def run_once(command: Sequence[str]) -> None:
    """Run one of `commands` to its end, on one thread and without a display."""
    subprocess.run(command, env=_ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  ours


def _memory(plot: Path) -> str:
    if not memory.KNOWN:
        return "This system does not say how much memory a family of processes holds."
    turns = range(_MEMORY_ROUNDS)
    listed = commands(plot)
    held = {name: [0.0 for _ in turns] for name in listed}
    for turn in turns:
        for name, command in listed.items():
            held[name][turn] = memory.peak(command, _ENVIRONMENT)
    rows = [
        [name, number(Spread.of(own).median / 2**20), between(ratios(held, name, ENGINE))]
        for name, own in held.items()
    ]
    head = ["", "peak MiB of all its processes", "× engine (quartiles)"]
    return f"{_MEMORY_ROUNDS} rounds, shared pages counted once\n\n{table(head, rows)}"
