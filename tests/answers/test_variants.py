"""A question changes the knobs that an answer offers, and nothing else."""

import pytest
from answer_samples import sample

from answers.variants import WrongVariant, variants, with_changes

KNOBS = ("      cold: activation=tanh\n", "      cold: activation=tanh\n    knobs: [depth, activation]\n")


def test_a_knob_changes_the_first_variant_and_those_that_inherit_it() -> None:
    entry = with_changes(sample(KNOBS), {"depth": "50", "activation": "relu"})
    warm, cold = entry.simulations[0].variants.values()
    assert (warm.depth, warm.activation) == (50, "relu")
    assert (cold.depth, cold.activation) == (50, "tanh")  # what tells the variants apart stays


def test_what_is_no_knob_of_the_answer_stays() -> None:
    entry = sample(KNOBS)
    assert with_changes(entry, {"width": "7"}) == entry


def test_a_wrong_value_names_the_variant() -> None:
    with pytest.raises(WrongVariant, match="depth is a whole number") as caught:
        with_changes(sample(KNOBS), {"depth": "deep"})
    assert caught.value.variant == "warm"


def test_the_texts_of_an_entry_give_its_variants_again() -> None:
    simulation = sample().simulations[0]
    assert variants(simulation.texts) == simulation.variants
