"""The question's own network is run where the answer offers that, and it is said what was done."""

import pytest
from answer_samples import sample

from answers.entry import Entry
from answers.tailoring import tailor
from sim.cost import Allowance

COLD = "      cold: activation=tanh\n"


def entry() -> Entry:
    return sample((COLD, f"{COLD}    knobs: [depth, activation, width]\n"))


def test_the_simulation_is_changed_and_it_is_said() -> None:
    found = tailor(entry(), "why does it vanish with 50 layers?", Allowance())
    assert [spec.depth for spec in found.entry.simulations[0].variants.values()] == [50, 50]
    assert found.note == "Run with depth=50, as you asked."


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("why does it vanish?", ""),
        ("why does it vanish with batch size 8?", ""),  # no knob of this answer
        ("why does it vanish with 4 layers?", ""),  # as it is anyway
        ("what about tanh?", "activation=tanh is what this answer compares with anyway."),
    ],
)
def test_what_cannot_or_need_not_be_changed_stays(question: str, note: str) -> None:
    found = tailor(entry(), question, Allowance())
    assert found.entry == entry()
    assert found.note == note


def test_what_takes_too_long_stays_with_the_reason() -> None:
    found = tailor(entry(), "with 200 layers of 1024 units", Allowance(seconds=0.5, bytes=10**8))
    assert found.entry == entry()
    assert found.note.startswith("Not run with depth=200 width=1024: ")
