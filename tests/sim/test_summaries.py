"""The lines of text that stand for what was measured, by experiment."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sim_oracles import TORCH_JVP, only, run

from sim.measurements import Series, Variant
from sim.plots.wording import number, share
from sim.spec import Spec, parse_variants
from sim.summaries import SUMMARIES
from sim.support import EXPERIMENTS, natural

LONGEST = 200
"""Characters of a line: three lines of a terminal."""

# Small runs of every experiment whose lines are not the same.
TEXTS = (
    ("gradients", "4x8 seeds=3 batch=8"),
    ("gradients", "transformer 2x4 seeds=2 batch=4"),
    ("gradients", "1x4 seeds=1 batch=4"),
    ("through_time", "lstm 5x4 seeds=2 batch=4"),
    ("training", "4x8 seeds=3 batch=8 steps=20 data=blobs relu he lr=0.5"),
    ("training", "lstm 4x4 seeds=2 batch=8 steps=3"),
    ("training", "linear 3x8 seeds=1 batch=8 steps=9 lr=1000 loss=ce normal std=10"),
    ("differentiation", "3x4 seeds=2 batch=4"),
    ("differentiation", "1x3 seeds=1 batch=4 init=zeros"),
    ("convexity", "arch=logistic data=blobs seeds=2 batch=8"),
    ("convexity", "1x2 tanh data=xor seeds=1 batch=4"),
    ("convexity", "1x3 relu data=blobs seeds=2 batch=4"),
    ("speed", "3x8 data=blobs relu he seeds=3 batch=16 steps=60 lr=1"),
    ("speed", "2x4 seeds=1 batch=4 steps=2 lr=0.001"),
    ("precision", "60x4 float16 seeds=2 batch=4"),
    ("precision", "rnn 5x4 seeds=2 batch=4 bfloat16"),
    ("learning_rate", "2x8 data=blobs relu he seeds=2 batch=16 steps=20"),
    ("learning_rate", "8x4 seeds=2 batch=4 steps=2"),
    ("parameters", "cnn 2x3 image=4 seeds=2 batch=4"),
    ("parameters", "gru 5x4 seeds=2 batch=4 norm=layer"),
    ("parameters", "2x4 seeds=1 batch=4 steps=2"),
    ("surface", "2x4 seeds=3 batch=8"),
    ("surface", "arch=logistic data=blobs seeds=1 batch=8"),
)


def lines(experiment: str, text: str, **facts: Any) -> tuple[str, ...]:
    """Run one configuration, change some of what was found, and summarise it."""
    variant = run(experiment, text).variants[0]
    return SUMMARIES[experiment](replace(variant, facts={**variant.facts, **facts}))


def test_every_experiment_has_a_summary_and_a_sample() -> None:
    assert set(SUMMARIES) == set(EXPERIMENTS) == {experiment for experiment, _ in TEXTS}


@pytest.mark.filterwarnings(TORCH_JVP)
@pytest.mark.parametrize(("experiment", "text"), TEXTS)
def test_a_summary_is_a_few_short_lines_with_numbers(experiment: str, text: str) -> None:
    found = lines(experiment, text)
    assert 1 <= len(found) <= 5
    assert re.search(r"\d|undefined", found[0])
    for line in found:
        assert line
        assert len(line) <= LONGEST
        assert "None" not in line
        assert "  " not in line
        assert not line.endswith((".", ";", ","))


def test_the_factor_stands_beside_its_theory_with_digits_to_compare() -> None:
    variant = only("gradients", "5x16 seeds=3 batch=8")
    factor, theory = (variant.facts[name] for name in ("factor_per_layer", "theory_factor_per_layer"))
    assert SUMMARIES["gradients"](variant) == (f"factor per layer {factor:#.4g} (theory {theory:#.4g})",)


def test_a_small_factor_is_no_row_of_zeros() -> None:
    (line,) = lines("gradients", "3x4 seeds=2 batch=4", factor_per_layer=1.5e-7, theory_factor_per_layer=None)
    assert line == "factor per layer 1.500e-07"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lstm 5x4 seeds=2 batch=4", "factor per step 0."),
        ("transformer 2x4 seeds=2 batch=4", "factor per block "),
        ("4x4 seeds=2 batch=4 steps=1000 lr=0.01", "factor per layer after 1,000 training steps 0."),
        ("1x4 seeds=2 batch=4", "factor per layer undefined (fewer than two usable layers)"),
    ],
)
def test_the_factor_says_of_what_and_after_how_much_training(text: str, words: str) -> None:
    assert lines(natural(parse_variants(text)), text)[0].startswith(words) or words in "\n".join(
        lines(natural(parse_variants(text)), text)
    )


def test_layers_without_a_gradient_are_named() -> None:
    found = lines("gradients", "sigmoid 40x16 float16 seeds=3 batch=4")
    assert re.fullmatch(r"the gradient is exactly 0 in layers 1–\d+", found[1])


def test_training_tells_loss_accuracy_and_the_gradient_before_and_after() -> None:
    variant = only("training", "4x8 seeds=3 batch=8 steps=20 data=blobs relu he lr=0.5")
    loss, right, factor, *_ = SUMMARIES["training"](variant)
    assert loss.endswith(" in 20 steps (knowing nothing scores 0.69)")
    assert right == f"accuracy {share(variant.facts['accuracy'])} on the training examples (chance 50 %)"
    start = variant.facts["start"]["factor_per_layer"]
    after = variant.facts["factor_per_layer"]
    assert factor == f"factor per layer after 20 training steps {after:#.4g} (before {start:#.4g})"


def test_training_that_diverged_has_no_accuracy() -> None:
    found = lines("training", "3x4 seeds=2 batch=4 steps=2", diverged=True)
    assert "training diverged" in found
    assert not any("accuracy" in line for line in found)


@pytest.mark.parametrize(
    ("text", "still", "moved", "words"),
    [
        ("5x4 seeds=2 batch=4 steps=2", [1, 2, 4], [0.0, 0, 1, 0, 1], "layers 1–2, 4 have not moved"),
        ("5x4 seeds=2 batch=4 steps=2", [3], [1.0, 1, 0, 1, 1], "layer 3 has not moved"),
        (
            "5x4 seeds=2 batch=4 steps=2", [1, 2], [0.0, 2e-4, 1, 1, 1],
            "layers 1–2 moved by less than 0.001 of their size",
        ),
        ("5x4 seeds=2 batch=4 steps=2", [1], [2e-4, 1.0], "layer 1 moved by less than 0.001 of its size"),
        ("transformer 2x4 seeds=2 batch=4 steps=2", [2], [1.0, 0.0], "block 2 has not moved"),
        ("lstm 5x4 seeds=2 batch=4 steps=2", [1], [0.0], "the weights have not moved"),
        (
            "lstm 5x4 seeds=2 batch=4 steps=2", [1], [1e-4],
            "the weights moved by less than 0.001 of their size",
        ),
    ],
)  # fmt: skip
def test_what_has_not_moved_is_named(text: str, still: list[int], moved: list[float], words: str) -> None:
    assert lines("training", text, still_layers=still, moved=moved)[-1] == words


def rates(learn: list[float], lost: list[float], best: tuple[float, float] | None) -> str:
    """Summarise a sweep of five rates with these outcomes."""
    way: dict[str, Any] = {"rates_that_learn": learn, "rates_that_diverge": lost}
    way |= {"best_rate": best and best[0], "best_loss": best and best[1]}
    facts = {"plateau": 0.6931, "growth_by_layer": 4.26, "one_rate": way, "by_layer": way}
    series = {"rates": Series(axes=("point",), values=np.array([0.01, 0.1, 1.0, 3.2, 10.0]))}
    one, layered = SUMMARIES["learning_rate"](
        Variant(spec=Spec(steps=5), label="", series=series, facts=facts)
    )
    start, other = "one rate for all layers: ", "layer-wise rates, 4.3× faster per layer towards the input: "
    assert layered.removeprefix(other) == one.removeprefix(start)
    return one.removeprefix(start)


def test_learning_rates_are_told_as_runs() -> None:
    assert rates([0.1, 1.0], [10.0], (1.0, 0.0123)) == (
        "0.1 to 1 leave the plateau of 0.69, best loss 0.012 at 1; 10 diverges"
    )
    assert rates([0.01, 1.0], [3.2, 10.0], (0.01, 0.5)) == (
        "0.01 and 1 leave the plateau of 0.69, best loss 0.5 at 0.01; 3.2 to 10 diverge"
    )
    assert rates([1.0], [], (1.0, 0.5)) == "1 leaves the plateau of 0.69, best loss 0.5 at 1"
    assert rates([], [], (1.0, 0.69)) == "none of 5 leaves the plateau of 0.69, best loss 0.69 at 1"
    assert rates([], [0.01, 0.1, 1.0, 3.2, 10.0], None) == (
        "none of 5 leaves the plateau of 0.69; 0.01 to 10 diverge"
    )


def test_convexity_counts_the_points_that_curve_down() -> None:
    text = "1x2 tanh data=xor seeds=2 batch=4"
    variant = only("convexity", text)
    facts = variant.facts
    curvature, ends, between = SUMMARIES["convexity"](variant)
    counts = f"negative curvature at {facts['negative_points']} of {facts['points']} random points"
    assert curvature.startswith(counts)
    assert curvature.endswith(f"; smallest eigenvalue {number(facts['smallest'])}")
    assert re.fullmatch(r"4 starts end at \S+ points? after 1,000 steps, with loss \S+", ends)
    assert between.startswith("on the way between two ends the loss ")
    flat = lines("convexity", text, negative_points=1_234, flat_points=7)[0]
    assert "negative curvature at 1,234 of 100 random points, flat at 7;" in flat


@pytest.mark.parametrize(
    ("grow", "words"),
    [(True, "the weights grow 2.1× in the last tenfold of steps"), (False, "the weights stop growing")],
)
def test_the_weights_of_a_logistic_regression_are_followed(grow: bool, words: str) -> None:  # noqa: FBT001
    text = "arch=logistic data=blobs seeds=2 batch=8"
    found = lines("convexity", text, norm_growth=2.1, weights_grow=grow)
    assert found[-1] == f"under plain gradient descent {words}"


@pytest.mark.filterwarnings(TORCH_JVP)
def test_differentiation_tells_agreement_and_price() -> None:
    variant = only("differentiation", "3x4 seeds=2 batch=4")
    agreement, course, price = SUMMARIES["differentiation"](variant)
    largest = max(variant.facts["difference"].values())
    assert agreement == (
        f"three ways to differentiate agree: largest difference {number(largest)} of a layer's gradient"
    )
    assert course == (
        f"the first layer gets {number(variant.facts['first_over_last'])} of the last layer's gradient"
    )
    assert re.fullmatch(
        r"backpropagation takes 1 pass, forward mode 48 passes \(\S+× the time\), "
        r"finite differences 96 passes \(\S+× the time\)",
        price,
    )


def test_precision_counts_layers_with_and_without_scaling() -> None:
    variant = only("precision", "60x4 float16 seeds=2 batch=4 vs float32")
    signal, weight, factor = SUMMARIES["precision"](variant)
    facts = variant.facts
    plain, scaled = facts["layers_with_signal"], facts["layers_with_signal_scaled"]
    assert signal == f"a signal in {plain} of 60 layers, {scaled} with loss scaling"
    assert weight.startswith(f"a weight gradient in {facts['layers_with_weight']} of 60 layers, ")
    assert factor.startswith("factor per layer 0.")


def test_parameters_are_counted_by_kind() -> None:
    dense, hidden, _ = lines("parameters", "3x4 seeds=2 batch=4")
    assert dense == "65 parameters: 52 weights, 13 biases"
    assert hidden == "hidden layers: 48 weights"
    normed = lines("parameters", "3x4 seeds=2 batch=4 norm=layer")[0]
    assert normed == "89 parameters: 52 weights, 13 biases, 24 parameters of norms"
    assert lines("parameters", "rnn 5x4 seeds=2 batch=4")[1] == (
        "hidden layers: 32 weights, each used at 5 steps; 5.0× as many with one set per step"
    )
    assert re.fullmatch(
        r"hidden layers: \d+ weights, each used at 16 pixels; \d+× as many if fully connected",
        lines("parameters", "cnn 2x3 image=4 seeds=2 batch=4")[1],
    )


def test_speed_tells_steps_growth_and_pace() -> None:
    facts: dict[str, Any] = {
        "depths": [1, 2, 3],
        "steps_median": [10.0, 40.0, None],
        "budget": 100,
        "growth_per_layer": 4.0,
        "growth_low": 3.0,
        "growth_high": 5.0,
        "layers_bought": {"10": 1.66, "100": 3.3},
        "steps_per_second": {"one_thread": 1234.5, "all_threads": 999.0, "cuda": None},
        "threads_all": 16,
    }
    text = "3x4 seeds=1 batch=4 steps=2"
    assert lines("speed", text, **facts) == (
        "to leave the plateau: 10 steps with 1 layer, 40 steps with 2 layers; depth 3 never in 100 steps",
        "each layer needs 4 times the steps (3 to 5); 10× the speed buys 1.7 layers",
        "steps per second with 3 layers: 1,234 on one thread, 999 on 16 threads",
    )
    never = {**facts, "steps_median": [None, None, None], "growth_per_layer": None, "growth_low": None}
    assert lines("speed", text, **never)[0] == "no depth up to 3 leaves the plateau in 100 steps"
    assert len(lines("speed", text, **never)) == 2


def test_the_surface_tells_its_height_and_shape() -> None:
    facts = {
        "centre": 0.71,
        "lowest": 0.5,
        "highest": 2.0,
        "seed": 3,
        "plateau": 0.693,
        "below": 0.25,
        "overflow": 0.0,
        "over_seeds": {"shapes": {"bowl": 2, "flat": 1}},
        "line_change": 0.5,
        "hidden_change": 0.012,
    }
    assert lines("surface", "2x4 seeds=3 batch=8", **facts) == (
        "loss 0.71 in the middle, 0.5 to 2 on the map of seed 3 (knowing nothing scores 0.69)",
        "a bowl for 2, flat for 1 of 3 seeds; 25 % of that map lies lower",
        "along one direction the loss changes by 50 %, by 1.2 % with the output layer left alone",
    )
