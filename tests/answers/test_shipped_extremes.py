"""Every shipped answer reads well on the networks that a question may ask for, however extreme."""

import warnings
from collections import Counter
from collections.abc import Iterator

import pytest
from answer_samples import leaks

from answers.catalog import Catalog, load
from answers.checking import CARD_TEXT
from answers.checking.measured import card_length
from answers.entry import Entry
from answers.pipeline import finish
from answers.variants import WrongVariant, with_changes
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.support import require_runnable

EXTREMES = {
    "depth": ("1", "120"),
    "width": ("1",),
    "activation": ("linear",),
    "init": ("zeros",),
    "arch": ("lstm",),
    "norm": ("batch",),
    "skip": ("residual",),
    "precision": ("float16",),
    "lr": ("100",),
    "optimizer": ("adam",),
    "steps": ("1",),
    "batch": ("2",),
    "gain": ("50",),
    "forget_bias": ("-10",),
    "input_scale": ("1000",),
    "momentum": ("0.99",),
    "data": ("parity",),
    "loss": ("mse",),
    "clip": ("0.001",),
}
# A run that is not refused, but would cost the suite too much.
ALLOWANCE = Allowance(seconds=4.0, bytes=2**30)


def changes(entry: Entry) -> Iterator[dict[str, str]]:
    """Yield every extreme of every knob of an answer, one at a time."""
    knobs = dict.fromkeys(knob for simulation in entry.simulations for knob in simulation.knobs)
    for knob in knobs:
        for word in EXTREMES.get(knob, ()):
            yield {knob: word}


def runnable(entry: Entry) -> bool:
    for simulation in entry.simulations:
        specs = list(simulation.variants.values())
        try:
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, ALLOWANCE)
        except SimulationError:
            return False
        if len(set(specs)) < len(specs):
            return False
    return True


def cases() -> list[tuple[Entry, dict[str, str], bool]]:
    """Return every answer with each of its extremes, and whether that is for the long run only.

    The short one has every answer once, with the extreme that the answers before it had least often; of
    several such, with the one that the fewest answers take.
    """
    entries = load()
    takers = Counter(str(change) for entry in entries for change in changes(entry))
    had: Counter[str] = Counter()
    found: list[tuple[Entry, dict[str, str], bool]] = []
    for entry in entries:
        own = list(changes(entry))
        short = min(own, key=lambda change: (had[str(change)], takers[str(change)]), default=None)
        had[str(short)] += 1
        found += [(entry, change, change != short) for change in own]
    return found


CASES = [
    pytest.param(
        entry.id,
        change,
        id=f"{entry.id} {' '.join(map('='.join, change.items()))}",
        marks=[pytest.mark.long] if is_long else [],
    )
    for entry, change, is_long in cases()
]


@pytest.mark.parametrize(("id_", "change"), CASES)
def test_an_answer_reads_well_on_an_extreme_network(
    shipped: Catalog, id_: str, change: dict[str, str]
) -> None:
    from sim import experiments  # noqa: PLC0415  only the tests that measure pay for torch

    try:
        entry = with_changes(shipped.entries[id_], change)
    except WrongVariant:
        pytest.skip("the grammar refuses the combination")
    if not runnable(entry):
        pytest.skip("the bot keeps the answer's own network and says why")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of torch, in forward mode
        results = [
            experiments.run(one.experiment, list(one.variants.values()), lambda _done, _text: None)
            for one in entry.simulations
        ]
    rendered = finish(entry, results)
    assert [str(problem) for problem in rendered.problems if problem.code != "claim-fails"] == []
    assert leaks(f"{rendered.markdown}\n{rendered.more}") == []
    assert card_length(rendered) <= CARD_TEXT


def test_every_knob_of_the_shipped_answers_has_an_extreme() -> None:
    offered = {knob for entry in load() for simulation in entry.simulations for knob in simulation.knobs}
    assert offered <= set(EXTREMES)


def test_a_short_run_has_every_answer_and_every_extreme() -> None:
    every, short = cases(), [one for one in cases() if not one[2]]
    assert {entry.id for entry, *_ in short} == {entry.id for entry, *_ in every}
    assert all(change in [one for _, one, _ in short] for _, change, _ in every)
    assert 2 * len(short) < len(every)
