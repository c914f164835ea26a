"""Whatever is accepted runs, and gives a strict JSON document: a sweep over every word of the grammar."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sim_oracles import TORCH_JVP, silent, spec_of

from sim import experiments, report
from sim.cost import Allowance, require_affordable
from sim.errors import SpecError
from sim.knobs import Choice
from sim.measurements import Measurements
from sim.spec import Spec
from sim.support import EXPERIMENTS, require_runnable
from sim.vocabulary import KNOBS

pytestmark = pytest.mark.filterwarnings(TORCH_JVP)

CHOICES = {knob.key: knob for knob in KNOBS if isinstance(knob, Choice)}


def runnable(experiment: str, spec: Spec) -> bool:
    try:
        require_runnable(experiment, [spec])
    except SpecError:
        return False
    return True


def check(measurements: Measurements) -> None:
    """Check that everything that leaves the engine is strict JSON and reads back."""
    text = json.dumps(measurements.to_json(), allow_nan=False)
    assert json.dumps(Measurements.from_json(json.loads(text)).to_json(), allow_nan=False) == text
    for variant in measurements.variants:
        for series in variant.series.values():
            assert len(series.axes) == series.values.ndim
            assert series.values.dtype == np.float64
    if measurements.experiment == "gradients":
        json.dumps(report.to_json(measurements), allow_nan=False)


def small(**numbers: Any) -> st.SearchStrategy[Spec]:
    """Draw a small spec with words that some version can run, and these numbers."""
    unbuilt = {"rnn", "lstm", "gru", "transformer", "lsuv", "noisy_relu", "adam", "rmsprop", "greedy"}
    unbuilt |= {
        "batch",
        "layer",
        "group",
        "rms",
        "residual",
        "highway",
        "dense",
        "spirals",
        "xor",
        "parity",
        "digits",
    }
    words = {
        key: st.sampled_from([w for w in knob.words if w not in unbuilt]) for key, knob in CHOICES.items()
    }
    sizes = {
        "depth": st.integers(1, 5),
        "width": st.integers(1, 6),
        "batch": st.integers(2, 5),
        "seeds": st.integers(1, 3),
        "seed": st.sampled_from([0, 2**31 - 1]),
        "image": st.integers(1, 5),
        "kernel": st.sampled_from([1, 3, 5]),
        "steps": st.sampled_from([0, 0, 1, 3]),
    }
    return st.fixed_dictionaries({**words, **sizes, **numbers}).map(lambda knobs: sensible(spec_of(**knobs)))


def sensible(spec: Spec) -> Spec:
    """Take away the knobs that the support would refuse for belonging elsewhere."""
    if spec.arch != "cnn":
        spec = replace(spec, padding="zeros", kernel=3, image=8)
    else:
        spec = replace(spec, data="gaussian")
    if spec.activation != "leaky_relu":
        spec = replace(spec, slope=0.01)
    if spec.init != "normal":
        spec = replace(spec, std=0.01)
    return spec if spec.steps else replace(spec, lr=0.1, momentum=0.0)


SPECS = small(
    slope=st.floats(0, 1),
    gain=st.floats(0.1, 3),
    std=st.floats(1e-3, 3),
    lr=st.floats(1e-3, 1000),
    momentum=st.floats(0, 0.999),
    input_scale=st.floats(1e-3, 1e3),
)


@settings(settings.get_profile("sim"), max_examples=150)
@given(spec=SPECS)
def test_every_accepted_spec_gives_its_gradients_by_layer(spec: Spec) -> None:
    assume(runnable("gradients", spec))
    require_affordable("gradients", [spec], Allowance())
    check(experiments.run("gradients", [spec], silent))


@settings(settings.get_profile("sim"), max_examples=40)
@given(spec=SPECS, experiment=st.sampled_from([name for name in EXPERIMENTS if name != "gradients"]))
def test_every_accepted_spec_runs_in_every_other_experiment(experiment: str, spec: Spec) -> None:
    spec = replace(spec, depth=min(spec.depth, 2), width=min(spec.width, 3))
    assume(runnable(experiment, spec))
    check(experiments.run(experiment, [spec], silent))


@pytest.mark.parametrize("key", CHOICES)
def test_every_word_either_runs_or_is_refused(key: str) -> None:
    for word in CHOICES[key].words:
        base = Spec(depth=2, width=2, seeds=1, batch=2, image=3 if word == "cnn" or key == "padding" else 8)
        base = replace(
            base,
            arch="cnn" if key == "padding" else "mlp",
            steps=1 if key in {"optimizer", "pretrain"} else 0,
        )
        spec = replace(base, **{key: word})
        ran = [name for name in EXPERIMENTS if runnable(name, spec)]
        for name in ran:
            check(experiments.run(name, [spec], silent))
        refused = {"noisy_relu", "lsuv", "batch", "layer", "group", "rms", "residual", "highway", "dense"}
        refused |= {
            "rnn",
            "lstm",
            "gru",
            "transformer",
            "spirals",
            "xor",
            "parity",
            "digits",
            "adam",
            "rmsprop",
        }
        assert bool(ran) == (word not in {*refused, "greedy"})


EXTREMES = [
    "relu normal std=0 4x4",
    "sigmoid gain=1e-300 4x4",
    "linear normal std=100 150x8",
    "tanh float16 input_scale=1000000 3x4",
    "cnn relu float16 input_scale=1000000 3x4 image=3",
]


@pytest.mark.parametrize("words", EXTREMES)
def test_the_ends_of_the_ranges_run_without_a_warning(words: str) -> None:
    spec = Spec.parse(f"{words} seeds=2 batch=2")
    require_runnable("gradients", [spec])
    check(experiments.run("gradients", [spec], silent))


@pytest.mark.parametrize(
    "words",
    [
        *("tanh lr=1000 momentum=0.999 steps=5 2x3", "relu gain=1000 4x4", "leaky_relu slope=1 2x2"),
        *(
            "sigmoid input_scale=1000000 3x4",
            "sigmoid input_scale=1e-300 3x4",
            "seed=2147483647 2x2",
            "200x1",
        ),
        *("cnn kernel=15 image=8 2x1", "cnn image=64 1x1", "batch=4096 1x1", "relu lr=1000 he steps=60 6x8"),
    ],
)
def test_the_other_ends_of_the_ranges_run_too(words: str) -> None:
    spec = Spec.parse(f"{words} seeds=2")
    require_runnable("gradients", [spec])
    check(experiments.run("gradients", [spec], silent))
