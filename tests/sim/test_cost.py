"""The estimate of a run, and the way out that a refusal names."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim_oracles import specs

from sim.cost import Allowance, Cost, estimate, replica_bytes, require_affordable
from sim.errors import TooExpensive
from sim.spec import Spec, parse_variants
from sim.support import EXPERIMENTS

GROWING = {
    "gradients": ("depth", "width", "steps", "seeds", "batch"),
    "differentiation": ("depth", "width", "seeds", "batch"),
    "convexity": ("depth", "width", "seeds", "batch"),
    "speed": ("depth", "width", "steps", "seeds", "batch"),
}
PAIRS = [(experiment, knob) for experiment, knobs in GROWING.items() for knob in knobs]


def refusal(experiment: str, text: str, allowance: Allowance) -> str:
    with pytest.raises(TooExpensive) as caught:
        require_affordable(experiment, [Spec.parse(text)], allowance)
    return str(caught.value)


def smaller(specs: list[Spec], message: str) -> list[Spec]:
    """Turn down the knob that a refusal names."""
    found = re.search(r"; (\w+)=(\d+) would fit\.$", message)
    assert found is not None
    knob, value = found[1], int(found[2])
    return [replace(spec, **{knob: min(getattr(spec, knob), value)}) for spec in specs]


@pytest.mark.parametrize(("experiment", "knob"), PAIRS)
@pytest.mark.parametrize("arch", ["mlp", "cnn"])
@given(spec=specs())
def test_a_larger_run_costs_more(arch: str, experiment: str, knob: str, spec: Spec) -> None:
    spec = replace(spec, arch=arch, steps=max(1, min(spec.steps, 50_000)), depth=min(spec.depth, 100))
    larger = replace(spec, **{knob: 2 * getattr(spec, knob)})
    assert estimate(experiment, [larger]).seconds > estimate(experiment, [spec]).seconds
    assert estimate(experiment, [larger]).bytes >= estimate(experiment, [spec]).bytes


@given(specs(), st.sampled_from(EXPERIMENTS))
def test_an_estimate_is_a_positive_number(spec: Spec, experiment: str) -> None:
    cost = estimate(experiment, [spec])
    assert 0 < cost.bytes < math.inf
    assert 0 <= cost.seconds < math.inf


def test_variants_add_up_in_time_but_not_in_memory() -> None:
    one, other = Spec(depth=4), Spec(depth=30)
    both = estimate("gradients", [one, other])
    alone = [estimate("gradients", [spec]) for spec in (one, other)]
    assert both.seconds == pytest.approx(sum(cost.seconds for cost in alone))
    assert both.bytes == max(cost.bytes for cost in alone)


def test_slower_arithmetic_costs_more() -> None:
    order = ["float32", "float64", "bfloat16", "float16"]
    seconds = [estimate("gradients", [Spec(precision=p, width=512)]).seconds for p in order]
    assert seconds == sorted(seconds)
    assert seconds[0] < seconds[-1]


@given(specs())
def test_memory_covers_parameters_and_activations_with_their_gradients(spec: Spec) -> None:
    spec = replace(spec, arch="mlp")
    numbers = 2 * spec.depth * spec.width**2 + 2 * spec.batch * spec.width * spec.depth
    assert replica_bytes(spec) >= 4 * numbers


def test_the_default_run_is_affordable_in_every_experiment() -> None:
    small = {"convexity": Spec(arch="logistic", data="blobs"), "differentiation": Spec(depth=10, width=8)}
    for experiment in EXPERIMENTS:
        require_affordable(experiment, [small.get(experiment, Spec())], Allowance())


WORD_FOR_WORD = {
    # 6·16·64·81,920 + 20·16·64·64·20 operations at 1.5e10 a second and 4 ms of overhead, 100,001 times.
    ("gradients", "steps=100000"): (
        "This run needs about 3,900 s of computing, and the limit is 30 s; steps=390 would fit."
    ),
    (
        "gradients",
        "steps=2000",
    ): "This run needs about 79 s of computing, and the limit is 30 s; steps=500 would fit.",
}


def test_a_run_that_no_single_knob_makes_fit_says_so() -> None:
    message = refusal("gradients", "200x1024 batch=4096 seeds=256 steps=1000", Allowance())
    assert message.startswith("This run needs about ")
    assert message.endswith(
        " s of computing, and the limit is 30 s; turn down width, depth, batch and steps together."
    )


@pytest.mark.parametrize(("experiment", "text"), WORD_FOR_WORD)
def test_a_refusal_says_how_much_how_much_is_allowed_and_what_to_turn(experiment: str, text: str) -> None:
    assert refusal(experiment, text, Allowance()) == WORD_FOR_WORD[experiment, text]


def test_a_knob_is_turned_down_only_in_the_variants_that_have_more_of_it() -> None:
    # The second alone takes 4 s untrained; five hundred steps of it would take twenty minutes.
    variants = parse_variants("steps=4000 vs 100x256 steps=0")
    with pytest.raises(TooExpensive, match="; steps=500 would fit"):
        require_affordable("gradients", variants, Allowance())


def test_memory_is_refused_in_megabytes() -> None:
    message = refusal("gradients", "100x512 seeds=1", Allowance(bytes=100 * 2**20))
    needed = round(replica_bytes(Spec(depth=100, width=512)) / 2**20)
    assert (
        message
        == f"This run needs about {needed} MB of memory, and the limit is 100 MB; width=128 would fit."
    )


@given(
    st.lists(specs(), min_size=1, max_size=3),
    st.sampled_from(EXPERIMENTS),
    st.floats(0.01, 100),
    st.floats(1e5, 1e9),
)
def test_the_knob_that_a_refusal_names_really_fits(
    several: list[Spec], experiment: str, seconds: float, memory: float
) -> None:
    allowance = Allowance(seconds=seconds, bytes=memory)
    try:
        require_affordable(experiment, several, allowance)
    except TooExpensive as error:
        message = str(error)
    else:
        cost = estimate(experiment, several)
        assert (cost.seconds, cost.bytes) <= (seconds, math.inf)
        assert cost.bytes <= memory
        return
    if "would fit" not in message:  # no single knob is enough
        assert "turn down" in message
        return
    turned = smaller(several, message)
    assert turned != several
    require_affordable(experiment, turned, allowance)
    assert all(Spec.parse(spec.text) == spec for spec in turned), "the way out must be a valid spec"


def test_exactly_the_limit_is_allowed() -> None:
    cost: Cost = estimate("gradients", [Spec()])
    require_affordable("gradients", [Spec()], Allowance(seconds=cost.seconds, bytes=cost.bytes))
    for allowance in (
        Allowance(seconds=cost.seconds * 0.999, bytes=cost.bytes),
        Allowance(seconds=cost.seconds, bytes=cost.bytes * 0.999),
    ):
        with pytest.raises(TooExpensive):
            require_affordable("gradients", [Spec()], allowance)


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_differentiation_costs_what_double_precision_costs(precision: str) -> None:
    asked, computed = (Spec(depth=5, width=16, precision=word) for word in (precision, "float64"))
    assert estimate("differentiation", [asked]) == estimate("differentiation", [computed])


def test_differentiation_holds_every_perturbation_of_every_replica_at_once() -> None:
    spec = Spec(depth=2, width=16, batch=64, seeds=256)
    # One layer's pre-activations: 256 perturbed weights of 16·16, 256 replicas, float64.
    one_layer = 256 * spec.seeds * spec.batch * spec.width * 8
    assert estimate("differentiation", [spec]).bytes >= one_layer
