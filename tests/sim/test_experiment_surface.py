"""The experiment `surface`: the loss on a slice, against networks that are moved by hand."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from network_oracles import Student
from plot_samples import measured
from sim_oracles import drawn, only

from sim.experiments import surface
from sim.experiments.surface import FLAT, SIDE
from sim.measurements import Array, Measurements, Series
from sim.passes import Reading
from sim.replicas import Replicas, draw
from sim.slices import Slice, directions, hidden_only, moves
from sim.spec import Spec
from sim.training import train

MIDDLE = SIDE // 2
SMALL = "seeds=3 batch=8 float64"
NETWORKS = (
    "tanh 3x6",
    "relu he 2x5 data=spirals loss=ce",
    "sigmoid 2x4 loss=mse init=torch data=blobs",
    "relu 3x4 skip=residual norm=batch data=blobs",
    "tanh 2x4 skip=highway norm=layer",
    "cnn 2x3 image=4 init=torch norm=batch",
    "cnn 2x3 data=digits loss=ce batch=20",
)


def moved(
    spec: Spec, chunk: Replicas, replica: int, point: tuple[float, float], *, head: bool = True
) -> float:
    """Return the loss of torch's own modules after a step along the directions."""
    student = Student(spec, chunk, replica)
    x, y = point
    with torch.no_grad():
        for slot, d, e in zip(chunk.parameters.slots, *directions(spec, chunk), strict=True):
            if head or slot.name != "head":
                step = x * d[replica] + y * e[replica]
                student.named[slot.name, slot.layer].add_(step.movedim(-1, 0))
        return float(student.loss())


@pytest.mark.parametrize("words", NETWORKS)
def test_a_point_of_the_map_is_the_loss_of_a_network_moved_there(words: str) -> None:
    spec, chunk = drawn(f"{words} {SMALL}" if "batch=" not in words else f"{words} seeds=3 float64")
    variant = only("surface", spec.text)
    at = variant.series["at"].values
    for replica, row, column in ((0, 0, 0), (1, 3, 17), (2, 20, 11), (2, MIDDLE, 2)):
        expected = moved(spec, chunk, replica, (float(at[column]), float(at[row])))
        found = float(variant.series["loss"].values[replica, row, column])
        assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("words", NETWORKS[:3])
def test_the_line_of_the_hidden_layers_leaves_the_output_layer_where_it_is(words: str) -> None:
    spec, chunk = drawn(f"{words} {SMALL}")
    variant = only("surface", spec.text)
    at, hidden = variant.series["at"].values, variant.series["hidden"].values
    for replica, place in ((0, 0), (1, 13), (2, 20)):
        expected = moved(spec, chunk, replica, (float(at[place]), 0.0), head=False)
        assert float(hidden[replica, place]) == pytest.approx(expected, rel=1e-9)
    centre = variant.series["loss"].values[:, MIDDLE, MIDDLE]
    np.testing.assert_allclose(hidden[:, MIDDLE], centre, rtol=1e-12)


@pytest.mark.parametrize(
    "words", ["tanh 3x6", "cnn 2x3 image=4", "lstm 4x3", "arch=transformer 2x4", "arch=logistic data=blobs"]
)
def test_the_middle_of_the_map_is_the_batch_loss(words: str) -> None:
    text = f"{words} {SMALL}"
    spec, chunk = drawn(text)
    readings: list[Reading] = []

    def observe(_step: int, reading: Reading) -> bool:
        readings.append(reading)
        return False

    train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    middle = only("surface", text).series["loss"].values[:, MIDDLE, MIDDLE]
    np.testing.assert_allclose(middle, readings[-1].loss.numpy(), rtol=1e-12)


def test_after_training_the_middle_is_the_last_loss() -> None:
    text = f"tanh 2x6 data=blobs steps=30 optimizer=adam lr=0.03 {SMALL}"
    last = only("training", text).series["loss"].values[:, -1]
    variant = only("surface", text)
    np.testing.assert_allclose(variant.series["loss"].values[:, MIDDLE, MIDDLE], last, rtol=1e-9)
    assert last.max() < 0.5 * variant.facts["plateau"]


@pytest.mark.parametrize(
    "words",
    ["tanh 3x6 init=torch norm=layer", "cnn 2x3 image=4 norm=batch", "gru 4x3", "arch=transformer 2x4"],
)
def test_every_filter_of_a_direction_is_as_large_as_the_networks_own(words: str) -> None:
    spec, chunk = drawn(f"{words} {SMALL}")
    for direction in directions(spec, chunk):
        for slot, weights, d in zip(chunk.parameters.slots, chunk.parameters.tensors, direction, strict=True):
            if "bias" in slot.name or "scale" in slot.name or "shift" in slot.name:
                assert not d.any()
                continue
            for replica in range(spec.seeds):
                for unit in range(weights.shape[-1]):
                    own, other = (np.linalg.norm(one[replica, ..., unit].numpy()) for one in (weights, d))
                    assert float(other) == pytest.approx(float(own), rel=1e-12)


def test_directions_are_random_and_every_replica_has_its_own() -> None:
    spec, chunk = drawn("3x64 seeds=4 batch=2")
    first, second = (
        torch.cat([d.flatten(1) for d in direction], dim=1).double() for direction in directions(spec, chunk)
    )
    weights = torch.cat([w.flatten(1) for w in chunk.parameters.tensors], dim=1).double()
    everything = torch.cat([first, second, weights])
    everything = everything / torch.sqrt(everything.square().sum(dim=1, keepdim=True))
    cosines = (everything @ everything.T - torch.eye(12)).abs()
    # Of 12,352 numbers: cosines of independent directions have a standard deviation of 0.009.
    assert float(cosines.max()) < 0.05


def test_a_replica_has_the_same_map_alone() -> None:
    together = only("surface", "tanh 2x6 seeds=4 batch=8").series["loss"].values
    alone = only("surface", "tanh 2x6 seeds=1 seed=2 batch=8").series["loss"].values
    np.testing.assert_allclose(alone[0], together[2], rtol=1e-5)


@pytest.mark.parametrize("words", ["tanh 2x6 seeds=3 batch=8", "cnn 2x3 image=4 seeds=3 batch=8"])
def test_how_many_points_are_evaluated_at_once_changes_no_number(words: str) -> None:
    spec = Spec.parse(words)
    whole = only("surface", words).series["loss"].values
    x = torch.linspace(-1, 1, SIDE, dtype=torch.float64)
    rows: list[Array] = []
    for chunk in draw(spec, chunk_bytes=1):
        one = Slice(spec, chunk, directions(spec, chunk), together_bytes=1)
        assert (len(chunk.numbers), one.together) == (1, 1)
        points = [one.at(x[[column]], x[[row]]) for row in (0, 13) for column in range(SIDE)]
        rows.append(torch.cat(points, dim=1).reshape(1, 2, SIDE).numpy())
    np.testing.assert_allclose(np.concatenate(rows), whole[:, [0, 13]], rtol=1e-5)


def test_a_map_is_the_same_every_time() -> None:
    text = "relu 2x6 seeds=2 batch=8 steps=3"
    one, other = (only("surface", text).series["loss"].values for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_drawing_directions_moves_no_weight() -> None:
    spec, chunk = drawn("tanh 2x6 seeds=2 batch=8")
    before = chunk.parameters.flat.clone()
    pair = directions(spec, chunk)
    Slice(spec, chunk, pair).at(torch.ones(1), torch.ones(1))
    assert torch.equal(before, chunk.parameters.flat)
    assert any(d.any() for d in pair[0])
    assert not hidden_only(chunk, pair[0])[-3].any()


def facts_of(loss: Array, **knobs: Any) -> dict[str, Any]:
    """Return the facts that the experiment derives from a map."""
    spec = Spec.from_json(Spec(seeds=len(loss)).to_json() | knobs)
    series = {"loss": Series(axes=("replica", "row", "column"), values=loss)}
    return surface._facts(spec, series)  # pyright: ignore[reportPrivateUsage]


def constant(value: float, seeds: int = 1) -> Array:
    return np.full((seeds, SIDE, SIDE), value)


def test_the_facts_are_those_of_the_replica_with_the_median_change() -> None:
    loss = constant(0.5, seeds=4)
    loss[:, 0, 0] = [5.0, 1.0, 0.75, 2.0]
    loss[:, 0, 1] = 0.25
    facts = facts_of(loss, seed=7)
    assert (facts["replica"], facts["seed"]) == (3, 10)
    assert (facts["centre"], facts["lowest"], facts["highest"]) == (0.5, 0.25, 2.0)
    assert facts["change"] == 3.5
    assert facts["below"] == 1 / (SIDE**2 - 1)
    changes = [9.5, 1.5, 1.0, 3.5]
    assert facts["change_low"] == pytest.approx(np.quantile(changes, 0.1))
    assert facts["change_high"] == pytest.approx(np.quantile(changes, 0.9))
    assert facts["line_change"] == 0.0
    assert facts["plateau"] == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    ("centre", "corner", "shape"),
    [
        (0.5, 0.5, "flat"),
        (0.5, 0.5 * (1 + 0.9 * FLAT), "flat"),
        (0.5, 0.6, "bowl"),
        (0.5, 0.49, "flat"),
        (0.5, 0.4, "slope"),
        (0.9, 0.7, "guessing"),
        (0.9, 0.6, "slope"),
        (0.7, 30.0, "guessing"),
        (0.0, 1.0, "bowl"),
        (0.0, 0.0, "flat"),
        (0.5, np.inf, "overflow"),
        (0.5, np.nan, "overflow"),
    ],
)
def test_the_shape_is_told_by_the_middle_and_the_extremes(centre: float, corner: float, shape: str) -> None:
    loss = constant(centre)
    loss[0, 0, 0] = corner
    assert facts_of(loss)["shape"] == shape


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_counts_as_highest(value: float) -> None:
    loss = constant(0.5)
    loss[0, :2] = value
    facts = facts_of(loss)
    assert facts["highest"] == np.inf
    assert facts["lowest"] == 0.5
    assert facts["change"] is None
    assert facts["overflow"] == 2 / SIDE
    loss[:] = value
    facts = facts_of(loss)
    assert (facts["shape"], facts["overflow"], facts["below"]) == ("lost", 1.0, 0.0)


def test_a_network_that_overflows_is_a_result() -> None:
    variant = only("surface", "relu he gain=100 60x8 seeds=2 batch=4")
    assert variant.facts["shape"] == "lost"
    shown = variant.series["loss"].values[variant.facts["replica"]]
    assert not np.isfinite(shown[MIDDLE, MIDDLE])
    assert variant.facts["overflow"] == np.mean(~np.isfinite(shown))
    back = Measurements.from_json(json.loads(json.dumps(measured("surface", variant).to_json())))
    assert back.variants[0].facts["centre"] == np.inf


def test_weights_of_zero_have_directions_of_zero() -> None:
    variant = only("surface", "init=zeros 3x4 seeds=2 batch=4")
    assert variant.facts["change"] == 0
    assert variant.facts["shape"] == "flat"
    np.testing.assert_allclose(variant.series["loss"].values, np.log(2), rtol=1e-6)


def test_logistic_regression_has_a_convex_map_and_no_hidden_layers() -> None:
    variant = only("surface", "arch=logistic data=blobs seeds=2 batch=32 float64")
    loss = variant.series["loss"].values
    for axis in (1, 2):
        assert (np.diff(loss, n=2, axis=axis) > 0).all()
    assert "hidden" not in variant.series
    assert "hidden_change" not in variant.facts
    assert (variant.facts["dimensions"], variant.facts["moved"]) == (3, 2)


def test_the_numbers_of_dimensions_are_those_of_the_networks_tensors() -> None:
    spec, chunk = drawn("cnn 2x3 image=4 norm=batch seeds=1 batch=4")
    facts = only("surface", spec.text).facts
    everything = sum(tensor[0].numel() for tensor in chunk.parameters.tensors)
    weights = [
        t for slot, t in zip(chunk.parameters.slots, chunk.parameters.tensors, strict=True) if moves(slot)
    ]
    assert facts["dimensions"] == everything
    assert facts["moved"] == sum(tensor[0].numel() for tensor in weights) == 3 * 27 + 3 * 27 + 48


def test_the_upper_layers_of_a_deep_sigmoid_network_alone_change_its_loss() -> None:
    facts = only("surface", "sigmoid 12x24 seeds=5 batch=32").facts
    assert facts["hidden_change"] < 0.1
    assert facts["shape"] in {"guessing", "flat"}


def test_progress_is_told_up_to_the_end() -> None:
    told: list[float] = []
    spec = Spec.parse("tanh 2x4 seeds=2 batch=4 steps=40")
    surface.run([spec, Spec.parse("relu 2x4 seeds=2 batch=4")], lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_shapes_and_sizes_are_counted_over_all_seeds() -> None:
    variant = only("surface", "relu he 4x16 skip=residual data=blobs seeds=7 batch=16")
    loss, facts = variant.series["loss"].values, variant.facts
    together, maps = facts["over_seeds"], loss.reshape(7, -1)
    centres = loss[:, MIDDLE, MIDDLE]
    assert sum(together["shapes"].values()) == 7
    assert together["shapes"][facts["shape"]] >= 1
    assert together["beats_guessing"] == int((maps.min(axis=1) < facts["plateau"]).sum())
    assert together["rise"] == pytest.approx(float(np.median(maps.max(axis=1) / centres)) - 1)
    assert together["fall"] == pytest.approx(1 - float(np.median(maps.min(axis=1) / centres)))
    assert together["below"] == pytest.approx(float(np.median((maps < centres[:, None]).sum(axis=1))) / 440)
    assert together["overflow"] == 0
