"""A simulation may name its experiment among its words."""

import pytest

from sim.asked import read_simulation
from sim.errors import SpecError
from sim.spec import parse_variants
from sim.support import EXPERIMENTS


@pytest.mark.parametrize(
    ("text", "experiment"),
    [
        ("sigmoid vs relu he", "gradients"),
        ("sigmoid steps=9 vs relu he", "training"),
        ("rnn", "through_time"),
        ("logistic", "convexity"),
    ],
)
def test_without_the_word_the_configurations_decide(text: str, experiment: str) -> None:
    assert read_simulation(text) == (experiment, parse_variants(text))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_can_be_named(name: str) -> None:
    assert read_simulation(f"5x8 experiment={name} vs relu he") == (name, parse_variants("5x8 vs relu he"))


@pytest.mark.parametrize(
    "text",
    [
        "experiment=learning_rate 5x8 steps=9 vs relu",
        "5x8 steps=9 vs relu experiment=learning_rate",
        "5x8, experiment = learning_rate, steps=9 vs relu",
        "5x8 EXPERIMENT=Learning-Rate steps=9 vs relu",
        "5x8 steps = 9 experiment=learning_rate vs relu",
    ],
)
def test_the_word_stands_anywhere(text: str) -> None:
    assert read_simulation(text) == ("learning_rate", parse_variants("5x8 steps=9 vs relu"))


def test_the_experiment_may_be_said_apart_from_the_text() -> None:
    assert read_simulation("5x8", "surface")[0] == "surface"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5x8 experiment=precison", "got 'precison'; did you mean 'precision'?"),
        ("5x8 experiment=", "got ''; known: gradients, training"),
        ("5x8 experimnt=precision", "got 'experimnt=precision'; did you mean 'experiment'?"),
        ("5x8 experiment=surface vs relu experiment=speed", "for all configurations; got 'experiment=speed'"),
        ("experiment=surface", "A configuration has at least one word; got none"),
        ("5x8 experiment", "A word is key=value or a known value; got 'experiment'"),
        ("dpeth=30 experiment=surface", "did you mean 'depth'?"),
    ],
)
def test_a_wrong_word_is_refused_with_what_was_wanted(text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_simulation(text)
    assert sentence in str(caught.value)


def test_an_experiment_that_is_named_twice_is_refused() -> None:
    with pytest.raises(SpecError, match=r"got 'surface' and experiment=speed; leave one out\.$"):
        read_simulation("5x8 experiment=speed", "surface")
