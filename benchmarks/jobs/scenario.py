"""49 requests of 11 people at once, some of which go wrong: who is answered, and what the others are told."""

import statistics
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from benchmarks.jobs.apart import apart
from benchmarks.jobs.goals import Goal, at_most, exactly, percentile, verdicts
from benchmarks.jobs.requests import BAD, BAD_IN_A_POOL, GREEDY
from benchmarks.report import number, table

_LOCAL, _CLUSTER, _KILLED, _POOL = "local", "cluster", "cluster, worker killed", "pool"
_NAMES = {
    _LOCAL: "this machine",
    _CLUSTER: "dask, 2 workers",
    _KILLED: "dask, a worker killed",
    _POOL: "process pool",
}
_MOST_LAG_MS = 20.0
_MOST_FREEING_MS = 50.0

Found = Mapping[str, Any]


def run(rounds: int) -> str:
    """Return what became of everybody, on each engine and on the pool."""
    del rounds
    where = [_LOCAL, *((_CLUSTER, _KILLED) if find_spec("distributed") else ()), _POOL]
    found = {on: apart("serve", on=on) for on in where}
    parts = [_goals(found), _served(found), _bad(found)]
    if len(found) < len(_NAMES):
        parts.insert(0, "Not on dask: `distributed` is not installed (the extra `cluster`).")
    head = "49 requests of 11 people, 6 of which go wrong; two slots; limits per person are lifted"
    return "\n\n".join([head, *parts])


def answered(found: Found) -> tuple[int, int]:
    """Return how many good requests were answered, and of how many."""
    good = [one for one in found["ended"] if one["bad"] is None]
    return sum(not one["error"] for one in good), len(good)


def own_errors(found: Found, errors: Mapping[str, str] = BAD) -> int:
    """Return how many bad requests ended with the error that tells them from the others."""
    return sum(one["bad"] in errors and one["error"] == errors[one["bad"]] for one in found["ended"])


def order(found: Found) -> tuple[float, float]:
    """Return the median seconds until an answer, of the greedy person and of the others."""
    good = [one for one in found["ended"] if one["bad"] is None and not one["error"]]
    greedy = [one["seconds"] for one in good if one["person"] == GREEDY]
    others = [one["seconds"] for one in good if one["person"] != GREEDY]
    return (statistics.median(greedy) if greedy else float("nan")), (
        statistics.median(others) if others else float("nan")
    )


def _goals(found: Mapping[str, Found]) -> str:
    peer = found[_POOL]
    pool_errors = str(own_errors(peer, BAD_IN_A_POOL))
    goals: list[Goal] = []
    for on, own in found.items():
        if on == _POOL:
            continue
        name = _NAMES[on]
        right, of = answered(own)
        goals += [
            exactly(f"{name}: good requests answered", of, right, str(answered(peer)[0])),
            exactly(f"{name}: bad ones with their own error", len(BAD), own_errors(own), pool_errors),
            at_most(
                f"{name}: from cancel to a free slot",
                _MOST_FREEING_MS,
                _ms(own["freed"]),
                "ms",
                _ms(peer["freed"]),
            ),
            at_most(
                f"{name}: lag of the event loop, p99",
                _MOST_LAG_MS,
                1e3 * percentile(own["late"], 99),
                "ms",
                1e3 * percentile(peer["late"], 99),
            ),
        ]
    return verdicts(goals)


def _served(found: Mapping[str, Found]) -> str:
    rows: list[list[str]] = []
    for on, own in found.items():
        right, of = answered(own)
        greedy, others = order(own)
        late = [number(1e3 * percentile(own["late"], percent)) for percent in (50, 99, 100)]
        row = [_NAMES[on], f"{right} of {of}", str(own["jobs"]), number(own["seconds"])]
        rows.append([*row, number(greedy), number(others), ", ".join(late)])
    head = ["", "good ones answered", "jobs run", "s in all", "s until an answer, median: greedy", "others"]
    return table([*head, "ms of lag: p50, p99, most"], rows)


def _bad(found: Mapping[str, Found]) -> str:
    rows: list[list[str]] = []
    for kind in BAD:
        for on in found:
            [one] = [one for one in found[on]["ended"] if one["bad"] == kind]
            rows.append([kind, _NAMES[on], _error(one), f"{one['sentence']}"])
    return table(["what", "on", "ends as", "what the asker is told"], rows, texts=4)


def _error(one: Mapping[str, Any]) -> str:
    return f"`{one['error']}` after {number(one['seconds'])} s" if one["error"] else "a result"


def _ms(seconds: Sequence[float]) -> float:
    return 1e3 * max(seconds, default=float("nan"))
