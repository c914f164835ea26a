"""Training while the gradients of every layer are measured at every step."""

from benchmarks.cases import TRAINING
from benchmarks.contests import contestants
from benchmarks.report import against_engine
from benchmarks.timing import take_turns


def run(rounds: int) -> str:
    """Return the table of times."""
    times = take_turns(contestants(TRAINING, lambda peer: peer.train_with_norms), rounds)
    return f"`{TRAINING.text}`, {rounds} rounds\n\n{against_engine(times)}"
