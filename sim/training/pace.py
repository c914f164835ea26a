"""How long one network takes for a training step on this machine: on one thread, on all of them, on a GPU.

A job computes on one thread, because several are slower on busy cores. For these few steps that is lifted,
and restored afterwards; nothing but their time is used.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch

from sim import processors
from sim.data import Batch
from sim.networks import Parameters
from sim.passes import Reading
from sim.replicas import draw
from sim.spec import Spec
from sim.training.descent import train

_log = logging.getLogger(__name__)

Clock = Callable[[], float]

TIMED_STEPS = 20
"""Steps that are timed for one network alone."""
MOST_THREADS = 16
"""Threads that are used at most: each takes memory, of which a job has little."""

_PATIENCE = 0.1  # seconds of timed steps
# Threads wait for one another some ten times a step. On quiet cores that costs microseconds; a thread that
# must first get a core from another process lets the others wait for milliseconds, a thousand times as long.
_WAITING = 10.0
_SHARED, _TURNS, _WAIT = 2**17, 5, 1e-3  # numbers that are shared out, how often, and seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds of a training step.

    `all_threads` is None where other processes had the cores, `gpu` where none runs this network.
    """

    one_thread: float
    all_threads: float | None
    threads: int
    gpu: float | None = None
    gpu_name: str | None = None


def measure_pace(spec: Spec, *, one_thread: float, clock: Clock = time.perf_counter) -> Pace:
    """Time the steps of one network on all threads and on the GPU; on one thread they have been timed."""
    available = available_threads()
    every: float | None = one_thread
    if available > 1:
        with threads(available):
            every = None if _busy(clock) else seconds_per_step(spec, clock=clock)
        every = every if every is not None and every < _WAITING * one_thread else None
    gpu = _on_gpu(spec, clock)
    name = None if gpu is None else torch.cuda.get_device_name()
    return Pace(one_thread=one_thread, all_threads=every, threads=available, gpu=gpu, gpu_name=name)


def _busy(clock: Clock) -> bool:
    """Say whether threads have to wait for cores: shared work of microseconds then takes milliseconds."""
    shared = torch.zeros(_SHARED)
    times = [clock()]
    for _ in range(_TURNS):
        shared.add_(1.0)
        times.append(clock())
    return float(np.median(np.diff(times))) > _WAIT


def available_threads() -> int:
    """Return how many processors this process may use, up to `MOST_THREADS`."""
    return min(processors.available(), MOST_THREADS)


@contextmanager
def threads(count: int) -> Generator[None]:
    """Compute on so many threads for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def seconds_per_step(spec: Spec, *, device: str = "cpu", clock: Clock = time.perf_counter) -> float:
    """Return the median time of a training step of one network, after any pretraining."""
    alone = replace(spec, seeds=1, steps=TIMED_STEPS, pretrain="none")
    times: list[float] = []

    def observe(step: int, _reading: Reading) -> bool:
        if device != "cpu":
            torch.cuda.synchronize()
        times.append(clock())
        return step > 0 and times[-1] - times[0] > _PATIENCE

    for chunk in draw(alone):
        parameters = Parameters(chunk.parameters.slots, chunk.parameters.flat.to(device), 1)
        batch = Batch(inputs=chunk.batch.inputs.to(device), labels=chunk.batch.labels.to(device))
        train(alone, chunk.network, parameters, batch, observe)
    return float(np.median(np.diff(times)))


def _on_gpu(spec: Spec, clock: Clock) -> float | None:
    """Time a step on the GPU; None where there is none that works, or it cannot hold or run this network."""
    # The noise of noisy_relu is drawn on the processor, one stream per replica.
    if spec.activation == "noisy_relu" or not torch.cuda.is_available() or not _answers():
        return None
    try:
        return seconds_per_step(spec, device="cuda", clock=clock)
    except torch.OutOfMemoryError:
        return None


def _answers() -> bool:
    """Tell whether the GPU does anything: a driver may not fit, or another process may have it to itself."""
    try:
        torch.ones(1, device="cuda").add_(1.0)
        torch.cuda.synchronize()
    except RuntimeError as error:
        _log.warning("the GPU is not used: %s", error)
        return False
    return True
