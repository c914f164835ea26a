"""How fast a machine is, relative to the one on which the rates of the estimate were fitted.

Two things decide how long a small network takes: arithmetic, and calling torch some hundred times a step. A
newer processor can be twice as fast at the one and as slow as ever at the other, so both are measured, with
numpy, which is there before torch is. What is measured changes little on a busy machine: it is the speed when
nothing else runs, and a run that has to share its core takes longer.
"""

import functools
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """How many times as fast as the reference machine one thread computes, and calls.

    `bfloat16` says whether the processor has instructions for that type, as the reference machine has.
    """

    arithmetic: float = 1.0
    calls: float = 1.0
    bfloat16: bool = True


REFERENCE = Machine()
"""One quiet core of a server of 2025 with AVX-512: 50 billion multiplications a second in small products."""

_FLAGS = re.compile(r"\b(avx512_bf16|amx_bf16|bf16)\b")

# Seconds of one round on the reference machine.
_ARITHMETIC, _CALLS = 2.0e-4, 0.8e-4
_ROUNDS = 12
# What is measured beyond these is more likely a machine at its limits than one so slow, or so fast.
_SLOWEST, _FASTEST = 0.25, 4.0

_NETWORKS, _ROWS, _UNITS = 8, 64, 48
_REPEATS, _OPERATIONS = 4, 8
_CALLED = 100


@functools.cache
def this_machine() -> Machine:
    """Measure this machine once per process, in a few milliseconds."""
    return measure(time.perf_counter)


def measure(clock: Clock, rounds: int = _ROUNDS) -> Machine:
    """Measure a machine: the fastest of several rounds, since whatever interrupts only ever adds time."""
    layers, values = _layers(), np.zeros(8, dtype=np.float32)
    arithmetic = _fastest(lambda: _compute(*layers), clock, rounds)
    calls = _fastest(lambda: _call(values), clock, rounds)
    return Machine(
        arithmetic=_speed(_ARITHMETIC, arithmetic), calls=_speed(_CALLS, calls), bfloat16=_has_bfloat16()
    )


def _has_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Read from the processor's flags; where no system tells, there is nothing to count on."""
    try:
        return _FLAGS.search(cpuinfo.read_text(encoding="utf-8")) is not None
    except OSError:
        return False


def _fastest(work: Callable[[], None], clock: Clock, rounds: int) -> float:
    best = math.inf
    for _ in range(rounds):
        start = clock()
        work()
        best = min(best, clock() - start)
    return best


def _speed(reference: float, seconds: float) -> float:
    """Compare with the reference machine; a clock too coarse to tell says that they are alike."""
    return min(max(reference / seconds, _SLOWEST), _FASTEST) if seconds > 0 else 1.0


def _layers() -> tuple[Numbers, Numbers, Numbers]:
    """Return activations, weights and a place for results: so few numbers that a BLAS stays on one thread."""
    shape = (_NETWORKS, _ROWS, _UNITS)
    activations = np.linspace(-1, 1, math.prod(shape), dtype=np.float32).reshape(shape)
    return activations, activations[:, :_UNITS] / np.float32(_UNITS), np.empty(shape, dtype=np.float32)


def _compute(activations: Numbers, weights: Numbers, out: Numbers) -> None:
    """Spend half of the time on products of small matrices, half on operations number by number."""
    for _ in range(_REPEATS):
        np.matmul(activations, weights, out=out)
        for _ in range(_OPERATIONS):
            np.multiply(out, activations, out=out)
            np.add(out, activations, out=out)


def _call(values: Numbers) -> None:
    """Call what has next to nothing to compute."""
    for _ in range(_CALLED):
        np.add(values, values, out=values)
        values.reshape(4, 2).T.reshape(8)
