"""Markdown tables, and what they were measured on."""

import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import torch

from benchmarks.peers import HAS_JAX
from benchmarks.timing import Spread, Times, ratios

ENGINE = "engine"
"""The contestant that the others are compared with."""


def environment() -> str:
    """Say what was measured on: versions, threads and the kind of processor, but not whose machine."""
    jax = f", jax {metadata.version('jax')}" if HAS_JAX else ""
    versions = f"Python {platform.python_version()}, torch {torch.__version__}{jax}"
    processor = f"{_processor()}, {torch.backends.cpu.get_cpu_capability()}"
    return f"{versions}; one thread; {processor}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int = 1) -> str:
    """Write a Markdown table whose first columns are texts and whose others are numbers."""
    rule = [*["---"] * texts, *["---:"] * (len(head) - texts)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def against_engine(times: Times, unit: str = "ms") -> str:
    """Write the times of all contestants and how many times the engine's time each took."""
    scale = {"s": 1.0, "ms": 1e3}[unit]
    rows = [
        [
            name,
            number(Spread.of(seconds).median * scale),
            "1" if name == ENGINE else between(ratios(times, name, ENGINE)),
        ]
        for name, seconds in times.items()
    ]
    return table(["", f"median {unit}", "× engine (quartiles)"], rows)


def between(spread: Spread) -> str:
    """Write a median with its quartiles."""
    return f"{number(spread.median)} ({number(spread.low)} … {number(spread.high)})"


def number(value: float) -> str:
    """Write three significant digits without an exponent."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")  # noqa: PLR2004
