"""What the tables of the benchmarks are made of."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import floor, memory, process
from benchmarks.linearity import Line
from benchmarks.random_specs import random_spec
from benchmarks.report import number, table
from benchmarks.timing import Contestant, ratios, take_turns
from sim.cost import estimate
from sim.spec import Spec
from sim.support import EXPERIMENTS, require_runnable

pytestmark = pytest.mark.long


def test_contestants_take_turns_and_preparing_is_not_timed() -> None:
    events: list[str] = []
    now = 0.0

    def spend(seconds: float, name: str) -> None:
        nonlocal now
        now += seconds
        events.append(name)

    contestants = (
        Contestant(name="a", run=lambda: spend(1, "a"), warm_up=lambda: spend(100, "warm a")),
        Contestant(name="b", run=lambda: spend(3, "b"), prepare=lambda: spend(50, "prepare b")),
    )
    times = take_turns(contestants, 2, clock=lambda: now)
    assert events == ["warm a", "a", "prepare b", "b", "a", "prepare b", "b"]
    assert times == {"a": [1, 1], "b": [3, 3]}


def test_ratios_are_taken_within_a_round() -> None:
    # The machine got ten times slower after the first round: every ratio is 2 all the same.
    spread = ratios({"a": [2, 20, 20], "b": [1, 10, 10]}, "a", "b")
    assert (spread.low, spread.median, spread.high) == (2, 2, 2)


@pytest.mark.parametrize(
    ("value", "text"), [(0.012345, "0.0123"), (1.0, "1.00"), (123.4, "123"), (1062.4, "1062"), (0.5, "0.500")]
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_table_is_markdown() -> None:
    assert table(["x", "y"], [["a", "1"]]) == "| x | y |\n| --- | ---: |\n| a | 1 |"


def test_a_line_is_found_again() -> None:
    line = Line.through([1, 2, 4, 8], [3.0, 5.0, 9.0, 17.0])
    assert line.intercept == pytest.approx(1)
    assert line.slope == pytest.approx(2)
    assert line.r_squared == pytest.approx(1)


def test_a_parabola_is_not_a_line() -> None:
    line = Line.through([1, 2, 4, 8, 16], [1.0, 4.0, 16.0, 64.0, 256.0])
    assert line.r_squared < 0.95


def products(monkeypatch: pytest.MonkeyPatch, spec: Spec) -> Iterator[Sequence[int]]:
    """Yield (rows, inner, columns) of every product of the floor."""
    seen: list[tuple[int, int, int]] = []
    real = torch.bmm

    def bmm(left: torch.Tensor, right: torch.Tensor, *, out: torch.Tensor) -> torch.Tensor:
        assert left.shape[0] == spec.seeds
        seen.append((left.shape[1], left.shape[2], right.shape[2]))
        return real(left, right, out=out)

    monkeypatch.setattr(torch, "bmm", bmm)
    floor.products(spec)()
    return iter(seen)


def test_the_floor_has_the_products_of_a_forward_and_a_backward_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Spec(depth=3, width=8, batch=16, seeds=2, steps=2)
    forward, weights, inputs = (16, 8, 8), (8, 16, 8), (16, 8, 8)
    head = [(16, 8, 1), (8, 16, 1), (16, 1, 8)]
    step = [*[forward] * 3, *head, weights, inputs, weights, inputs, weights]
    assert list(products(monkeypatch, spec)) == step * 2


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_random_configurations_can_be_run_and_differ(experiment: str) -> None:
    random = np.random.default_rng(0)
    specs = {random_spec(random, experiment, seconds=2.0) for _ in range(3)}
    require_runnable(experiment, list(specs))
    assert len(specs) == 3
    assert all(estimate(experiment, [spec]).seconds <= 2 for spec in specs)


@pytest.mark.skipif(not memory.KNOWN, reason="this system does not tell")
def test_the_memory_of_children_counts() -> None:
    program = (
        "import subprocess, sys\n"
        "child = 'import time; held = bytearray(2**26); time.sleep(0.5)'\n"
        "subprocess.run([sys.executable, '-c', child], check=True)\n"
    )
    held = memory.peak([sys.executable, "-c", program], os.environ)
    assert 2**26 < held < 2 * 2**26


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        memory.peak([sys.executable, "-c", "raise SystemExit(3)"], os.environ)


def test_the_plain_script_writes_a_plot_and_is_short(tmp_path: Path) -> None:
    command = process.commands(tmp_path / "plot.png")["plain script"]
    process.run_once(command)
    with Image.open(tmp_path / "plot.png") as image:
        assert image.width > 300
    lines = Path(command[1]).read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line and not line.startswith(('"""', "#"))]) <= 20
