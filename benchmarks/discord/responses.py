"""How soon people on Discord are acknowledged and answered while both processors compute, and the start."""

import asyncio
from collections.abc import Sequence

from benchmarks.discord.measuring import ASKED, BURST, CACHED, STARTS, TYPED, Found, measure
from benchmarks.jobs.goals import percentile
from benchmarks.report import number, table

_START_SECONDS = 3.0
_ASKED = {50: 5.0, 99: 100.0}
_BURST_MS, _TYPED_MS, _CACHED_MS = 1_000.0, 50.0, 60.0


def run(rounds: int) -> str:
    """Return what was promised and measured."""
    del rounds
    found = asyncio.run(measure())
    head = (
        "`backchat run` with two slots, both of them computing all the time"
        f"{'' if found.busy else ' (not to the end!)'}, and 25 questions a second; "
        "the bare bot does nothing but acknowledge, beside the same load"
    )
    used = (
        f"The bot's own process used {number(1e3 * found.processor)} ms of processor time for each of "
        f"{ASKED:,} questions. Of its requests {len(found.problems)} would have been refused."
    )
    return "\n\n".join([head, _promises(found), used])


def _promises(found: Found) -> str:
    start = sorted(found.starts)[len(found.starts) // 2]
    first = f"{number(found.starts[0])} s with an empty folder"
    rows = [
        _row(f"start to ready, median of {STARTS}", _START_SECONDS, start, None, "s"),
        ["the first of them", "", first, "", "", ""],
    ]
    for percent, limit in _ASKED.items():
        what = f"acknowledged, p{percent} of {ASKED:,}"
        rows.append(_times(what, limit, percent, found.ours["asked"], found.bare["asked"]))
    rows += [
        _times(f"{BURST} at once, the last", _BURST_MS, 100, found.ours["burst"], found.bare["burst"]),
        _times(f"suggestions, p99 of {TYPED}", _TYPED_MS, 99, found.ours["typed"], found.bare["typed"]),
        _times(f"remembered answer, p50 of {CACHED}", _CACHED_MS, 50, found.ours["cached"], ()),
        _times(f"remembered answer, p99 of {CACHED}", None, 99, found.ours["cached"], ()),
    ]
    return table(["", "goal", "measured", "", "bare bot", "ratio"], rows)


def _times(
    what: str, limit: float | None, percent: float, ours: Sequence[float], bare: Sequence[float]
) -> list[str]:
    other = 1e3 * percentile(bare, percent) if bare else None
    return _row(what, limit, 1e3 * percentile(ours, percent), other, "ms")


def _row(what: str, limit: float | None, measured: float, bare: float | None, unit: str) -> list[str]:
    return [
        what,
        "" if limit is None else f"≤ {limit:g} {unit}",
        f"{number(measured)} {unit}",
        "" if limit is None else "met" if measured <= limit else "**missed**",
        "" if bare is None else f"{number(bare)} {unit}",
        "" if bare is None else number(measured / bare),
    ]
