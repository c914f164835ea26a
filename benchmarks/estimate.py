"""The seconds that `sim.cost` predicts against those a job takes, for configurations nobody chose."""

import asyncio
import math

import numpy as np

from benchmarks.random_specs import random_spec
from benchmarks.report import number, table
from benchmarks.timing import Spread
from bot.jobs.errors import JobError
from bot.jobs.job import Job, Limits
from bot.jobs.local import LocalEngine
from sim.cost import estimate, this_machine
from sim.request import request
from sim.spec import Spec
from sim.support import EXPERIMENTS

SPECS = 30
_LONGEST_SECONDS = 8.0
_LIMITS = Limits(wall_seconds=120.0, memory_mb=4096)
_WITHIN = 2.0
_SEED = 1


def run(rounds: int) -> str:
    """Return one row per configuration, and how many estimates are within a factor of two."""
    random = np.random.default_rng(_SEED)
    each = math.ceil(SPECS / len(EXPERIMENTS))
    drawn = [
        (experiment, random_spec(random, experiment, seconds=_LONGEST_SECONDS))
        for experiment in EXPERIMENTS
        for _ in range(each)
    ]
    machine = this_machine()
    measured = asyncio.run(_measure(drawn, rounds))
    rows: list[list[str]] = []
    ratios: list[float] = []
    for (experiment, spec), seconds in zip(drawn, measured, strict=True):
        predicted = estimate(experiment, [spec], machine).seconds
        ratios.append(predicted / seconds)
        rows.append([experiment, f"`{spec.text}`", *map(number, (predicted, seconds, ratios[-1]))])
    head = ["experiment", "configuration", "estimate s", "measured s", "estimate ÷ measured"]
    found = f"{table(head, rows, texts=2)}\n\n{_by_experiment(rows, ratios)}"
    speed = (
        f"arithmetic {number(machine.arithmetic)} ×, calls {number(machine.calls)} × the reference machine"
    )
    return f"{found}\n\nRounds: {rounds}; {speed}. {_summary(ratios)}"


async def _measure(drawn: list[tuple[str, Spec]], rounds: int) -> list[float]:
    """Return the median seconds of every configuration, each run in a job process as the bot's."""
    engine = LocalEngine(slots=1)
    await engine.start()
    times: list[list[float]] = [[] for _ in drawn]
    try:
        for _ in range(rounds):
            for own, (experiment, spec) in zip(times, drawn, strict=True):
                job = Job(task="measure", request=request(experiment, [spec], ()), limits=_LIMITS)
                try:
                    result = await engine.run(job, lambda _: None)
                except JobError:  # it took longer, or more memory, than any estimate allows
                    own.append(math.inf)
                    continue
                own.append(result.data["measurements"]["provenance"]["seconds"])
    finally:
        await engine.aclose()
    return [Spread.of(own).median for own in times]


def _by_experiment(rows: list[list[str]], ratios: list[float]) -> str:
    grouped: list[list[str]] = []
    for experiment in EXPERIMENTS:
        own = [ratio for row, ratio in zip(rows, ratios, strict=True) if row[0] == experiment]
        middle = number(Spread.of(own).median)
        grouped.append([experiment, middle, number(min(own)), number(max(own))])
    return table(["estimate ÷ measured", "median", "least", "most"], grouped)


def _summary(ratios: list[float]) -> str:
    within = sum(1 / _WITHIN <= ratio <= _WITHIN for ratio in ratios)
    spread = Spread.of(ratios)
    return (
        f"{within} of {len(ratios)} estimates are within a factor of {_WITHIN:g}; "
        f"median {number(spread.median)}, from {number(min(ratios))} to {number(max(ratios))}."
    )
