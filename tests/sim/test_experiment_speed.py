"""The experiment `speed`: steps to leave the plateau, and what a faster machine buys."""

# pyright: reportPrivateUsage=false
# The arithmetic on steps is tested with steps that no run gives.

import json
import math
from typing import Any

import numpy as np
import pytest
from sim_oracles import only

from sim import losses
from sim.experiments import speed
from sim.measurements import Array, Variant
from sim.spec import Spec
from sim.training.pace import Pace

TEXT = "sigmoid 3x12 data=blobs seeds=3 batch=16 lr=2 steps=150"

PACE = Pace(one_thread=0.25, all_threads=0.2, threads=4, gpu=0.5, gpu_name="Imaginary 1")


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
        below = curves < losses.LEFT * math.log(2)
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
    growth = growth_of(steps[None, :])
    assert growth == pytest.approx(2.8, abs=0.05)
    assert speed._layers_bought(50, growth) == pytest.approx(3.8, abs=0.1)


def growth_of(steps: Array) -> float | None:
    line = speed._fit(steps)
    return None if line is None else line.growth


@pytest.mark.parametrize("depths", [1, 2])
def test_fewer_than_three_depths_give_no_growth(depths: int) -> None:
    steps = np.array([[5.0, 50.0, np.nan, np.nan]] * 8)[:, : depths if depths == 1 else 4]
    assert growth_of(steps) is None
    facts = facts_of(steps)
    assert (facts["growth_low"], facts["growth_high"], facts["layers_for_10x"]) == (None, None, None)
    assert facts["depths_left"] == depths


def test_a_growth_within_the_spread_of_the_seeds_is_none() -> None:
    # Medians 40, 60 and 90 would be 1.5 for each layer; but every second seed says the opposite.
    up, down = [40.0, 60.0, 90.0], [45.0, 60.0, 30.0]
    facts = facts_of(np.array([up, down, up, down, up]))
    assert facts["steps_median"] == [40, 60, 90]
    assert facts["growth_per_layer"] is None
    assert facts["growth_low"] < 1 < facts["growth_high"]
    assert facts["layers_bought"] == {"10": None, "100": None}


def test_a_growth_that_all_seeds_share_is_told_however_far_apart_they_are() -> None:
    steps = np.array([[1.0], [10.0], [100.0], [1000.0]]) * np.array([[2.0, 6.0, 18.0]])
    assert growth_of(steps) == pytest.approx(3)


def test_no_growth_is_a_finding_where_the_seeds_agree_on_it() -> None:
    steps = np.array([[1, 1, 1, 1, 1, 0], [1, 1, 0, 1, 2, 2], [2, 1, 1, 0, 1, 1], [0, 1, 1, 1, 1, 1]], float)
    assert growth_of(steps) == pytest.approx(1)


def test_one_network_scatters_about_its_own_line() -> None:
    assert growth_of(np.array([[10.0, 30.0, 90.0, 270.0]])) == pytest.approx(3)
    assert growth_of(np.array([[50.0, 10.0, 200.0, 20.0, 90.0]])) is None


def test_the_paces_are_told_in_steps_a_second_and_in_time_to_leave() -> None:
    facts = facts_of(np.array([[2.0, 4.0, 8.0]]))
    assert facts["steps_per_second"] == {"one_thread": 4, "all_threads": 5, "cuda": 2}
    assert facts["seconds_to_leave_last"] == {"one_thread": 2, "all_threads": 1.6, "cuda": 4}
    assert (facts["threads_all"], facts["cuda_name"]) == (4, "Imaginary 1")


def test_what_was_not_measured_is_none() -> None:
    pace = Pace(one_thread=0.25, all_threads=None, threads=4)
    facts = facts_of(np.array([[2.0, 4.0, np.nan]]), pace)
    assert facts["steps_per_second"] == {"one_thread": 4, "all_threads": None, "cuda": None}
    assert facts["seconds_to_leave_last"] == {"one_thread": None, "all_threads": None, "cuda": None}
    assert facts["cuda_name"] is None


def facts_of(steps: Array, pace: Pace = PACE) -> dict[str, Any]:
    seeds, depth = len(steps), len(steps.T)
    seconds: Array = np.full(depth, 0.25)
    spec = Spec(depth=depth, seeds=seeds, steps=200)
    return speed._facts(spec, steps, seconds, pace)


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
    facts = speed._facts(Spec(depth=2, seeds=4, steps=200), steps, np.array([0.5, 0.25]), PACE)
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
    pace = variant.facts["steps_per_second"]["one_thread"]
    assert variant.facts["seconds_last"] == pytest.approx(1 / pace)
    assert variant.facts["threads_all"] >= 1


def test_facts_are_json_values() -> None:
    facts = dict(only("speed", "tanh 2x4 data=blobs seeds=2 batch=4 steps=2").facts)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
