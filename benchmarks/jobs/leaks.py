"""1,500 jobs, 300 of which go wrong: what they leave behind in the bot and its forkserver."""

from collections.abc import Mapping
from typing import Any

from benchmarks.jobs.apart import apart
from benchmarks.jobs.goals import Goal, at_most, exactly, verdicts
from benchmarks.report import number, table

JOBS, BAD, WARM_UP = 1_500, 300, 100
_MOST_GROWTH_MIB = 5.0
_MIB = 2**20

_ERRORS = {
    "hang": "JobTimedOut",
    "segfault": "JobCrashed",
    "vanish": "JobCrashed",
    "hog": "JobOutOfMemory",
    "bug": "JobFailed",
    "cancel": "CancelledError",
}


def run(rounds: int) -> str:
    """Return what changed, for the bot's jobs and for the pool's."""
    del rounds
    found = {on: apart("leaking", on=on, jobs=JOBS, bad=BAD, warm_up=WARM_UP) for on in ("local", "pool")}
    head = f"{JOBS} jobs of 30 people, {BAD} of which go wrong, after a warm-up of {WARM_UP}; two slots"
    return "\n\n".join([head, _goals(found["local"], found["pool"]), _states(found), _outcomes(found)])


def right(outcomes: Mapping[str, int]) -> tuple[int, int]:
    """Return how many good jobs had a result, and how many bad ones ended as their kind ought to."""
    bad = sum(outcomes.get(f"{kind}: {error}", 0) for kind, error in _ERRORS.items())
    return outcomes.get("good: result", 0), bad


def _goals(own: Mapping[str, Any], peer: Mapping[str, Any]) -> str:
    good, bad = right(own["outcomes"])
    goals: list[Goal] = [
        exactly("good jobs with a result", JOBS - BAD, good, str(right(peer["outcomes"])[0])),
        exactly("bad jobs with their own error", BAD, bad, "—"),
    ]
    for what, key in (
        ("more file descriptors", "descriptors"),
        ("more threads", "threads"),
        ("more processes", "children"),
        ("more file descriptors of the forkserver", "server_descriptors"),
    ):
        goals.append(
            exactly(
                what, 0, own["after"][key] - own["before"][key], str(peer["after"][key] - peer["before"][key])
            )
        )
    for what, key in (
        ("more private memory", "memory"),
        ("more private memory of the forkserver", "server_memory"),
    ):
        grown = [(one["after"][key]["private"] - one["before"][key]["private"]) / _MIB for one in (own, peer)]
        goals.append(at_most(what, _MOST_GROWTH_MIB, grown[0], "MiB", grown[1]))
    return verdicts(goals)


def _states(found: Mapping[str, Mapping[str, Any]]) -> str:
    rows: list[list[str]] = []
    for on, one in found.items():
        for when in ("before", "after"):
            state = one[when]
            memory = [
                number(state[whose][kind] / _MIB)
                for whose in ("memory", "server_memory")
                for kind in ("resident", "private")
            ]
            counts = [str(state[key]) for key in ("descriptors", "threads", "children", "server_descriptors")]
            rows.append(["jobs" if on == "local" else "process pool", when, *counts, *memory])
    head = ["", "", "descriptors", "threads", "processes", "descriptors of the forkserver"]
    sizes = ["resident MiB", "private MiB", "forkserver: resident MiB", "private MiB"]
    return table([*head, *sizes], rows, texts=2)


def _outcomes(found: Mapping[str, Mapping[str, Any]]) -> str:
    names = sorted({name for one in found.values() for name in one["outcomes"]})
    rows = [[name, *(str(one["outcomes"].get(name, 0)) for one in found.values())] for name in names]
    rows.append(["seconds in all", *(number(one["seconds"]) for one in found.values())])
    return table(["kind: end", "jobs", "process pool"], rows)
