"""The estimate of a run, and the way out that a refusal names."""

import math
import re
import subprocess
import sys
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sim_oracles import spec_of, specs

from sim import slices
from sim.convexity import growth, landscape, solutions
from sim.cost import (
    REFERENCE,
    Allowance,
    Cost,
    estimate,
    landscapes,
    passes,
    replica_bytes,
    require_affordable,
)
from sim.cost import experiments as rows
from sim.errors import SpecError, TooExpensive
from sim.experiments import convexity, differentiation, learning_rate, names, precision, surface
from sim.passes.plain import is_plain
from sim.spec import Spec, parse_variants
from sim.support import EXPERIMENTS, require_runnable
from sim.training import pace
from sim.vocabulary import ACTIVATIONS, RECURRENT

SIZES = ("depth", "width", "seeds", "batch")
ARCHITECTURES = {
    **dict.fromkeys(("gradients", "training", "precision", "surface"), ("mlp", "cnn", "lstm", "transformer")),
    **dict.fromkeys(("parameters",), ("mlp", "cnn", "gru")),
    **dict.fromkeys(("learning_rate",), ("mlp", "cnn", "transformer")),
    **dict.fromkeys(("speed", "differentiation", "convexity"), ("mlp",)),
    "through_time": RECURRENT,
}
STEPPED = ("gradients", "training", "learning_rate", "speed", "surface", "convexity")
GROWING: dict[str, tuple[str, ...]] = {
    experiment: (*SIZES, "steps") if experiment in STEPPED else SIZES for experiment in ARCHITECTURES
}
GROWING["speed"] = ("depth", "seeds", "batch", "steps")  # wider networks take fewer steps
CASES = [
    (experiment, arch, knob)
    for experiment, knobs in GROWING.items()
    for arch in ARCHITECTURES[experiment]
    for knob in knobs
]


def runnable(experiment: str, arch: str) -> st.SearchStrategy[Spec]:
    """Draw specs that an experiment can run, as far as what they cost depends on the knob."""
    plain = arch in RECURRENT
    knobs = {
        "depth": st.integers(1, 100),
        "width": st.integers(1, 1024),
        "seeds": st.integers(1, 128),
        "batch": st.integers(2, 2048),
        "steps": st.integers(1, 50_000) if experiment in STEPPED else st.just(0),
        "activation": st.sampled_from([word for word in ACTIVATIONS if word != "noisy_relu"]),
        "init": st.sampled_from(("glorot", "he", "orthogonal", "torch")),
        "norm": st.sampled_from(("none", "layer", "rms")),
        "skip": st.just("none") if plain else st.sampled_from(("none", "residual")),
        "precision": st.sampled_from(("float32", "float64", "bfloat16", "float16")),
    }
    return st.fixed_dictionaries(knobs).map(lambda values: spec_of(arch=arch, **values))


def refusal(experiment: str, text: str, allowance: Allowance) -> str:
    with pytest.raises(TooExpensive) as caught:
        require_affordable(experiment, [Spec.parse(text)], allowance)
    return str(caught.value)


def smaller(specs: list[Spec], message: str) -> list[Spec]:
    """Turn down the knobs that a refusal names."""
    found = re.search(r"; ([^;]+) would fit\.$", message)
    assert found is not None
    words = re.sub(r"(\d+)x(\d+)", r"depth=\1 width=\2", found[1])
    values = {knob: int(value) for knob, value in re.findall(r"(\w+)=(\d+)", words)}
    return [
        replace(spec, **{knob: min(getattr(spec, knob), value) for knob, value in values.items()})
        for spec in specs
    ]


def test_every_experiment_has_a_row_of_its_own() -> None:
    assert set(rows.ROWS) == set(EXPERIMENTS) == set(names())


def test_an_experiment_without_a_row_has_no_estimate() -> None:
    with pytest.raises(KeyError, match="astrology"):
        estimate("astrology", [Spec()])


def test_what_is_counted_is_what_the_experiments_do() -> None:
    assert 2 * len(learning_rate.RATES) == rows.RATES
    assert pace.TIMED_STEPS == rows.TIMED_STEPS
    assert vars(differentiation)["_TOGETHER"] == rows.PERTURBED
    assert precision.PRECISIONS == rows.PRECISIONS
    assert (convexity.POINTS, solutions.STARTS) == (landscapes.POINTS, landscapes.STARTS)
    assert sum(steps for _, steps in solutions.STAGES) == landscapes.SOLUTION_STEPS
    assert (growth.STEPS[-1], growth.REPLICAS) == (landscapes.GROWTH_STEPS, landscapes.GROWING)
    assert (surface.SIDE**2, surface.SIDE) == (landscapes.MAP, landscapes.LINE)
    assert slices.TOGETHER_BYTES == landscapes.TOGETHER_BYTES
    assert vars(landscape)["_CHUNK_BYTES"] == landscapes.HESSIAN_CHUNK


@given(specs())
def test_the_estimate_knows_which_networks_have_a_pass_written_by_hand(spec: Spec) -> None:
    assert passes.is_plain(spec) == is_plain(spec)


@pytest.mark.parametrize(("experiment", "arch", "knob"), CASES)
@settings(settings.get_profile("sim"), max_examples=10)
@given(data=st.data())
def test_a_larger_run_costs_more(experiment: str, arch: str, knob: str, data: st.DataObject) -> None:
    spec = data.draw(runnable(experiment, arch))
    larger = replace(spec, **{knob: 2 * getattr(spec, knob)})
    assert estimate(experiment, [larger]).seconds > estimate(experiment, [spec]).seconds
    assert estimate(experiment, [larger]).bytes >= estimate(experiment, [spec]).bytes


@pytest.mark.parametrize("knob", ["steps", "seeds"])
@pytest.mark.parametrize("experiment", STEPPED)
@given(data=st.data())
def test_time_grows_no_faster_than_steps_and_seeds(experiment: str, knob: str, data: st.DataObject) -> None:
    spec = data.draw(runnable(experiment, "mlp"))
    larger = replace(spec, **{knob: 2 * getattr(spec, knob)})
    once, twice = (estimate(experiment, [one]).seconds for one in (spec, larger))
    assert twice <= 2 * once * (1 + 1e-9)


@pytest.mark.parametrize("knob", ["steps", "seeds", "batch"])
def test_large_runs_grow_in_proportion(knob: str) -> None:
    large = Spec(depth=10, width=64, batch=512, seeds=64, steps=2000)
    once, twice = (
        estimate("training", [one]).seconds
        for one in (large, replace(large, **{knob: 2 * getattr(large, knob)}))
    )
    assert twice == pytest.approx(2 * once, rel=0.2)


@given(st.data(), st.sampled_from(EXPERIMENTS))
def test_an_estimate_is_a_positive_number(data: st.DataObject, experiment: str) -> None:
    arch = data.draw(st.sampled_from(ARCHITECTURES[experiment]))
    cost = estimate(experiment, [data.draw(runnable(experiment, arch))])
    assert 0 < cost.bytes < math.inf
    assert 0 < cost.seconds < math.inf


# The kernel's own high-water mark of one run in a process of its own, which is forked when torch is there, as
# jobs are: `ru_maxrss` would start at that of whoever forked it.
MEASURE = """
import os, re, sys
from pathlib import Path
import sim.preload
from sim import experiments
from sim.spec import Spec
kilobytes = lambda key: int(re.search(rf"{key}:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
for experiment, text in zip(sys.argv[1::2], sys.argv[2::2]):
    if os.fork() == 0:
        before = kilobytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the mark starts again from what is held now
        experiments.run(experiment, [Spec.parse(text)], lambda *_: None)
        print(1024 * (kilobytes("VmHWM") - before), flush=True)
        os._exit(0)
    assert os.wait()[1] == 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_no_run_needs_more_memory_than_estimated() -> None:
    runs = [
        ("training", "8x64 batch=512 seeds=32 steps=2 adam"),
        ("gradients", "cnn 3x16 batch=64 seeds=16 batchnorm"),
        ("gradients", "transformer 4x32 batch=32 seeds=16"),
        ("surface", "lstm 16x32 batch=32 seeds=4"),
        ("differentiation", "3x16 batch=64 seeds=4"),
    ]
    command = [sys.executable, "-W", "ignore", "-c", MEASURE, *chain.from_iterable(runs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for (experiment, text), needed in zip(runs, map(int, done.stdout.split()), strict=True):
        estimated = estimate(experiment, [Spec.parse(text)]).bytes
        assert needed <= estimated <= 6 * needed, (experiment, text, needed, estimated)


def test_variants_add_up_in_time_but_not_in_memory() -> None:
    one, other = Spec(depth=4), Spec(depth=30)
    both = estimate("gradients", [one, other])
    alone = [estimate("gradients", [spec]) for spec in (one, other)]
    assert both.seconds == pytest.approx(sum(cost.seconds for cost in alone))
    assert both.bytes == max(cost.bytes for cost in alone)


def test_slower_arithmetic_costs_more() -> None:
    order = ["float32", "float64", "float16"]  # bfloat16 depends on the machine
    seconds = [estimate("gradients", [Spec(precision=p, width=512)]).seconds for p in order]
    assert seconds == sorted(set(seconds))


@given(st.data(), st.sampled_from(("mlp", "cnn", "lstm", "transformer")))
def test_memory_covers_parameters_and_activations_with_their_gradients(
    data: st.DataObject, arch: str
) -> None:
    spec = data.draw(runnable("gradients", arch))
    once = 1 if arch == "lstm" else spec.depth
    numbers = 2 * once * spec.width**2 + 2 * spec.batch * spec.width * spec.depth
    assert replica_bytes(spec) >= 4 * numbers


def test_the_default_run_is_affordable_in_every_experiment() -> None:
    small = {"convexity": Spec(arch="logistic", data="blobs"), "differentiation": Spec(depth=10, width=8)}
    for experiment in EXPERIMENTS:
        require_affordable(experiment, [small.get(experiment, Spec())], Allowance())


WORD_FOR_WORD = {
    # 16·64·81,920 products at 36 billion a second, 16·64·64·20 numbers at 290 million a second and as many
    # parameters: 9 ms a step.
    ("gradients", "steps=100000"): (
        "This run needs about 860 s of computing, and the limit is 30 s; steps=3125 would fit."
    ),
    (
        "gradients",
        "steps=4000",
    ): "This run needs about 35 s of computing, and the limit is 30 s; steps=2000 would fit.",
}


def test_a_run_that_nothing_makes_fit_says_so() -> None:
    message = refusal("gradients", "200x1024 batch=4096 seeds=256 steps=1000", Allowance(seconds=1e-9))
    assert message.startswith("This run needs about ")
    assert message.endswith(
        " s of computing, and the limit is 1e-09 s; turn down width, depth, batch and steps together."
    )


@pytest.mark.parametrize(("experiment", "text"), WORD_FOR_WORD)
def test_a_refusal_says_how_much_how_much_is_allowed_and_what_to_turn(experiment: str, text: str) -> None:
    assert refusal(experiment, text, Allowance()) == WORD_FOR_WORD[experiment, text]


def test_a_knob_is_turned_down_only_in_the_variants_that_have_more_of_it() -> None:
    # The second alone takes 2 s untrained; a thousand steps of it would take many minutes.
    variants = parse_variants("steps=40000 vs 100x256 steps=0")
    with pytest.raises(TooExpensive, match="; steps=2500 would fit"):
        require_affordable("gradients", variants, Allowance())


def test_memory_is_refused_in_megabytes() -> None:
    message = refusal("gradients", "100x512 seeds=1", Allowance(bytes=200 * 2**20))
    needed = round(estimate("gradients", [Spec(depth=100, width=512, seeds=1)]).bytes / 2**20)
    assert message == (
        f"This run needs about {needed} MB of memory, and the limit is 200 MB; width=128 would fit."
    )


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@settings(settings.get_profile("sim"), max_examples=20)
@given(data=st.data(), seconds=st.floats(0.01, 100), memory=st.floats(1e7, 1e9))
def test_the_knob_that_a_refusal_names_really_fits(
    experiment: str, data: st.DataObject, seconds: float, memory: float
) -> None:
    arch = data.draw(st.sampled_from(ARCHITECTURES[experiment]))
    several = data.draw(st.lists(runnable(experiment, arch), min_size=1, max_size=3, unique=True))
    assume(_can_run(experiment, several))
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
    if "would fit" not in message:  # all of them together are not enough
        assert "turn down" in message
        return
    turned = smaller(several, message)
    assert turned != several
    require_affordable(experiment, turned, allowance)
    require_runnable(experiment, turned)
    assert all(Spec.parse(spec.text) == spec for spec in turned), "the way out must be a valid spec"


def _can_run(experiment: str, specs: list[Spec]) -> bool:
    try:
        require_runnable(experiment, specs)
    except SpecError:
        return False
    return True


def test_the_way_out_is_a_spec_that_runs() -> None:
    # The digits are 8 or 64 time steps: half of 64 are none.
    spec = Spec.parse("lstm data=digits depth=64 width=8 seeds=2 batch=16")
    cost = estimate("gradients", [replace(spec, depth=32)])
    message = refusal("gradients", spec.text, Allowance(seconds=cost.seconds))
    assert message.endswith("; depth=8 would fit.")


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
    # Both layers' pre-activations: 256 perturbed weights of 16·16, 256 replicas, float64.
    layers = 256 * spec.seeds * spec.batch * spec.width * spec.depth * 8
    assert estimate("differentiation", [spec]).bytes >= layers


def test_a_speed_run_is_estimated_between_no_step_and_all_of_them() -> None:
    # Its steps are those of trainings at every depth, none of which ends early if no plateau is left.
    spec = Spec(depth=6, width=32, steps=3000, activation="relu")
    worst = [passes.training(replace(spec, depth=depth)).seconds(REFERENCE) for depth in range(1, 7)]
    assert estimate("speed", [spec]).seconds < sum(worst)
    hopeless = replace(spec, activation="sigmoid", lr=1e-5)
    worst = [passes.training(replace(hopeless, depth=depth)).seconds(REFERENCE) for depth in range(1, 7)]
    assert estimate("speed", [hopeless]).seconds >= 0.9 * sum(worst)


@pytest.mark.parametrize(
    ("quick", "slow"),
    [("lr=1", "lr=0.1"), ("adam lr=0.1", "lr=0.1"), ("relu", "sigmoid"), ("data=blobs", "data=xor")],
)
def test_a_plateau_that_is_usually_left_sooner_is_estimated_so(quick: str, slow: str) -> None:
    few, many = (estimate("speed", [Spec.parse(f"4x32 batch=32 steps=3000 {t}")]) for t in (quick, slow))
    assert few.seconds < many.seconds
