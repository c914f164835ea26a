"""300 people on Discord within 10 s: after how long each is acknowledged, and answered; then SIGTERM."""

from collections.abc import Mapping
from typing import Any

from benchmarks.jobs.apart import apart
from benchmarks.jobs.crowd_requests import COMMON, PEOPLE, SAME, SIMULATED, TAILORED, WITHIN_SECONDS
from benchmarks.jobs.goals import at_most, exactly, percentile, verdicts
from benchmarks.report import number, table

_MOST_MS = 100.0
_MOST_STOPPING_SECONDS = 20.0

Found = Mapping[str, Any]


def run(rounds: int) -> str:
    """Return the latencies as a double of Discord in a process of its own sees them."""
    del rounds
    found = apart("acknowledging")
    stopping = found["stopping"]
    last = _last_told(stopping)
    acknowledged = [one["acknowledged"] for one in found["people"] if one["acknowledged"] is not None]
    goals = [
        exactly("acknowledged", PEOPLE, len(acknowledged)),
        at_most("until acknowledged, p99", _MOST_MS, 1e3 * percentile(acknowledged, 99), "ms"),
        exactly("answered", PEOPLE, sum(one["answered"] is not None for one in found["people"])),
        exactly("what Discord would have refused", 0, len(found["problems"])),
        exactly("tracebacks in the log", 0, found["tracebacks"]),
        exactly("answered or told after SIGTERM", stopping["asked"], stopping["asked"] - stopping["open"]),
        at_most("until the last of them was", _MOST_STOPPING_SECONDS, last, "s"),
        at_most("until the bot was gone", _MOST_STOPPING_SECONDS, stopping["gone"] or float("nan"), "s"),
    ]
    head = (
        f"`backchat run` with two slots; {PEOPLE} slash commands within {WITHIN_SECONDS:g} s; "
        "all answers' plots are cached"
    )
    used = (
        f"The bot's own process used {number(found['processor'])} s of processor time until the last answer, "
        f"{number(1e3 * found['processor'] / PEOPLE)} ms for each."
    )
    return "\n\n".join([head, verdicts(goals), _latencies(found), used])


def _last_told(stopping: Found) -> float:
    if stopping["open"]:
        return float("nan")
    return max((act["shown"][-1]["at"] - stopping["start"] for act in stopping["seen"]), default=float("nan"))


def _latencies(found: Found) -> str:
    rows: list[list[str]] = []
    for kind in (COMMON, TAILORED, SAME, SIMULATED):
        own = [one for one in found["people"] if one["kind"] == kind]
        for what in ("acknowledged", "answered"):
            seconds = [one[what] for one in own if one[what] is not None]
            times = [number(1e3 * percentile(seconds, percent)) for percent in (50, 90, 99, 100)]
            rows.append([kind, what, f"{len(seconds)} of {len(own)}", *times])
    return table(["request", "", "people", "ms: p50", "p90", "p99", "most"], rows, texts=2)
