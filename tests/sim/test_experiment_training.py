"""Experiment `training`: its series against a loop that is written by hand, and its verdicts."""

import json
import math
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest
import torch
from network_oracles import Student
from sim_oracles import drawn, gradient, only, rms, run
from torch import Tensor

from sim import report
from sim.experiments import training
from sim.measurements import Array, Measurements, Variant
from sim.plots import wording
from sim.spec import Spec


@dataclass
class Watched:
    """What a student notes down while one network trains."""

    loss: list[float] = field(default_factory=list[float])
    updates: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    signals: list[Array] = field(default_factory=list[Array])
    weights: list[Array] = field(default_factory=list[Array])
    moved: list[float] = field(default_factory=list[float])
    accuracy: float = 0.0


def trained_by_hand(spec: Spec, student: Student) -> Watched:
    """Train one network by full-batch gradient descent, one step after the other."""
    seen = Watched()
    start = own_weights(spec, student)
    for step in range(spec.steps + 1):
        signal, weight = student.measure()
        seen.signals.append(signal)
        seen.weights.append(weight)
        seen.loss.append(float(student.loss().detach()))
        if step == spec.steps:
            break
        before = own_weights(spec, student)
        student.net.zero_grad()
        torch.autograd.backward(student.loss())
        with torch.no_grad():
            for parameter in student.net.parameters():
                parameter.sub_(spec.lr * gradient(parameter))
        after = own_weights(spec, student)
        seen.updates.append((relative(after[0], before[0]), relative(after[-1], before[-1])))
    seen.moved = [relative(new, old) for new, old in zip(own_weights(spec, student), start, strict=True)]
    answers = student.net(student.inputs).detach()
    classes = answers.argmax(dim=1) if spec.loss == "ce" else (answers[:, 0] > 0).long()
    seen.accuracy = float((classes == student.labels).double().mean())
    return seen


def own_weights(spec: Spec, student: Student) -> list[Tensor]:
    """Copy the weights of every layer, those of a gate behind those of its layer."""
    names = ("weight", "gate") if spec.skip == "highway" else ("weight",)
    layers = range(1, spec.depth + 1)
    return [
        torch.cat([student.named[name, layer].detach().flatten() for name in names]).clone()
        for layer in layers
    ]


def relative(new: Tensor, old: Tensor) -> float:
    return rms(new - old) / rms(old)


def values(variant: Variant, name: str) -> Array:
    return variant.series[name].values


RUNS = (
    "tanh 3x6 lr=0.3 data=blobs",
    "relu he 4x5 lr=0.05 loss=ce data=spirals",
    "sigmoid 2x8 norm=batch skip=residual lr=0.5 mse",
    "gelu 3x4 norm=layer skip=highway lr=0.2 data=xor",
    "cnn tanh 2x3 image=4 lr=0.1 norm=group",
    "elu 2x4 skip=dense lr=0.1 data=parity",
)


@pytest.mark.parametrize("words", RUNS)
def test_every_series_is_what_a_loop_over_plain_modules_sees(words: str) -> None:
    text = f"{words} steps=9 batch=8 seeds=3 float64"
    variant = only("training", text)
    spec, chunk = drawn(text)
    seen = [trained_by_hand(spec, Student(spec, chunk, replica)) for replica in range(spec.seeds)]
    everywhere = list(range(spec.steps + 1))
    for name, last in (("loss_steps", 10), ("heat_steps", 10), ("update_steps", 9)):
        assert values(variant, name).tolist() == everywhere[:last]
    same = partial(np.testing.assert_allclose, rtol=1e-7, atol=1e-13)
    same(values(variant, "loss"), [one.loss for one in seen])
    updates = np.array([one.updates for one in seen])
    same(values(variant, "update_first"), updates[:, :, 0])
    same(values(variant, "update_last"), updates[:, :, 1])
    same(values(variant, "moved"), [one.moved for one in seen])
    signals, weights = np.array([one.signals for one in seen]), np.array([one.weights for one in seen])
    same(values(variant, "heat"), np.median(signals, axis=0))
    for name, profiles in (("signal", signals), ("weight", weights)):
        same(values(variant, name), profiles[:, -1])
        same(values(variant, f"{name}_start"), profiles[:, 0])
    assert values(variant, "accuracy").tolist() == [one.accuracy for one in seen]


def test_the_facts_are_those_of_the_series() -> None:
    variant = only("training", "tanh 3x6 lr=0.5 loss=ce data=spirals steps=40 seeds=5 float64")
    facts = variant.facts
    loss = np.median(values(variant, "loss"), axis=0)
    ends = values(variant, "loss")[:, -1]
    assert facts["loss"] == {
        "first": float(loss[0]),
        "last": float(loss[-1]),
        "last_low": pytest.approx(float(np.quantile(ends, 0.1))),
        "last_high": pytest.approx(float(np.quantile(ends, 0.9))),
        "seeds_learnt": int((ends < 0.9 * math.log(3)).sum()),
        "plateau": math.log(3),
        "steps": 40,
    }
    assert facts["chance"] == 1 / 3
    assert facts["accuracy"] == float(np.median(values(variant, "accuracy")))
    assert facts["moved"] == np.median(values(variant, "moved"), axis=0).tolist()
    assert facts["learnt"] == (facts["loss"]["last"] < 0.9 * math.log(3))
    assert facts["diverged"] is False
    first = np.median(values(variant, "signal_start"), axis=0)
    assert facts["start"]["first_over_last"] == pytest.approx(float(first[0] / first[-1]))
    assert facts["first"] == float(np.median(values(variant, "signal"), axis=0)[0])
    assert facts["update"] == {
        **{name: float(np.median(values(variant, f"update_{name}")[:, 0])) for name in ("first", "last")},
        "by_layer": np.median(values(variant, "update_layers"), axis=0).tolist(),
    }


@pytest.mark.parametrize("words", [RUNS[1], RUNS[3], RUNS[4], "lstm 4x3 data=recall lr=0.1"])
def test_the_first_update_of_every_layer_is_what_one_step_changes(words: str) -> None:
    variant = only("training", f"{words} steps=3 batch=8 seeds=3 float64")
    after = only("training", f"{words} steps=1 batch=8 seeds=3 float64")
    np.testing.assert_allclose(values(variant, "update_layers"), values(after, "moved"), rtol=1e-12)
    found = values(variant, "update_layers")[:, [0, -1]].T
    ends = [values(variant, f"update_{name}")[:, 0] for name in ("first", "last")]
    np.testing.assert_allclose(found, ends, rtol=1e-12)


def test_the_dead_share_is_that_of_a_network_measured_before_and_after_training() -> None:
    text = "relu he 4x8 batch=32 seeds=6 lr=3 data=spirals"
    facts = only("training", f"{text} steps=30").facts
    before, after = (only("gradients", f"{text} steps={steps}").facts for steps in (0, 30))
    assert facts["start"]["dead_share"] == before["dead_share"]
    assert facts["dead_share"] == after["dead_share"]
    assert facts["dead_share"] > facts["start"]["dead_share"]


def test_the_dead_share_is_not_known_where_looking_would_cost_noise_or_a_cell_has_no_one_activation() -> None:
    for words in ("noisy_relu he 3x8", "lstm 3x4 data=recall"):
        facts = only("training", f"{words} steps=2 batch=8 seeds=2").facts
        assert (facts["dead_share"], facts["start"]["dead_share"]) == (None, None)


def test_the_words_for_a_layer_that_stood_still_use_the_limit_of_the_experiment() -> None:
    assert training.STILL == wording.UNMOVED


LONG = "tanh he 3x4 data=xor lr=0.2 batch=8 seeds=4 float64"


def test_a_long_run_keeps_as_much_as_a_card_shows_from_the_first_step_to_the_last() -> None:
    variant = only("training", f"{LONG} steps=300")
    axes = {"loss": 101, "update": 100, "heat": 41}
    for name, count in axes.items():
        steps = values(variant, f"{name}_steps")
        assert len(steps) == count
        assert steps[0] == 0
        assert (np.diff(steps) > 0).all()
    assert values(variant, "loss_steps")[-1] == values(variant, "heat_steps")[-1] == 300
    assert values(variant, "update_steps")[-1] < 300
    assert {name: values(variant, name).shape for name in ("loss", "update_last", "heat", "moved")} == {
        "loss": (4, 101),
        "update_last": (4, 100),
        "heat": (41, 3),
        "moved": (4, 3),
    }


def test_the_heat_at_a_step_is_what_a_run_that_ends_there_measures() -> None:
    variant = only("training", f"{LONG} steps=100")
    kept = values(variant, "heat_steps").astype(int).tolist()
    for place in (1, 17, len(kept) - 1):
        stopped = only("gradients", f"{LONG} steps={kept[place]}")
        expected = np.median(stopped.series["signal"].values, axis=0)
        np.testing.assert_allclose(values(variant, "heat")[place], expected, rtol=1e-9)


def test_an_update_between_two_records_is_that_of_a_single_step() -> None:
    variant = only("training", f"{LONG} steps=250")
    place = 5
    step = int(values(variant, "update_steps")[place])
    assert step > place
    spec, chunk = drawn(LONG + f" steps={step + 1}")
    for replica in range(spec.seeds):
        first, last = trained_by_hand(spec, Student(spec, chunk, replica)).updates[step]
        assert values(variant, "update_first")[replica, place] == pytest.approx(first, rel=1e-7)
        assert values(variant, "update_last")[replica, place] == pytest.approx(last, rel=1e-7)


TEN = "10x32 data=spirals loss=ce lr=0.1 steps=150 seeds=3 batch=150"


def test_the_low_layers_of_a_deep_sigmoid_network_stand_still_and_all_of_a_relu_network_move() -> None:
    sigmoid, relu = run("training", f"{TEN} sigmoid vs relu he").variants
    still = sigmoid.facts["still_layers"]
    assert still == list(range(1, len(still) + 1))
    assert 3 <= len(still) < 10
    assert sigmoid.facts["learnt"] is False
    assert sigmoid.facts["accuracy"] < 0.5
    assert relu.facts["still_layers"] == []
    assert relu.facts["learnt"] is True
    assert relu.facts["accuracy"] > 0.6
    assert relu.facts["update"]["first"] > 1e3 * sigmoid.facts["update"]["first"]


@pytest.mark.parametrize(
    "words",
    [
        "relu he gain=3 10x16 lr=1000",
        "linear 4x8 lr=1000 mse data=xor",
        "relu he 6x8 lr=1000 momentum=0.999 loss=ce",
        "relu he 6x8 lr=1000 float16",
        "gelu gain=1000 8x8 lr=1000 bfloat16",
    ],
)
def test_a_run_that_diverges_gives_facts_and_no_exception(words: str) -> None:
    measurements = run("training", f"{words} steps=40 seeds=3 batch=16")
    variant = measurements.variants[0]
    text = json.dumps(measurements.to_json(), allow_nan=False)
    assert json.dumps(Measurements.from_json(json.loads(text)).to_json(), allow_nan=False) == text
    json.dumps(report.to_json(measurements), allow_nan=False)
    end = float(variant.facts["loss"]["last"])
    assert variant.facts["diverged"] == (not math.isfinite(end))
    assert variant.facts["learnt"] == (end < 0.9 * variant.facts["loss"]["plateau"])
    assert 0 <= variant.facts["accuracy"] <= 1


def test_a_loss_that_is_no_number_is_called_diverged() -> None:
    facts = only("training", "relu he gain=3 10x16 lr=1000 steps=40 seeds=3").facts
    assert facts["diverged"] is True
    assert facts["learnt"] is False
    assert facts["overflow_layers"] == list(range(1, 11))
    assert facts["start"]["overflow_layers"] == []
    assert facts["accuracy"] == 0.0


def test_weights_of_zero_whose_gradient_is_zero_stand_still() -> None:
    facts = only("training", "tanh init=zeros 3x4 steps=5 seeds=2").facts
    assert facts["still_layers"] == [1, 2, 3]
    assert facts["moved"] == [0.0, 0.0, 0.0]


def test_what_is_published_of_a_training_run() -> None:
    measurements = run("training", "tanh 2x4 lr=0.3 steps=5 seeds=3 data=blobs")
    (published,) = report.to_json(measurements)["variants"]
    training = published["training"]
    assert (training["steps"], training["at"]) == (5, [0, 1, 2, 3, 4, 5])
    assert len(training["loss"]["median"]) == 6
    assert len(training["update_first"]["p90"]) == 5
    assert len(training["moved"]["p10"]) == 2
    assert training["accuracy"] == measurements.variants[0].facts["accuracy"]
    assert training["still_layers"] == measurements.variants[0].facts["still_layers"]
