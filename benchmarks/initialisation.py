"""Drawing networks and data, and measuring the gradients of every layer once."""

from benchmarks.cases import INITIALISATION
from benchmarks.contests import contestants
from benchmarks.report import against_engine
from benchmarks.timing import take_turns


def run(rounds: int) -> str:
    """Return one table of times per size."""
    tables: list[str] = []
    for spec in INITIALISATION:
        times = take_turns(contestants(spec, lambda peer: peer.initialise), rounds)
        tables.append(f"`{spec.text}`, {rounds} rounds\n\n{against_engine(times)}")
    return "\n\n".join(tables)
