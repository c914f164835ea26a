"""Titles and levels of training are true of the loss and of the answers, of every network on the card."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from training_samples import LN2, TRAINED, runs, texts, trained

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots import DARK, training, training_heat, training_updates
from sim.spec import Spec

RELU = replace(TRAINED, activation="relu", init="he")
NORM = replace(TRAINED, norm="batch")
SQUARED = replace(TRAINED, loss="mse")
LN3 = float(np.log(3))


def right(variant: Variant, share: float, chance: float = 0.5) -> Variant:
    """The same run with another share of right answers."""
    return replace(variant, facts={**variant.facts, "accuracy": share, "chance": chance})


def course(first: float, last: float, spec: Spec = TRAINED, **more: Any) -> Variant:
    return trained(spec, loss=np.linspace(first, last, 101), moved=0.1, **more)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (runs(right(trained(moved=0.1), 0.91)), "91 % right, yet the loss stays at ln 2"),
        (runs(right(trained(), 0.79)), "Layers 1–6 moved under 0.1 %, yet 79 % right"),
        (runs(right(trained(), 0.59)), "Stays at ln 2: layers 1–6 moved under 0.1 %"),
        (runs(right(course(0.69, 0.64), 0.91)), "Loss 0.69 → 0.64, 91 % right"),
        (runs(right(course(0.69, 0.3), 0.52)), "Loss 0.69 → 0.3, but only 52 % right"),
        (runs(right(trained(), 0.91), trained(RELU, last=0.02)),
         "Sigmoid gets 91 % right at ln 2, ReLU learns"),
        (runs(right(course(0.69, 0.64), 0.91), trained(RELU, last=0.02)),
         "Sigmoid gets 91 % right at 0.64, ReLU learns"),
        (runs(right(trained(), 0.66), right(trained(RELU), 0.53)), "Both stay at ln 2, yet 53–66 % right"),
        (runs(right(course(0.69, 0.64), 0.9), right(course(0.69, 0.65, RELU), 0.9)),
         "Both end near ln 2, yet 90 % right"),
        # It learns while others, whose loss has not left its level, answer better than by chance.
        (runs(right(trained(), 0.73), trained(RELU), trained(NORM, last=0.02)),
         "Only batch norm leaves ln 2"),
        (runs(right(course(5.0, 0.9), 0.73), course(5.0, 0.9, RELU), trained(NORM, last=0.02)),
         "Only batch norm ends below ln 2"),
        (runs(trained(NORM, last=0.02), trained(RELU, last=0.02), course(0.72, 0.67)),
         "Only sigmoid · no norm ends near ln 2"),
        (runs(right(course(0.7, 0.66), 0.7), course(0.7, 0.66, RELU), right(trained(NORM, last=0.4), 0.65)),
         "1 of 3 leaves ln 2"),
        # A few right answers more than chance gives are no knowledge.
        (runs(trained(), right(trained(RELU), 0.59), trained(NORM, last=0.02)), "Only batch norm learns"),
    ],
)  # fmt: skip
def test_the_title_is_true_of_the_answers_too(sample: Measurements, expected: str) -> None:
    assert training.title(sample) == expected


def test_of_few_examples_more_must_be_right_before_anything_is_known() -> None:
    few, many = (right(trained(replace(TRAINED, batch=batch), moved=0.1), 0.7) for batch in (8, 256))
    assert training.title(runs(few)) == "Loss stays at ln 2 for 300 steps"
    assert training.title(runs(many)) == "70 % right, yet the loss stays at ln 2"


def seeded(losses: list[float], rights: list[float]) -> Variant:
    variant = trained(replace(RELU, seeds=len(losses)), last=float(np.median(losses)), moved=0.1)
    steps = variant.series["loss_steps"].values
    values: Array = np.linspace(np.full(len(losses), 0.7), np.array(losses), len(steps)).T
    return replace(
        variant,
        series={
            **variant.series,
            "loss": replace(variant.series["loss"], values=values),
            "accuracy": Series(axes=("replica",), values=np.array(rights)),
        },
    )


def test_seeds_whose_answers_are_right_have_learnt_something_whatever_their_loss() -> None:
    losses = [0.6] * 5 + [0.65] * 3
    assert training.title(runs(seeded(losses, [0.9] * 8))) == "Leaves ln 2 in 5 of 8 seeds"
    assert training.title(runs(seeded(losses, [0.9] * 5 + [0.5] * 3))) == "Learns in 5 of 8 seeds"


CLIPPED = replace(TRAINED, lr=1000.0, clip_value=1e-5)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (runs(trained(), trained(replace(TRAINED, clip=0.01)), trained(CLIPPED, last=0.02)),
         "Only rate 1000 · value clip 1e-05 learns"),
        (runs(trained(replace(TRAINED, clip_value=0.1)), trained(replace(TRAINED, norm="batch"), last=0.02)),
         "Only batch norm · no value clip learns"),
        (runs(trained(SQUARED, last=0.25, plateau=0.25), trained(last=0.02)), "MSE stays at 1/4, BCE learns"),
    ],
)  # fmt: skip
def test_a_title_names_all_that_sets_the_one_it_speaks_of_apart(sample: Measurements, expected: str) -> None:
    assert training.title(sample) == expected


def recurrent(depth: int, **more: Any) -> Variant:
    return trained(replace(TRAINED, arch="rnn", depth=depth, data="recall"), **more)


def test_the_depth_of_a_recurrent_network_is_counted_in_time_steps() -> None:
    sample = runs(recurrent(25), recurrent(4, last=0.1, moved=0.1))
    card = training.compose(sample, DARK)
    assert training.title(sample) == "25 steps stay at ln 2, 4 steps learn"
    assert any(words.startswith("25 time steps") for words in texts(card))
    assert "25 time steps go from 0.76 at step 0" in training.alt(sample)
    words = [training.alt(sample), training_updates.alt(sample), training_updates.title(sample)]
    words += [f(sample, 0) for f in (training_heat.alt, training_heat.title)]
    words += [training_heat.compose(sample, DARK, 0).frame.footer]
    assert not any("layer" in one for one in words)


def test_a_transformer_has_blocks() -> None:
    spec = replace(TRAINED, arch="transformer", depth=6)
    sample = runs(trained(spec, last=0.02, moved=0.1))
    assert training.title(sample) == "Every block learns: loss 0.76 → 0.02"
    assert "block 1 moved by 0.1 of its size, block 6 by 0.1" in training.alt(sample)
    assert {"block 1", "block 6"} <= set(texts(training_updates.compose(sample, DARK)))
    assert "layer" not in training_updates.title(sample) + training_updates.alt(sample)


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (0.0, "no layer has moved"),
        (1e-4, "layer 1 moved by 1e-4 of its size, layer 10 by 2e-4; every layer by less than 0.001"),
    ],
)
def test_an_alternative_text_does_not_say_that_a_layer_that_moved_did_not(moved: float, words: str) -> None:
    variant = trained()
    shares = [moved, *[moved] * 8, 2 * moved]
    facts = {**variant.facts, "moved": shares, "still_layers": list(range(1, 11))}
    told = training.alt(runs(replace(variant, facts=facts)))
    assert f"; {words}." in told
    assert ("has moved" in told) == (moved == 0)


def test_every_loss_on_a_card_has_a_level_of_its_own_that_says_whose_it_is() -> None:
    sample = runs(trained(), trained(SQUARED, last=0.25, plateau=0.25))
    card = training.compose(sample, DARK)
    assert {
        "binary cross-entropy, knowing nothing: ln 2",
        "squared error, knowing nothing: 1/4",
    } <= set(texts(card))
    levels = "Dashed levels: ln 2 = 0.69 for binary cross-entropy and 1/4 = 0.25 for squared error"
    assert levels in training.alt(sample)
    assert "knowing nothing: ln 2" in texts(training.compose(runs(trained(), trained(RELU)), DARK))
    data = runs(trained(), trained(replace(TRAINED, data="spirals"), last=LN3, plateau=LN3))
    assert "spirals, knowing nothing: ln 3" in texts(training.compose(data, DARK))
    assert training.title(data) == "Both stay at chance loss for 300 steps"


def test_a_loss_that_overflows_does_not_press_the_others_flat() -> None:
    lost = 0.7 * 10.0 ** np.arange(101.0)
    lost[40:] = np.nan
    sample = runs(trained(RELU, loss=lost), trained(last=0.02, moved=0.1))
    card = training.compose(sample, DARK)
    scale = card.frame.y
    falls = scale.to(np.array([0.76, 0.02]))
    assert (falls[0] - falls[1]) / (scale.high - scale.low) > 0.25
    markers = [line for line in card.figure.findobj(Line2D) if line.get_marker() == "o"]
    assert markers
    assert all(np.asarray(line.get_ydata(), float).max() <= scale.high for line in markers)
    assert "diverges at step 120" in " ".join(texts(training.compose(sample, DARK)))


def test_a_loss_that_grows_without_overflow_stays_on_the_card() -> None:
    card = training.compose(runs(trained(loss=np.geomspace(0.7, 1e9, 101))), DARK)
    assert card.frame.y.to(np.array([1e9]))[0] < card.frame.y.high
    assert 10**card.frame.y.low < LN2
