"""Experiment `learning_rate`: every point against a run of its own, and what the sweep concludes."""

import math

import numpy as np
import pytest
import torch
from network_oracles import Student
from sim_oracles import by_layer, drawn, gradient, only, run

from sim.experiments.learning_rate import RATES
from sim.measurements import Array, Variant

SMALL = "tanh 3x5 data=xor batch=8 seeds=3 steps=6 float64"


def values(variant: Variant, name: str) -> Array:
    return variant.series[name].values


def test_the_rates_are_half_decades_from_a_thousandth_to_thirty() -> None:
    assert [RATES[0], RATES[2], RATES[6]] == [0.001, 0.01, 1.0]
    ratios = np.diff(np.log10(RATES))
    np.testing.assert_allclose(ratios, 0.5, atol=0.01)
    assert 30 <= RATES[-1] <= 32


def test_every_series_has_one_loss_per_replica_and_rate() -> None:
    variant = only("learning_rate", SMALL)
    assert values(variant, "rates").tolist() == list(RATES)
    for way in ("loss", "loss_by_layer"):
        assert variant.series[way].axes == ("replica", "point")
        assert values(variant, way).shape == (3, len(RATES))


@pytest.mark.parametrize("words", [SMALL, "relu he 3x4 data=spirals ce adam batch=9 seeds=2 steps=5 float64"])
def test_every_point_is_the_end_of_a_training_run_with_that_rate(words: str) -> None:
    variant = only("learning_rate", words)
    growth = variant.facts["growth_by_layer"]
    for place in (0, 3, 7):
        for way, more in (("loss", ""), ("loss_by_layer", f" layer_lr={growth!r}")):
            ended = only("training", f"{words} lr={RATES[place]!r}{more}").series["loss"].values[:, -1]
            np.testing.assert_allclose(values(variant, way)[:, place], ended, rtol=1e-9)


def test_a_point_is_where_plain_descent_by_hand_ends() -> None:
    variant = only("learning_rate", SMALL)
    growth, place = variant.facts["growth_by_layer"], 5
    for way, factor in (("loss", 1.0), ("loss_by_layer", growth)):
        spec, chunk = drawn(SMALL)
        for replica in range(spec.seeds):
            student = Student(spec, chunk, replica)
            for _ in range(spec.steps):
                student.net.zero_grad()
                torch.autograd.backward(student.loss())
                with torch.no_grad():
                    for (_name, layer), parameter in student.named.items():
                        faster = factor ** max(spec.depth - layer, 0)
                        parameter.sub_(RATES[place] * faster * gradient(parameter))
            end = float(student.loss().detach())
            assert values(variant, way)[replica, place] == pytest.approx(end, rel=1e-7)


def test_with_rates_by_layer_the_first_updates_of_both_ends_are_equally_large() -> None:
    text = "sigmoid 6x16 batch=16 seeds=1 steps=1 float64"
    growth = only("learning_rate", text).facts["growth_by_layer"]
    spec, chunk = drawn(text)
    _, weight = by_layer(spec, chunk)
    assert growth > 2
    assert float(weight[0, 0]) * growth ** (spec.depth - 1) == pytest.approx(float(weight[0, -1]), rel=1e-9)


def test_the_growth_is_the_median_of_the_replicas() -> None:
    text = "tanh 4x8 batch=8 seeds=5 steps=1 float64"
    spec, chunk = drawn(text)
    _, weight = by_layer(spec, chunk)
    falls = np.exp(np.mean(np.diff(np.log(weight), axis=1), axis=1))
    assert only("learning_rate", text).facts["growth_by_layer"] == pytest.approx(float(np.median(falls)))


def test_the_verdicts_are_those_of_the_medians() -> None:
    for way in ("one_rate", "by_layer"):
        variant = only("learning_rate", "relu he 4x16 data=spirals ce steps=60 seeds=3")
        loss = values(variant, "loss" if way == "one_rate" else "loss_by_layer")
        middle = np.median(np.where(np.isfinite(loss), loss, np.inf), axis=0)
        facts, plateau = variant.facts[way], math.log(3)
        assert facts["best_loss"] == float(middle.min())
        assert facts["best_rate"] == RATES[int(np.argmin(middle))]
        assert facts["rates_that_learn"] == [
            r for r, m in zip(RATES, middle, strict=True) if m < 0.9 * plateau
        ]
        assert facts["rates_that_diverge"] == [
            r for r, m in zip(RATES, middle, strict=True) if not m < 2 * plateau
        ]
        assert facts["learns"] == bool(facts["rates_that_learn"])


def test_no_single_rate_makes_a_deep_sigmoid_network_learn_and_several_do_for_relu() -> None:
    common = "10x32 data=spirals ce steps=100 seeds=3"
    sigmoid, relu = run("learning_rate", f"{common} sigmoid vs relu he").variants
    assert sigmoid.facts["one_rate"]["learns"] is False
    assert len(relu.facts["one_rate"]["rates_that_learn"]) >= 2
    assert relu.facts["one_rate"]["rates_that_diverge"]
    assert sigmoid.facts["growth_by_layer"] > 3
    assert relu.facts["growth_by_layer"] < 2


def test_a_run_that_diverges_is_infinite_or_no_number_and_never_the_best() -> None:
    variant = only("learning_rate", "relu he gain=1.5 6x16 steps=30 seeds=3 data=xor")
    assert not np.isfinite(values(variant, "loss")[:, -1]).any()
    assert RATES[-1] in variant.facts["one_rate"]["rates_that_diverge"]
    assert math.isfinite(variant.facts["one_rate"]["best_loss"])


@pytest.mark.parametrize("words", ["sigmoid 100x4", "sigmoid 200x2 gain=0.1", "sigmoid 60x4 float16"])
def test_rates_by_layer_of_a_very_deep_network_stay_finite(words: str) -> None:
    variant = only("learning_rate", f"{words} steps=2 seeds=2 batch=4")
    depth = variant.spec.depth
    assert variant.facts["growth_by_layer"] ** (depth - 1) <= 1e30
    # The lowest rate changes next to nothing where the gradient vanishes: the loss stays what it was.
    assert np.isfinite(values(variant, "loss_by_layer")[:, 0]).all()


def test_a_network_of_one_layer_or_without_a_gradient_has_one_rate_for_all() -> None:
    for words in ("tanh 1x4", "tanh init=zeros 3x4"):
        variant = only("learning_rate", f"{words} steps=2 seeds=2 batch=4")
        assert variant.facts["growth_by_layer"] == 1.0
        np.testing.assert_array_equal(values(variant, "loss"), values(variant, "loss_by_layer"))
