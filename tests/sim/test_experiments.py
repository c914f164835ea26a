"""The list of experiments, what a run carries with it, and what a job process is asked."""

import json
import subprocess
import sys
from importlib import metadata

import pytest
import torch
from sim_oracles import TORCH_JVP, run, silent

from sim import experiments
from sim.errors import SpecError
from sim.measurements import Measurements
from sim.request import request
from sim.spec import Spec, parse_variants
from sim.support import EXPERIMENTS
from sim.tasks import measure


def test_the_experiments_are_those_the_support_knows() -> None:
    assert sorted(experiments.names()) == sorted(EXPERIMENTS)


def test_an_unknown_experiment_is_refused_with_the_nearest() -> None:
    with pytest.raises(SpecError) as caught:
        experiments.run("gradient", [Spec()], silent)
    assert str(caught.value) == (
        "An experiment is one of convexity, differentiation, gradients, learning_rate, parameters, "
        "precision, speed, surface, through_time, training; got 'gradient'; did you mean 'gradients'?"
    )


@pytest.mark.parametrize("name", ["replicas", "__init__", "../gradients", ""])
def test_a_helper_or_a_path_is_no_experiment(name: str) -> None:
    with pytest.raises(SpecError):
        experiments.run(name, [Spec()], silent)


def test_a_run_carries_what_decides_its_digits() -> None:
    measurements = run("gradients", "1x2 seeds=1 batch=2 vs relu")
    assert measurements.experiment == "gradients"
    assert [variant.spec for variant in measurements.variants] == list(
        parse_variants("1x2 seeds=1 batch=2 vs relu")
    )
    provenance = measurements.provenance
    assert provenance.version == metadata.version("backchat")
    assert (provenance.torch, provenance.threads) == (torch.__version__, torch.get_num_threads())
    assert provenance.seconds > 0


@pytest.mark.parametrize("experiment", ["gradients", "training"])
def test_a_training_says_at_which_step_it_is(experiment: str) -> None:
    told: list[tuple[float, str]] = []
    specs = parse_variants("2x4 data=blobs steps=40 seeds=2 tanh vs relu")
    experiments.run(experiment, specs, lambda done, text: told.append((done, text)))
    assert (0.5, "tanh · glorot, step 40 of 40") in told
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert any(text.startswith("relu · glorot, step ") for _, text in told)


def test_the_same_request_gives_the_same_numbers() -> None:
    one, two = (run("gradients", "tanh 3x8 seeds=3 batch=4 steps=3").variants[0] for _ in range(2))
    assert one.facts == two.facts
    assert all((one.series[name].values == two.series[name].values).all() for name in one.series)


JOBS = {
    "gradients": "tanh 3x4 seeds=2 batch=4 vs relu he",
    "differentiation": "tanh 2x3 seeds=2 batch=4 float64",
    "convexity": "arch=logistic data=blobs seeds=2 batch=8 float64",
    "speed": "sigmoid 2x4 data=blobs seeds=2 batch=8 lr=1 steps=30",
    "training": "tanh 2x4 data=xor seeds=2 batch=8 lr=0.5 steps=30 vs relu he",
    "through_time": "lstm 4x3 seeds=2 batch=4 vs forget_bias=1",
    "learning_rate": "tanh 2x3 data=blobs seeds=2 batch=8 steps=4",
    "precision": "sigmoid 4x3 seeds=2 batch=4",
    "parameters": "mlp 2x8 vs cnn",
    "surface": "tanh 2x3 seeds=2 batch=4",
}


def test_every_experiment_is_tried_as_a_job() -> None:
    assert sorted(JOBS) == sorted(EXPERIMENTS)


@pytest.mark.filterwarnings(TORCH_JVP)
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_a_job_is_json_in_and_json_and_pictures_out(experiment: str) -> None:
    specs = parse_variants(JOBS[experiment])
    asked = json.loads(json.dumps(request(experiment, specs, ["dark", "light"]), allow_nan=False))
    told: list[float] = []
    answer, files = measure(asked, lambda share, _words: told.append(share))
    answer = json.loads(json.dumps(answer, allow_nan=False))
    measured = Measurements.from_json(answer["measurements"])
    assert {variant.spec for variant in measured.variants} >= set(specs)
    assert set(answer["cards"]) == {"dark", "light"}
    named = [card["file"] for cards in answer["cards"].values() for card in cards]
    assert sorted(named) == sorted(files)
    assert len(named) >= 2
    assert all(content.startswith(b"\x89PNG\r\n\x1a\n") for content in files.values())
    assert all(card["title"] and card["alt"] for cards in answer["cards"].values() for card in cards)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_job_without_a_theme_draws_nothing() -> None:
    answer, files = measure(request("gradients", [Spec(depth=1, width=2, seeds=1, batch=2)], []), silent)
    assert (answer["cards"], files) == ({}, {})


_LIGHT = (
    *("cost", "data", "data.fitting", "data.tables", "errors", "experiments", "knobs", "labels"),
    *("measurements", "plots", "quantiles", "report", "reporting", "request", "script", "spec", "support"),
    *("tasks", "theory", "vocabulary"),
)


def test_what_needs_no_torch_does_not_import_it() -> None:
    source = "import sys\n" + "".join(f"import sim.{name}\n" for name in _LIGHT)
    source += "print([name for name in ('torch', 'matplotlib') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
