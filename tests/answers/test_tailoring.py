"""The question's own network is run where the answer offers that, and it is said what was done."""

import pytest
from answer_samples import sample

from answers.entry import Entry
from answers.parameters import parameters
from answers.tailoring import Tailored, offered, tailor
from sim.cost import Allowance

COLD = "      cold: activation=tanh\n"
OTHER = "  other:\n    experiment: gradients\n    spec: 5x7 relu he\n"


def entry() -> Entry:
    return sample((COLD, f"{COLD}    knobs: [depth, activation, width]\n"))


def asked(question: str, of: Entry | None = None) -> Tailored:
    return tailor(of or entry(), parameters(question), Allowance())


def test_the_simulation_is_changed_and_it_is_said() -> None:
    found = asked("why does it vanish with 50 layers?")
    assert [spec.depth for spec in found.entry.simulations[0].variants.values()] == [50, 50]
    assert found.note == "Run with depth=50, as you asked."


def test_a_knob_that_a_variant_sets_itself_is_named_only_where_it_was_changed() -> None:
    found = asked("and with 50 layers and with relu?")
    specs = found.entry.simulations[0].variants.values()
    assert [(spec.depth, spec.activation) for spec in specs] == [(50, "relu"), (50, "tanh")]
    assert found.note == "Run with depth=50 and activation=relu for relu · glorot only, as you asked."


def test_a_simulation_without_the_knob_is_left_out_of_the_note() -> None:
    both = sample((COLD, f"{COLD}    knobs: [depth, activation, width]\n{OTHER}"))
    found = asked("what with 50 layers?", of=both)
    assert [simulation.variants for simulation in found.entry.simulations[1:]] == [
        simulation.variants for simulation in both.simulations[1:]
    ]
    assert found.note == ("Run with depth=50 for sigmoid · glorot and tanh · glorot only, as you asked.")


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("why does it vanish?", ""),
        ("why does it vanish with batch size 8?", ""),  # no knob of this answer
        ("why does it vanish with 4 layers?", ""),  # as it is anyway
        (
            "what about tanh?",
            "Not run with activation=tanh: networks that this answer compares would be the same.",
        ),
    ],
)
def test_what_cannot_or_need_not_be_changed_stays(question: str, note: str) -> None:
    found = asked(question)
    assert found.entry == entry()
    assert found.note == note


def test_what_takes_too_long_stays_with_the_reason() -> None:
    wanted = parameters("with 200 layers of 1024 units")
    found = tailor(entry(), wanted, Allowance(seconds=0.5, bytes=10**8))
    assert found.entry == entry()
    assert found.note.startswith("Not run with depth=200 and width=1024: ")


def test_an_entry_offers_its_own_knobs_only() -> None:
    assert offered(entry(), {"depth": "5", "lr": "0.5"}) == {"depth": "5"}
    assert offered(sample(), {"depth": "5"}) == {}
