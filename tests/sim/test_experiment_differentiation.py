"""The experiment `differentiation`: three methods, one gradient."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sim_oracles import TORCH_JVP, only

from sim.measurements import Variant

pytestmark = pytest.mark.filterwarnings(TORCH_JVP)


def measured(words: str) -> Variant:
    return only("differentiation", f"{words} seeds=3 batch=6")


@pytest.mark.parametrize(
    "words",
    ["sigmoid 6x6", "tanh he 3x5", "gelu 3x5 loss=ce", "softplus 2x4 data=blobs loss=mse", "linear 4x4"],
)
def test_three_methods_agree_on_a_smooth_activation(words: str) -> None:
    variant = measured(f"{words} float64")
    assert variant.facts["agree"] is True
    assert variant.facts["difference"]["forward"] < 1e-12
    assert variant.facts["difference"]["finite"] < 1e-4


@pytest.mark.parametrize(
    "words", ["relu he 4x6", "leaky_relu he 3x5", "hardtanh 3x5", "selu 3x5", "softsign 3x5"]
)
def test_three_methods_agree_on_a_kinked_activation(words: str) -> None:
    variant = measured(f"{words} float64")
    assert variant.facts["agree"] is True
    assert variant.facts["difference"]["forward"] < 1e-12


def test_the_three_methods_give_the_weight_gradient_of_the_other_experiment() -> None:
    text = "tanh 4x5 seeds=3 batch=6 float64"
    variant, reference = only("differentiation", text), only("gradients", text)
    for method in ("reverse", "forward", "finite"):
        series = variant.series[method]
        assert series.axes == ("replica", "layer")
        np.testing.assert_allclose(series.values, reference.series["weight"].values, rtol=1e-5)


def test_a_vanishing_gradient_vanishes_in_every_method() -> None:
    variant = measured("sigmoid 8x6 float64")
    for method in ("reverse", "forward", "finite"):
        first, *_, last = np.median(variant.series[method].values, axis=0)
        assert float(first / last) == pytest.approx(variant.facts["first_over_last"], rel=1e-4)
        assert float(first / last) < 1e-3


def test_the_cost_is_one_pass_against_one_or_two_per_weight() -> None:
    facts = measured("tanh 3x5 data=blobs float64").facts
    weights = 2 * 5 + 5 * 5 + 5 * 5
    assert facts["parameters"] == weights
    assert facts["passes"] == {"reverse": 1, "forward": weights, "finite": 2 * weights}
    assert facts["depth"] == 3
    assert set(facts["seconds"]) == {"reverse", "forward", "finite"}
    assert facts["slower"]["forward"] == facts["seconds"]["forward"] / facts["seconds"]["reverse"]


def test_more_weights_than_are_moved_at_once_are_all_moved() -> None:
    variant = only("differentiation", "tanh 2x18 data=blobs seeds=2 batch=3 float64")
    assert variant.facts["parameters"] == 2 * 18 + 18 * 18
    assert variant.facts["agree"] is True


def test_facts_are_json_values() -> None:
    variant = measured("tanh 2x3")
    assert json.loads(json.dumps(dict(variant.facts), allow_nan=False)) == variant.facts


@pytest.mark.parametrize("words", ["tanh 3x4", "relu he 3x4", "sigmoid 6x8"])
def test_three_methods_agree_in_the_default_precision(words: str) -> None:
    assert measured(words).facts["agree"] is True


def test_gradients_that_are_no_numbers_do_not_agree() -> None:
    variant = measured("linear normal std=100 gain=1000 70x4")
    assert not np.isfinite(variant.series["reverse"].values).any()
    assert variant.facts["agree"] is False


_WARM = """
import sys
from sim import experiments
from sim.experiments import differentiation
from sim.spec import Spec
loaded = []
clock = differentiation.time.perf_counter
def tick():
    loaded.append("torch._decomp.decompositions_for_jvp" in sys.modules)
    return clock()
class Time:
    perf_counter = staticmethod(tick)
differentiation.time = Time
experiments.run("differentiation", [Spec(depth=2, width=3, seeds=1, batch=2)], lambda *_: None)
assert len(loaded) == 6, loaded
print(loaded[2])  # the third reading is the start of forward mode
"""


def test_forward_mode_is_set_up_before_it_is_timed() -> None:
    done = subprocess.run([sys.executable, "-c", _WARM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
