"""The experiment `speed`: steps to leave the plateau, and what a faster machine buys."""

# pyright: reportPrivateUsage=false
# The arithmetic on steps is tested with steps that no run gives.

import json
import math

import numpy as np
import pytest
from sim_oracles import only

from sim.experiments import speed
from sim.measurements import Variant
from sim.spec import Spec

TEXT = "sigmoid 3x12 data=blobs seeds=3 batch=16 lr=2 steps=150"


@pytest.fixture(scope="module")
def learned() -> Variant:
    """Return three depths that all leave their plateau."""
    return only("speed", TEXT)


def test_each_depth_counts_the_steps_until_the_loss_is_below_its_share_of_the_plateau(
    learned: Variant,
) -> None:
    steps = learned.series["steps"]
    assert (steps.axes, steps.values.shape) == (("replica", "depth"), (3, 3))
    for depth in (1, 2, 3):
        curves = only("gradients", TEXT.replace("3x12", f"{depth}x12")).series["loss"].values
        below = curves < 0.9 * math.log(2)
        expected = np.where(below.any(axis=1), below.argmax(axis=1), np.nan)
        np.testing.assert_array_equal(steps.values[:, depth - 1], expected)


def test_depth_costs_more_than_proportionally_many_steps(learned: Variant) -> None:
    facts = learned.facts
    first, second, third = facts["steps_median"]
    assert first < second < third
    assert third / second > 1.5
    assert facts["first"] == first
    assert facts["last"] == third


def test_the_growth_is_the_least_squares_line_through_the_logarithms(learned: Variant) -> None:
    facts = learned.facts
    logs = np.log(facts["steps_median"])
    slope = float(np.sum((np.arange(3) - 1) * logs) / 2)
    assert facts["growth_per_layer"] == pytest.approx(math.exp(slope), rel=1e-9)


def test_a_faster_machine_buys_the_logarithm_of_its_speed(learned: Variant) -> None:
    facts = learned.facts
    growth = facts["growth_per_layer"]
    assert facts["layers_for_10x"] == pytest.approx(math.log(10) / math.log(growth))
    assert facts["layers_for_100x"] == pytest.approx(2 * facts["layers_for_10x"])
    assert facts["layers_bought"] == {"10": facts["layers_for_10x"], "100": facts["layers_for_100x"]}


@pytest.mark.parametrize(
    ("growth", "layers"),
    [(2.8, math.log(50) / math.log(2.8)), (1.04, None), (0.5, None), (1.0, None), (None, None)],
)
def test_layers_are_bought_only_where_depth_costs_steps(growth: float | None, layers: float | None) -> None:
    assert speed._layers_bought(50, growth) == (layers if layers is None else pytest.approx(layers))


def test_fifty_times_the_speed_buys_less_than_four_sigmoid_layers() -> None:
    # Steps 5/13/42/116/318/888 for 1 to 6 layers, measured for this project.
    steps = np.array([5.0, 13.0, 42.0, 116.0, 318.0, 888.0])
    growth = speed._growth(np.arange(1.0, 7.0), steps)
    assert growth == pytest.approx(2.8, abs=0.05)
    assert speed._layers_bought(50, growth) == pytest.approx(3.8, abs=0.1)


@pytest.mark.parametrize("medians", [[], [7.0]])
def test_a_line_needs_two_points(medians: list[float]) -> None:
    assert speed._growth(np.arange(1.0, 1 + len(medians)), np.array(medians)) is None


def test_a_plateau_that_is_never_left_is_nan_and_null() -> None:
    variant = only("speed", "sigmoid 3x8 data=blobs seeds=3 batch=16 lr=0.000001 steps=3")
    facts = variant.facts
    assert np.isnan(variant.series["steps"].values).any()
    never = np.isnan(variant.series["steps"].values).mean(axis=0)
    assert facts["never_left"] == never.tolist()
    for share, median, seconds in zip(never, facts["steps_median"], facts["seconds_to_leave"], strict=True):
        assert (median is None) == (share > 0.5)
        assert (seconds is None) == (median is None)
    assert facts["budget"] == 3


def test_a_depth_most_of_whose_networks_never_leave_has_no_median() -> None:
    steps = np.array([[4.0, np.nan], [6.0, np.nan], [8.0, 100.0], [np.nan, np.nan]])
    facts = speed._facts(Spec(depth=2, seeds=4, steps=200), steps, np.array([0.5, 0.25]))
    assert facts["steps_median"] == [7.0, None]
    assert facts["never_left"] == [0.25, 0.75]
    assert facts["seconds_to_leave"] == [3.5, None]
    assert (facts["first"], facts["last"], facts["growth_per_layer"]) == (7.0, None, None)
    assert facts["layers_for_10x"] is None


def test_every_depth_has_its_seconds_per_step() -> None:
    variant = only("speed", "tanh 2x4 data=blobs seeds=2 batch=4 steps=2")
    assert variant.series["step_seconds"].axes == ("depth",)
    assert bool((variant.series["step_seconds"].values > 0).all())
    assert variant.facts["seconds_per_step"] == variant.series["step_seconds"].values.tolist()
    assert variant.facts["depths"] == [1, 2]


def test_facts_are_json_values() -> None:
    facts = dict(only("speed", "tanh 2x4 data=blobs seeds=2 batch=4 steps=2").facts)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
