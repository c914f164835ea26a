"""How long a training step takes: on one thread, on all of them, on a GPU."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from sim.spec import Spec
from sim.training import pace

SMALL = Spec(depth=2, width=4, batch=8, steps=100)


def ticking(seconds: float) -> Callable[[], float]:
    """Return a clock that is `seconds` later whenever it is asked."""
    ticks = itertools.count()
    return lambda: next(ticks) * seconds


def test_a_step_takes_the_time_from_one_to_the_next() -> None:
    assert pace.seconds_per_step(SMALL, clock=ticking(0.001)) == pytest.approx(0.001)


def test_steps_so_slow_that_they_would_hold_up_a_run_are_few() -> None:
    asked = 0

    def clock() -> float:
        nonlocal asked
        asked += 1
        return 3.0 * asked

    assert pace.seconds_per_step(SMALL, clock=clock) == 3
    assert asked == 2


@pytest.mark.parametrize("available", [1, 2, 3])
def test_all_threads_compute_and_then_as_many_as_before(
    available: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []

    def timed(_spec: Spec, **_options: object) -> float:
        used.append(torch.get_num_threads())
        return 0.002

    monkeypatch.setattr(pace, "available_threads", lambda: available)
    monkeypatch.setattr(pace, "seconds_per_step", timed)
    monkeypatch.setattr(pace, "_WAIT", math.inf)
    before = torch.get_num_threads()
    found = pace.measure_pace(SMALL, one_thread=0.001)
    assert torch.get_num_threads() == before
    assert found.threads == available
    assert used == ([] if available == 1 else [available])
    assert found.all_threads == (0.001 if available == 1 else 0.002)


@pytest.mark.parametrize(("tick", "asked"), [(0.2, 6), (9e-4, None)])
def test_threads_that_only_waited_for_cores_were_not_measured(
    tick: float, asked: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whether they wait shows at shared work of microseconds, before the first step; else at the steps.
    clock, count = ticking(tick), itertools.count(1)
    calls = 0

    def counted() -> float:
        nonlocal calls
        calls = next(count)
        return clock()

    monkeypatch.setattr(pace, "available_threads", lambda: 2)
    found = pace.measure_pace(SMALL, one_thread=1e-5, clock=counted)
    assert found.all_threads is None
    assert calls == asked or (asked is None and calls > 6)


def test_threads_are_restored_after_an_error() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), pace.threads(2):
        _ = 1 / 0
    assert torch.get_num_threads() == before


def test_no_more_threads_are_used_than_a_job_has_memory_for() -> None:
    assert 1 <= pace.available_threads() <= pace.MOST_THREADS


def test_without_a_gpu_nothing_is_said_about_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = pace.measure_pace(SMALL, one_thread=0.001)
    assert (found.gpu, found.gpu_name) == (None, None)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pretend that there is a GPU that works; return the devices that were timed."""
    devices: list[str] = []

    def timed(_spec: Spec, *, device: str = "cpu", **_options: object) -> float:
        devices.append(device)
        return 0.002

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Imaginary 1")
    monkeypatch.setattr(pace, "_answers", lambda: True)
    monkeypatch.setattr(pace, "available_threads", lambda: 1)
    monkeypatch.setattr(pace, "seconds_per_step", timed)
    return devices


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_spec: Spec, **_options: object) -> float:
        raise error

    monkeypatch.setattr(pace, "seconds_per_step", fail)


def test_a_gpu_is_timed(gpu: list[str]) -> None:
    found = pace.measure_pace(SMALL, one_thread=0.001)
    assert gpu == ["cuda"]
    assert (found.gpu, found.gpu_name) == (0.002, "Imaginary 1")


def test_a_network_too_large_for_the_gpu_is_not_timed_there(
    gpu: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, torch.OutOfMemoryError("CUDA out of memory"))
    found = pace.measure_pace(SMALL, one_thread=0.001)
    assert (gpu, found.gpu, found.gpu_name) == ([], None, None)


def test_a_mistake_on_the_gpu_is_not_taken_for_a_missing_gpu(
    gpu: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, RuntimeError("Expected all tensors to be on the same device"))
    with pytest.raises(RuntimeError, match="same device"):
        pace.measure_pace(SMALL, one_thread=0.001)
    assert gpu == []


def test_noise_that_is_drawn_on_the_processor_is_not_tried_on_the_gpu(gpu: list[str]) -> None:
    found = pace.measure_pace(replace(SMALL, activation="noisy_relu"), one_thread=0.001)
    assert (gpu, found.gpu) == ([], None)


def test_a_gpu_that_does_not_answer_is_reported_and_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("CUDA-capable device(s) is/are busy or unavailable")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(pace, "available_threads", lambda: 1)
    monkeypatch.setattr(torch, "ones", busy)
    assert pace.measure_pace(SMALL, one_thread=0.001).gpu is None
    assert [record.message for record in caplog.records] == [
        "the GPU is not used: CUDA-capable device(s) is/are busy or unavailable"
    ]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize(
    "text",
    [
        *("adam", "rmsprop", "momentum=0.9 clip=1", "clip_value=0.1", "layer_lr=0.5", "relu he norm=batch"),
        *(
            "norm=layer skip=residual",
            "skip=highway",
            "skip=dense",
            "precision=bfloat16",
            "precision=float64",
        ),
        *("lsuv", "data=digits loss=ce", "data=xor loss=mse"),
    ],
)
def test_the_engine_trains_on_a_gpu(text: str) -> None:
    spec = Spec.parse(f"3x8 batch=8 steps=10 {text}")
    assert pace.seconds_per_step(spec, device="cuda") > 0
