"""Slips of the finger are mended, words of English are left alone."""

import pytest

from answers.typos import corrected, distance


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tahn", "tanh"),
        ("sigmiod", "sigmoid"),
        ("sigmod", "sigmoid"),
        ("bacth norm", "batch norm"),
        ("leaky rleu", "leaky relu"),
        ("xaiver", "xavier"),
        ("intialization", "initialization"),
        ("initialsiation", "initialisation"),
        ("wihtout skip conections", "without skip connections"),
        ("50 layres", "50 layers"),
        ("trasnformer", "transformer"),
        ("lsmt", "lstm"),
    ],
)
def test_a_misspelt_word_of_the_grammar_is_mended(text: str, meant: str) -> None:
    assert corrected(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "i will match it later than you catch the rely of a player",
        "deaths with a wide step, unit by unit, rate my race",
        "provision collection convention transform reset",
        "elu he rnn gru mse xor",  # too short to tell
        "activations of neurons in resnets",
        "adamw",
        "the last part of a normal paper was hard to read",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert corrected(text) == text


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("tahn", "tanh", 1),
        ("sigmod", "sigmoid", 1),
        ("", "abc", 3),
        ("same", "same", 0),
        ("ca", "abc", 3),
        ("ab", "ba", 1),
    ],
)
def test_the_distance_counts_a_swap_of_neighbours_once(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps
