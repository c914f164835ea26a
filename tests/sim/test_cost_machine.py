"""The estimate against what runs took, and how it carries over to another machine."""

# pyright: reportPrivateUsage=false
# The reading of processor flags has no machine of its own to be tested on.

import itertools
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim import cost
from sim.cost import REFERENCE, Allowance, Machine, estimate, experiments, machine, require_affordable
from sim.cost.work import Work
from sim.errors import TooExpensive
from sim.spec import Spec
from sim.support import EXPERIMENTS

TABLE = Path(__file__).with_name("measured_costs.tsv")
"""Seconds, experiment and random spec: jobs on the reference machine, with nothing else running there."""


def ratios() -> dict[str, list[float]]:
    """Return estimated over measured seconds, by experiment."""
    found: dict[str, list[float]] = {name: [] for name in EXPERIMENTS}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        seconds, experiment, text = line.split("\t")
        found[experiment].append(estimate(experiment, [Spec.parse(text)]).seconds / float(seconds))
    return found


def test_nearly_all_estimates_are_within_a_factor_of_two() -> None:
    every = np.array(list(itertools.chain.from_iterable(ratios().values())))
    assert len(every) > 50
    assert np.mean((every >= 1 / 2) & (every <= 2)) >= 0.95
    assert np.mean((every >= 1 / 3) & (every <= 3)) >= 0.98


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_no_experiment_is_estimated_high_or_low_as_a_whole(experiment: str) -> None:
    own = ratios()[experiment]
    assert len(own) >= 3
    assert 1 / 1.5 <= np.exp(np.mean(np.log(own))) <= 1.5


@pytest.mark.parametrize(("text", "took"), [("sigmoid glorot lr=1", 1.0), ("relu he lr=0.1", 0.02)])
def test_the_run_of_the_answer_about_gpus_is_estimated_for_plateaus_that_are_left(
    text: str, took: float
) -> None:
    # Half of all steps, as an estimate that knows nothing would say, take 2.5 s and 2.4 s.
    seconds = estimate("speed", [Spec.parse(f"6x32 {text} data=blobs steps=4000 seeds=8")]).seconds
    assert took / 2 <= seconds <= 4 * took


def test_the_reference_machine_is_the_default() -> None:
    spec = Spec(steps=100)
    assert Allowance().machine == REFERENCE
    assert estimate("training", [spec]) == estimate("training", [spec], REFERENCE)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_a_machine_twice_as_fast_takes_half_as_long_and_as_much_memory(experiment: str) -> None:
    spec = Spec(depth=3, width=8, steps=50)
    twice = Machine(arithmetic=2.0, calls=2.0)
    once, fast = estimate(experiment, [spec]), estimate(experiment, [spec], twice)
    assert fast.seconds == pytest.approx(once.seconds / 2)
    assert fast.bytes == once.bytes


def test_small_networks_depend_on_calls_and_large_ones_on_arithmetic() -> None:
    small, large = Spec(depth=20, width=4, batch=4, seeds=1, norm="layer"), Spec(depth=4, width=512)
    calling, computing = Machine(calls=2.0), Machine(arithmetic=2.0)

    def gain(spec: Spec, on: Machine) -> float:
        spec = replace(spec, steps=500)
        return estimate("training", [spec]).seconds / estimate("training", [spec], on).seconds

    assert gain(small, calling) > 1.8
    assert gain(small, computing) < 1.1
    assert gain(large, computing) > 1.8
    assert gain(large, calling) < 1.1


def test_a_type_without_instructions_takes_longer() -> None:
    without = Machine(bfloat16=False)
    for precision, more in (("bfloat16", True), ("float16", False), ("float32", False)):
        spec = Spec(precision=precision)
        assert (estimate("gradients", [spec], without) != estimate("gradients", [spec])) == more
    coarse = [estimate("gradients", [Spec(precision=p)], without).seconds for p in ("bfloat16", "float16")]
    assert coarse[0] == pytest.approx(coarse[1])


def test_the_same_run_is_refused_on_a_slow_machine_and_not_on_a_fast_one() -> None:
    spec = Spec(steps=1500)
    seconds = estimate("training", [spec]).seconds
    fast, slow = (Machine(arithmetic=speed, calls=speed) for speed in (1.01, 0.99))
    require_affordable("training", [spec], Allowance(seconds=seconds, machine=fast))
    with pytest.raises(TooExpensive, match=r"; steps=750 would fit\.$"):
        require_affordable("training", [spec], Allowance(seconds=seconds, machine=slow))


def ticking(*rounds: float) -> Callable[[], float]:
    """Return a clock on which the rounds take these seconds, again and again."""
    now = 0.0
    spans = itertools.cycle(span for seconds in rounds for span in (0.0, seconds))

    def clock() -> float:
        nonlocal now
        now += next(spans)
        return now

    return clock


def test_the_fastest_round_counts_because_interruptions_only_add() -> None:
    quiet = machine.measure(ticking(1e-4), rounds=3)
    disturbed = machine.measure(ticking(7e-4, 1e-4, 3e-4), rounds=3)
    assert disturbed.arithmetic == pytest.approx(quiet.arithmetic)
    assert disturbed.calls == pytest.approx(quiet.calls)


@pytest.mark.parametrize(("seconds", "speed"), [(1.0, 0.25), (1e-9, 4.0), (0.0, 1.0)])
def test_what_is_measured_has_limits(seconds: float, speed: float) -> None:
    found = machine.measure(ticking(seconds), rounds=2)
    assert (found.arithmetic, found.calls) == (speed, speed)


def test_a_machine_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[Callable[[], float]] = []

    def measure(clock: Callable[[], float]) -> Machine:
        measured.append(clock)
        return Machine(calls=0.5)

    monkeypatch.setattr(machine, "measure", measure)
    machine.this_machine.cache_clear()
    try:
        assert cost.this_machine() == cost.this_machine() == Machine(calls=0.5)
    finally:
        machine.this_machine.cache_clear()
    assert len(measured) == 1


def test_measuring_takes_milliseconds() -> None:
    def once() -> float:
        start = time.perf_counter()
        machine.measure(time.perf_counter)
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.1  # 4 ms on a quiet machine


def test_what_is_measured_stays_finite() -> None:
    activations, weights, out = machine._layers()
    with np.errstate(all="raise"):
        machine._compute(activations, weights, out)
    assert bool(np.isfinite(out).all())


@pytest.mark.parametrize(
    ("flags", "has"),
    [("fpu avx512_bf16 sse", True), ("fp asimd bf16 i8mm", True), ("amx_bf16", True), ("fpu avx2", False)],
)
def test_bfloat16_is_read_from_the_flags_of_the_processor(flags: str, has: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "cpuinfo"
    path.write_text(f"processor : 0\nflags : {flags}\n", encoding="utf-8")
    assert machine._has_bfloat16(path) == has


def test_without_flags_there_is_no_bfloat16(tmp_path: Path) -> None:
    assert not machine._has_bfloat16(tmp_path / "missing")


def test_work_adds_up() -> None:
    one, other = Work(1.0, 2.0, 3.0), Work(10.0, 20.0, 30.0)
    assert one + 2 * other == Work(21.0, 42.0, 63.0)
    assert other.seconds(Machine(calls=10.0, arithmetic=2.0)) == 11
    assert other.seconds(Machine(calls=10.0, arithmetic=2.0, bfloat16=False)) == 26


def test_the_deepest_speed_run_is_estimated_from_a_few_depths(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def work(spec: Spec) -> Work:
        looked_at.append(spec.depth)
        return Work(arithmetic=1e6 * spec.depth)

    monkeypatch.setattr(experiments, "_leaving", work)
    found = experiments.ROWS["speed"].work(Spec(depth=200, steps=10))
    assert (looked_at[0], looked_at[-1], len(looked_at)) == (1, 200, experiments.DEPTHS)
    assert found.arithmetic == pytest.approx(1e6 * math.fsum(range(1, 201)), rel=1e-3)
