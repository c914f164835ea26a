"""300 people within 10 s: how long the bot is deaf, how long people wait, and whether it told them so."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.jobs.apart import apart
from benchmarks.jobs.crowd_requests import COMMON, PEOPLE, SAME, SIMULATED, TAILORED, WITHIN_SECONDS
from benchmarks.jobs.goals import Goal, at_most, exactly, percentile, verdicts
from benchmarks.jobs.shares import Wait, waits
from benchmarks.report import number, table
from benchmarks.timing import Spread

_SLOTS = 2
_MOST_LAG_MS = 20.0
_MOST_CACHED_MS = 30.0
_MOST_SHARES = 2.0
_HONEST_FACTOR, _HONEST_SECONDS = 2.0, 2.0

Found = Mapping[str, Any]


def run(rounds: int) -> str:
    """Return the goals, the waits by kind of request, and how good the forecasts were."""
    del rounds
    found = {on: apart("crowding", on=on) for on in ("local", "pool")}
    measured = {on: waits(one["served"], one["spans"], _SLOTS) for on, one in found.items()}
    own = found["local"]
    busy = sum(span["ended"] - span["began"] for span in own["spans"])
    head = (
        f"{PEOPLE} people within {WITHIN_SECONDS:g} s at the real library; two slots; all answers' plots are "
        f"cached. {len(own['spans'])} jobs of {busy:.0f} s in all, the last answer after "
        f"{own['seconds']:.0f} s; pool: {len(found['pool']['spans'])} jobs, {found['pool']['seconds']:.0f} s"
    )
    return "\n\n".join(
        [
            head,
            _goals(found, measured),
            _by_kind(found),
            f"While people asked, the bot's own process used {number(own['processor'])} s of processor time.",
            _SHARE,
            _shares(measured),
            _honesty(own),
            _errors(found),
        ]
    )


_SHARE = (
    "The fair share: when the request would end if at every moment each person with a job under way had an "
    "equal share of the slots (at most one slot per job), each job taking as long as it took here. With the "
    "allowance, the longest job of somebody else that ran when the request was made is added: a job cannot "
    "be interrupted. Requests that the cache answers have no share."
)


def _goals(found: Mapping[str, Found], measured: Mapping[str, Sequence[Wait]]) -> str:
    own, peer = found["local"], found["pool"]
    goals: list[Goal] = [
        exactly("requests answered", PEOPLE, _answered(own), str(_answered(peer))),
        at_most(
            "lag of the event loop while people ask, p99",
            _MOST_LAG_MS,
            1e3 * percentile(own["late"], 99),
            "ms",
            1e3 * percentile(peer["late"], 99),
        ),
        at_most(
            "`ask` of a cached answer, median",
            _MOST_CACHED_MS,
            1e3 * percentile(_cached(own), 50),
            "ms",
            1e3 * percentile(_cached(peer), 50),
        ),
        at_most(
            "`ask` of a cached answer, p99",
            _MOST_CACHED_MS,
            1e3 * percentile(_cached(own), 99),
            "ms",
            1e3 * percentile(_cached(peer), 99),
        ),
        at_most(
            "most fair shares anybody waited, with the allowance",
            _MOST_SHARES,
            max((wait.ratio_allowed for wait in measured["local"]), default=float("nan")),
            "",
            max((wait.ratio_allowed for wait in measured["pool"]), default=float("nan")),
        ),
    ]
    return verdicts(goals)


def _answered(found: Found) -> int:
    return sum(not one["error"] for one in found["served"])


def _cached(found: Found) -> list[float]:
    """Return the seconds of requests of which everything was computed before they were made."""
    ran = {span["key"] for span in found["spans"]}
    return [
        one["ended"] - one["began"]
        for one in found["served"]
        if not one["error"] and one["asking"]["kind"] == COMMON and not ran & set(one["jobs"])
    ]


def _by_kind(found: Mapping[str, Found]) -> str:
    rows: list[list[str]] = []
    for kind in (COMMON, TAILORED, SAME, SIMULATED):
        for on, one in found.items():
            mine = [own for own in one["served"] if own["asking"]["kind"] == kind]
            took = [own["ended"] - own["began"] for own in mine if not own["error"]]
            times = [number(1e3 * percentile(took, percent)) for percent in (50, 90, 99, 100)]
            rows.append([kind, _name(on), f"{len(took)} of {len(mine)}", *times])
    lag = [
        [
            f"lag of the event loop{when}",
            _name(on),
            f"{len(one[key])} looks",
            *(number(1e3 * percentile(one[key], percent)) for percent in (50, 90, 99, 100)),
        ]
        for when, key in ((" while people ask", "late"), (" afterwards", "late_afterwards"))
        for on, one in found.items()
    ]
    head = ["request", "", "answered", "ms: p50", "p90", "p99", "most"]
    return table(head, [*rows, *lag], texts=2)


def _shares(measured: Mapping[str, Sequence[Wait]]) -> str:
    rows: list[list[str]] = []
    for kind in (TAILORED, SAME, SIMULATED, "all"):
        for on, found in measured.items():
            own = [wait for wait in found if kind in (wait.kind, "all")]
            plain = [number(percentile([wait.ratio for wait in own], percent)) for percent in (50, 99, 100)]
            less = [
                number(percentile([wait.ratio_allowed for wait in own], percent)) for percent in (50, 99, 100)
            ]
            over = sum(wait.ratio_allowed > _MOST_SHARES for wait in own)
            rows.append([kind, _name(on), str(len(own)), *plain, *less, str(over)])
    head = ["request", "", "requests", "fair shares: p50", "p99", "most", "with the allowance: p50", "p99"]
    return table([*head, "most", f"above {_MOST_SHARES:g}"], rows, texts=2)


def _honesty(found: Found) -> str:
    told = [
        (one["promised"] - one["told"], one["runs"] - one["told"])
        for one in found["served"]
        if one["promised"] is not None and one["runs"] is not None
    ]
    if not told:
        return "Nobody was told when it would be their turn."
    spread = Spread.of([actual / max(predicted, 0.1) for predicted, actual in told])
    near = sum(
        predicted / _HONEST_FACTOR - _HONEST_SECONDS <= actual <= predicted * _HONEST_FACTOR + _HONEST_SECONDS
        for predicted, actual in told
    )
    return (
        f"{len(told)} people were told when their turn would come. When it came after the first word, "
        f"against what that said: median {number(spread.median)} times, quartiles {number(spread.low)} and "
        f"{number(spread.high)}; {near} of {len(told)} within a factor of {_HONEST_FACTOR:g} or "
        f"{_HONEST_SECONDS:g} s."
    )


def _errors(found: Mapping[str, Found]) -> str:
    lines = [
        f"- {_name(on)}: {one['asking']['text']!r}: {one['error']}"
        for on, own in found.items()
        for one in own["served"]
        if one["error"]
    ]
    return "\n".join(["Not answered:", "", *lines]) if lines else "Everybody was answered."


def _name(on: str) -> str:
    return "jobs" if on == "local" else "process pool"
