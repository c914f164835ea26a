"""The title is the finding, and nothing but what was measured."""

import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plot_samples import bowls, curvature, from_signal, measured, methods, plateau, profile, shuffled

from sim.measurements import Measurements
from sim.plots import draw
from sim.spec import Spec

DEEP = Spec(depth=24, width=64)


def title(measurements: Measurements) -> str:
    found: str = importlib.import_module(f"sim.plots.{measurements.experiment}").title(measurements)
    return found


def alt(measurements: Measurements) -> str:
    found: str = importlib.import_module(f"sim.plots.{measurements.experiment}").alt(measurements)
    return found


def with_factor(factor: float | None, **knobs: Any) -> Measurements:
    spec = replace(DEEP, **knobs)
    # Nearly the same factor in every layer, so that "every layer" is true.
    variant = profile(spec, factor or 0.5, noise=0.001)
    facts = {**variant.facts, "factor_per_layer": factor}
    return measured("gradients", replace(variant, facts=facts))


@pytest.mark.parametrize(
    ("factor", "knobs", "expected"),
    [
        (0.2354, {}, "Sigmoid: every layer shrinks the gradient 4.2×"),
        (0.0123, {}, "Sigmoid: every layer shrinks the gradient 81×"),
        (0.95, {"activation": "tanh"}, "Tanh: every layer shrinks the gradient 1.05×"),
        (1.21, {"activation": "relu"}, "ReLU: every layer grows the gradient 1.2×"),
        (1.0, {"activation": "relu"}, "ReLU: every layer keeps the gradient's size"),
        (0.981, {"activation": "gelu"}, "GELU: every layer keeps the gradient's size"),
        (0.7, {"activation": "leaky_relu"}, "Leaky ReLU: gradient shrinks 1.4× per layer"),
        (0.23, {"arch": "cnn"}, "Sigmoid CNN: gradient shrinks 4.3× per layer"),
        (0.62, {"arch": "lstm"}, "LSTM: every step shrinks the gradient 1.6×"),
        (1.2, {"activation": "relu", "norm": "batch"}, "ReLU + batch norm: 1.2× larger per layer"),
        (1e-30, {"depth": 5}, "Sigmoid: gradient shrinks 1e30× per layer"),
        (None, {}, "Sigmoid: no steady change per layer"),
        (None, {"depth": 1}, "Sigmoid: one layer, no factor per layer"),
    ],
)
def test_a_gradient_is_named_by_what_a_layer_does_to_it(
    factor: float | None, knobs: dict[str, Any], expected: str
) -> None:
    assert title(with_factor(factor, **knobs)) == expected


@pytest.mark.parametrize(
    ("values", "factor", "expected"),
    [
        (
            np.r_[np.geomspace(1, 10, 12), np.geomspace(10, 1, 12)],
            1.0,
            "Sigmoid: first and last layer get the same gradient",
        ),
        (np.r_[1e-3, np.ones(23)], 0.74, "Sigmoid: gradient shrinks 1.4× per layer on average"),
    ],
)
def test_every_layer_is_said_only_where_every_layer_does_it(
    values: Any, factor: float, expected: str
) -> None:
    variant = from_signal(DEEP, shuffled(list(values), 16, spread=0.001))
    found = title(
        measured("gradients", replace(variant, facts={**variant.facts, "factor_per_layer": factor}))
    )
    assert "every" not in found
    assert found in {
        expected,
        "Sigmoid: both ends get the same gradient",
        "Sigmoid: shrinks 1.4× per layer on average",
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([np.nan] * 2 + [np.inf] + [1.0] * 21, "Sigmoid: gradient overflows from layer 3 down"),
        ([0.0] * 4 + [1.0] * 20, "Sigmoid: gradient is 0 from layer 4 down"),
        ([0.0] * 24, "Sigmoid: gradient is exactly 0 in every layer"),
        ([1.0] * 23 + [np.inf], "Sigmoid: gradient overflows in layer 24"),
    ],
)
def test_what_is_no_number_is_the_finding(values: list[float], expected: str) -> None:
    assert title(measured("gradients", from_signal(DEEP, shuffled(values, 16)))) == expected


def test_a_comparison_of_architectures_with_one_factor_says_so() -> None:
    cnn, mlp = profile(replace(DEEP, arch="cnn"), 0.234), profile(DEEP, 0.2325)
    assert title(measured("gradients", cnn, mlp)) == "CNN and MLP: the same 4.3× per layer"
    level = [profile(replace(DEEP, arch=arch), 1.0, noise=0.001) for arch in ("mlp", "cnn")]
    assert title(measured("gradients", *level)) == "MLP and CNN: both keep the gradient's size"
    different = profile(replace(DEEP, arch="cnn"), 0.4)
    assert title(measured("gradients", mlp, different)) == "Sigmoid MLP: gradient shrinks 4.3× per layer"


@pytest.mark.parametrize(
    ("other", "start"),
    [
        ({"activation": "relu", "init": "he"}, "Sigmoid: "),
        ({"init": "he"}, "Glorot: "),
        ({"width": 256}, "Width 64: "),
        ({"norm": "batch"}, "No norm: "),
        ({"precision": "float16"}, "float32: "),
    ],
)
def test_the_focus_is_named_by_what_sets_it_apart(other: dict[str, Any], start: str) -> None:
    both = measured("gradients", profile(DEEP, 0.5), profile(replace(DEEP, **other), 0.9))
    assert title(both).startswith(start)


def test_a_difference_is_not_put_down_to_one_of_two_causes() -> None:
    bare = replace(DEEP, arch="transformer", norm="none", skip="none", depth=12)
    normed = replace(bare, norm="layer", skip="residual")
    sample = measured("gradients", profile(normed, 1.02, noise=0.01), profile(bare, 0.55, noise=0.01))
    assert title(sample) == "No norm · no skip: 1.8× smaller per block"
    skipping, other = replace(DEEP, skip="residual"), replace(DEEP, norm="batch")
    sample = measured("gradients", profile(skipping, 1.41, noise=0.01), profile(other, 1.2, noise=0.01))
    assert title(sample) == "No norm · residual: 1.4× larger per layer"
    scaled = replace(DEEP, norm="rms", skip="residual", residual_scale=0.5)
    plain = replace(scaled, norm="none", residual_scale=0.25)
    sample = measured("gradients", profile(scaled, 0.5, noise=0.01), profile(plain, 1.0, noise=0.01))
    assert title(sample) == "RMS norm · residual scale 0.5: ÷2.0 per layer"


def test_a_transformer_is_told_block_by_block() -> None:
    sample = measured("gradients", profile(replace(DEEP, arch="transformer"), 0.8))
    assert "by block, block 1 of 24 is next to the input" in alt(sample)
    assert "layer" not in alt(sample) + title(sample)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (methods(), "Three methods, one gradient: it still vanishes"),
        (methods(first_over_last=1e3), "Three methods, one gradient: it still explodes"),
        (methods(first_over_last=0.5), "Three methods give the same gradient"),
        (methods(agree=False, difference=0.12), "The three methods differ by up to 12 %"),
        (methods(agree=False, difference=1500.0), "The three methods differ by up to 1,500×"),
        (plateau(7), "Each extra layer needs 2.8× more steps"),
        (plateau(1), "1 layer: learning starts after 14 steps"),
        (plateau(5, first=1e6), "Not one depth starts to learn in time"),
        (plateau(5, first=15_000.0, seeds=1), "Deeper than 1 layer, it never starts to learn"),
        (replace(bowls(), variants=bowls().variants[:1]), "Never curves down at 200 of 200 points"),
        (replace(bowls(), variants=bowls().variants[::2]), "Network: curves down at 100 % of the points"),
        (replace(bowls(), variants=bowls().variants[:2]), "Squared error: curves down at 90 % of points"),
    ],
)
def test_other_experiments_state_their_finding(sample: Measurements, expected: str) -> None:
    assert title(sample) == expected


def test_a_share_is_rounded_to_everything_only_if_it_is_everything() -> None:
    values = np.full((1, 1000), -1.0)
    values[0, 0] = 1.0
    network = measured("convexity", curvature(Spec(arch="mlp", depth=1), values))
    assert title(network) == "Network: curves down at over 99 % of points"


def test_the_alternative_text_goes_from_axes_to_conditions() -> None:
    both = measured(
        "gradients", profile(DEEP, 0.236, theory=0.2361), profile(replace(DEEP, activation="relu"), 1.0)
    )
    text = alt(both)
    order = ["Line chart", "Sigmoid falls", "4.2× per layer", "theory: 4.24×", "Context: ReLU", "16 seeds"]
    assert [text.find(words) for words in order] == sorted(text.find(words) for words in order)
    assert all(words in text for words in order)
    assert text.endswith("Conditions: Glorot, MLP, width 64, untrained.")


def test_the_alternative_text_gives_first_and_last_value_of_the_focus() -> None:
    exact = from_signal(replace(DEEP, depth=3, seeds=1), np.array([[1e-9, 1e-6, 1e-3]]))
    assert "from 0.001 at layer 3 to 1e-9 at layer 1" in alt(measured("gradients", exact))


def test_a_trained_network_tells_its_loss() -> None:
    text = alt(measured("gradients", profile(replace(DEEP, steps=300), 0.5)))
    assert "in 300 steps the loss went from 0.69 to 0.021" in text
    assert text.endswith("after 300 steps.")


def test_what_a_faster_machine_buys_is_called_arithmetic() -> None:
    assert "By arithmetic on this, a 10× faster machine buys 2.3 layers." in alt(plateau(7))
    assert "arithmetic" not in alt(plateau(7, growth=1.0))


def test_of_several_lines_the_title_is_that_of_the_one_that_changes_most_and_names_it() -> None:
    relu, sigmoid, tanh = (
        profile(replace(DEEP, activation=name), factor, noise=0.001)
        for name, factor in (("relu", 1.0), ("sigmoid", 0.236), ("tanh", 0.9))
    )
    assert (
        title(measured("gradients", relu, sigmoid, tanh)) == "Sigmoid: every layer shrinks the gradient 4.2×"
    )
    # Of lines that change alike the first one leads.
    same = replace(sigmoid, spec=replace(sigmoid.spec, init="he"))
    assert title(measured("gradients", sigmoid, same)).startswith("Glorot: ")
    lost = from_signal(replace(DEEP, activation="gelu"), shuffled([0.0] * 4 + [1.0] * 20, 16))
    assert title(measured("gradients", sigmoid, lost)) == "GELU: gradient is exactly 0 from layer 4 down"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1.0, 0.96, "Sigmoid CNN: every layer shrinks the gradient"),  # level, and a fall of 1.04×
        (0.985, 0.975, "Sigmoid CNN: every layer shrinks"),  # hardly apart, but on both sides of the limit
        (0.5, 0.52, "Sigmoid MLP: "),
        (0.5, 0.505, "MLP and CNN: the same 2.0× per layer"),
    ],
)
def test_two_factors_are_the_same_only_if_neither_is_a_change_beside_the_other(
    one: float, other: float, expected: str
) -> None:
    variants = [profile(replace(DEEP, arch=arch), 0.9, noise=0.0001) for arch in ("mlp", "cnn")]
    exact = [
        replace(variant, facts={**variant.facts, "factor_per_layer": factor})
        for variant, factor in zip(
            [profile(v.spec, f, noise=0.0001) for v, f in zip(variants, (one, other), strict=True)],
            (one, other),
            strict=True,
        )
    ]
    assert not title(measured("gradients", *exact)).startswith("MLP and CNN: the same 1")
    found = title(measured("gradients", *exact))
    assert found.split(":")[0] == expected.split(":", maxsplit=1)[0]


def test_a_trend_that_the_seeds_do_not_share_is_none() -> None:
    spec = replace(DEEP, activation="relu")
    random = np.random.default_rng(1)
    signal = np.exp(np.linspace(0, 1, 24) * random.normal(0.5, 2.0, 16)[:, None])
    found = title(measured("gradients", from_signal(spec, signal)))
    shrunk = int((signal[:, 0] < signal[:, -1]).sum())
    assert 8 <= shrunk < 16
    assert found == f"ReLU: gradient shrinks in {shrunk} of 16 seeds"


def test_cards_of_several_networks_name_them() -> None:
    sample = methods()
    other = replace(sample.variants[0], spec=replace(sample.variants[0].spec, activation="tanh"))
    both = measured("differentiation", sample.variants[0], replace(other, label=""))
    titles = [plot.title for plot in draw(both)]
    assert titles == ["Sigmoid: three methods, it still vanishes", "Tanh: three methods, it still vanishes"]
