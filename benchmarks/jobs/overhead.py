"""What a job costs besides its computation, and how much memory bot and jobs hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.jobs.apart import apart
from benchmarks.jobs.goals import at_most, percentile, verdicts
from benchmarks.report import between, number, table
from benchmarks.timing import Spread

_MOST_OVERHEAD_MS = 20.0
_MOST_PLOT_MS = 200.0
_MOST_BOT_MIB = 120.0
_MOST_JOB_MIB = 15.0
_MIB = 2**20


def run(rounds: int) -> str:
    """Return times and memory, of the bot's jobs and of the pool's."""
    del rounds
    found = {on: apart("overheads", on=on) for on in ("local", "pool")}
    resident = {encoder: apart("resident", encoder=encoder) for encoder in (False, True)}
    own, peer = found["local"], found["pool"]
    goals = [
        at_most("an empty job, median", _MOST_OVERHEAD_MS, _ms(own["empty"]), "ms", _ms(peer["empty"])),
        at_most(
            "a default simulation with its plot, beside what it computes, median",
            _MOST_OVERHEAD_MS,
            _ms(own["beside_plots"]),
            "ms",
            _ms(peer["beside_plots"]),
        ),
        at_most(
            "a default simulation with its plot, in all, median",
            _MOST_PLOT_MS,
            _ms(own["plots"]),
            "ms",
            _ms(peer["plots"]),
        ),
        at_most(
            "private memory of an empty job",
            _MOST_JOB_MIB,
            _mib(own["private"]),
            "MiB",
            _mib(peer["private"]),
        ),
        at_most(
            "private memory of a default simulation with its plot",
            _MOST_JOB_MIB,
            _mib(own["private_plots"]),
            "MiB",
            _mib(peer["private_plots"]),
        ),
        at_most(
            "resident memory of the bot without its encoder",
            _MOST_BOT_MIB,
            resident[False]["bot"]["resident"] / _MIB,
            "MiB",
        ),
    ]
    return "\n\n".join([verdicts(goals), _times(found), _memory(resident)])


def _times(found: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [
            what,
            *(between(Spread.of([1e3 * seconds for seconds in one[key]])) for one in found.values()),
            *(number(1e3 * percentile(one[key], 99)) for one in found.values()),
        ]
        for what, key in (
            ("an empty job", "empty"),
            ("a simulation beside what it computes", "beside_plots"),
            ("a simulation", "plots"),
        )
    ]
    return table(["ms (quartiles)", "jobs", "process pool", "p99: jobs", "process pool"], rows)


def _memory(resident: Mapping[bool, Mapping[str, Any]]) -> str:
    rows = [
        [name, *(number(one[kind] / _MIB) for kind in ("resident", "private"))]
        for name, one in (
            ("bot without its encoder", resident[False]["bot"]),
            ("bot with its encoder", resident[True]["bot"]),
            ("forkserver", resident[True]["server"]),
        )
    ]
    with_torch = "with" if resident[True]["torch"] else "without"
    return f"{table(['MiB', 'resident', 'private'], rows)}\n\nThe bot's process is {with_torch} torch."


def _ms(seconds: Sequence[float]) -> float:
    return 1e3 * percentile(seconds, 50)


def _mib(sizes: Sequence[int]) -> float:
    return percentile(sizes, 50) / _MIB
