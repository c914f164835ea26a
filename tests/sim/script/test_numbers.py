"""The printed script prints the numbers of the engine, for every architecture and knob."""

import contextlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from script_oracles import agrees, read, run_here
from sim_oracles import spec_of

from sim.errors import SpecError
from sim.script import script
from sim.spec import Spec
from sim.support import natural, require_runnable
from sim.vocabulary import ACTIVATIONS, RECURRENT

# Matrices are orthogonalised in single precision, whose last digit depends on where in memory they lie.
ORTHOGONAL = ("orthogonal", "lsuv")
ORTHOGONAL_RTOL = 1e-6

SINGLE = (
    "sigmoid 6x12 seeds=4 batch=8",
    "",
    "sigmoid depth=100 width=16 batch=8 seeds=2",
    "relu he gain=1000 20x8 batch=8 seeds=2",
    "gelu lecun 4x8 seeds=2 batch=5 loss=mse",
    "tanh 3x8 data=blobs seeds=3 batch=12 steps=15 lr=0.5 momentum=0.9",
    "cnn sigmoid circular 3x4 image=3 kernel=1 seeds=2 batch=4 gain=2",
    "lstm tanh 12x8 forget_bias=2 batch=8 seeds=3",
    "transformer gelu 3x8 batch=4 seeds=2",
    "init=zeros silu 3x4 seeds=2 batch=4",
)
DOUBLE = (
    "relu he 5x8",
    "tanh 4x8 init=torch gain=1.5",
    "elu orthogonal 4x8 loss=ce gain=2",
    "linear heuristic 4x8 input_scale=3",
    "softplus normal std=0.2 gain=2 4x8 seed=77",
    "leaky_relu slope=0.3 he 5x8",
    "selu 1x5 seeds=2",
    "hardtanh lsuv 4x6 gain=1.3",
    "sigmoid normal std=0.0001 60x4",  # squares of 1e-160 underflow
    "noisy_relu he 4x6",
    "noisy_relu init=zeros 3x4 data=blobs steps=3",
    "noisy_relu lsuv 4x6 steps=5",
    "tanh 4x6 norm=batch",
    "tanh 4x6 norm=layer order=post init=torch",
    "relu 4x8 norm=group",
    "gelu 4x6 norm=rms post steps=4",
    "relu 4x6 residual",
    "relu lsuv residual norm=batch 4x6",
    "relu 4x6 residual data=blobs norm=layer residual_scale=0.5 steps=5 layer_lr=0.5",
    "relu 4x6 residual data=blobs norm=batch post residual_scale=0.5 steps=5 layer_lr=2 adam",
    "tanh 4x6 highway data=xor norm=rms steps=5 layer_lr=2",
    "tanh 4x6 highway data=xor norm=rms post transform_bias=0",
    "tanh 4x6 highway init=torch data=xor transform_bias=-1",
    "tanh 4x6 dense data=xor norm=layer steps=3",
    "tanh 4x6 dense",
    "tanh 3x8 data=spirals ce he steps=15 lr=0.5 momentum=0.9",
    "tanh 3x8 data=spirals steps=2",
    "tanh 3x8 data=parity rmsprop lr=0.01 steps=15",
    "tanh 3x8 data=digits ce adam lr=0.01 batch=40 steps=15",
    "tanh 3x8 data=digits clip=0.1 clip_value=0.02 batch=40 steps=7",
    "tanh 3x8 data=cancer mse pretrain=greedy batch=40 steps=7",
    "noisy_relu 3x8 data=cancer init=torch pretrain=greedy batch=40 steps=7",
    "cnn tanh init=torch 3x4 image=5",
    "cnn relu he circular 3x4 image=4 kernel=5",
    "cnn softsign orthogonal 2x3 image=4 loss=ce steps=3",
    "cnn lsuv relu 3x4 image=4",
    "cnn dense relu he 3x4 image=4",
    "cnn relu residual norm=layer 3x4 data=digits batch=12 steps=2",
    "cnn relu residual norm=rms 3x4 image=4 steps=2 layer_lr=0.3",
    "cnn relu highway norm=group post 3x4 data=digits ce batch=12 steps=2",
    "cnn relu norm=batch 3x4 image=4 steps=2",
    "rnn tanh 6x5",
    "rnn relu 6x5 init=torch norm=layer steps=3",
    "rnn tanh orthogonal 6x5 data=recall norm=rms clip=0.1 steps=4",
    "rnn tanh 8x5 data=digits ce batch=20",
    "rnn tanh 64x5 data=digits batch=20",
    "lstm tanh 6x5 forget_bias=1",
    "lstm tanh 6x5 init=torch data=parity forget_bias=1 steps=3",
    "lstm noisy_relu he 6x5 data=recall norm=layer forget_bias=1 steps=3",
    "lstm tanh he 6x5 data=recall norm=rms forget_bias=1 steps=3",
    "lstm tanh he 6x5 norm=rms steps=3",
    "lstm sigmoid lecun 5x4 norm=rms forget_bias=-1",
    "gru tanh 6x5 forget_bias=1",
    "gru tanh 6x5 init=torch forget_bias=1 steps=3",
    "gru tanh 6x5 lecun norm=layer forget_bias=1 steps=3",
    "gru tanh 6x5 heuristic norm=rms steps=3",
    "gru relu 6x5 he norm=rms",
    "gru tanh 1x5 data=parity",
    "transformer gelu 3x8",
    "transformer relu 3x6 init=torch post steps=3",
    "transformer relu 3x5 norm=none skip=none data=parity steps=3",
    "transformer relu 3x8 norm=rms data=recall adam lr=0.01 layer_lr=0.4 steps=3",
    "transformer noisy_relu 2x8 data=digits residual_scale=0.3 steps=2",
)
HALF = (
    "sigmoid 6x12 float16",
    "sigmoid 6x12 bfloat16",
    "tanh 4x6 norm=layer residual float16 steps=4",
    "cnn relu he norm=group 3x4 image=4 bfloat16",
    "lstm tanh 5x4 float16",
    "gru tanh 5x4 float16 steps=3",
    "transformer relu 2x4 float16",
    "transformer relu 2x4 norm=rms bfloat16",
)


@pytest.mark.parametrize("text", SINGLE)
def test_in_single_precision(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = Spec.parse(text)
    # Below 1e-38, the smallest numbers have few digits.
    agrees(run_here(spec, tmp_path, capsys), spec, atol=1e-42)


def defaults(text: str) -> Spec:
    """Read a spec with few small networks, unless it says otherwise."""
    return Spec.parse(text, base=Spec(batch=9, seeds=3, precision="float64"))


def rtol_of(spec: Spec) -> float | None:
    return ORTHOGONAL_RTOL if spec.init in ORTHOGONAL else None


@pytest.mark.parametrize("text", DOUBLE)
def test_in_double_precision(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = defaults(text)
    agrees(run_here(spec, tmp_path, capsys), spec, rtol=rtol_of(spec))


@pytest.mark.parametrize("text", HALF)
def test_in_half_precision(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = defaults(text)
    agrees(run_here(spec, tmp_path, capsys), spec)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = defaults(f"{activation} lecun 3x6 data=blobs")
    agrees(run_here(spec, tmp_path, capsys), spec)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("tanh 3x8 seeds=2 batch=4", marks=pytest.mark.long),
        "cnn tanh 2x4 image=4 seeds=2 batch=4 norm=batch steps=2",
        pytest.param("rnn tanh orthogonal 5x4 seeds=2 batch=4", marks=pytest.mark.long),
        "lstm tanh 5x4 seeds=2 batch=4 data=recall steps=2 adam lr=0.01",
        pytest.param("gru tanh 5x4 seeds=2 batch=4 forget_bias=1", marks=pytest.mark.long),
        "transformer gelu 2x8 seeds=2 batch=10 data=digits ce",
    ],
)
def test_alone_in_a_fresh_process(text: str, tmp_path: Path) -> None:
    spec = Spec.parse(text)
    path = tmp_path / "printed_script.py"
    path.write_text(script(spec), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    agrees(read(done.stdout), spec)


_BASE = st.fixed_dictionaries(
    {
        "arch": st.sampled_from(("mlp", "cnn", *RECURRENT, "transformer")),
        "depth": st.sampled_from((1, 2, 3, 8)),
        "width": st.sampled_from((3, 4, 5, 6, 8)),
        "batch": st.sampled_from((5, 8, 12)),
        "seeds": st.integers(1, 3),
        "seed": st.sampled_from((0, 7, 2**31 - 1)),
        "precision": st.just("float64"),
    }
)
# In this order; a knob comes after those that it needs.
_MORE: dict[str, tuple[object, ...]] = {
    "steps": (3,),
    "image": (4,),
    "data": ("blobs", "spirals", "xor", "parity", "digits", "cancer", "recall"),
    "norm": ("batch", "layer", "rms"),
    "skip": ("residual", "highway", "dense"),
    "order": ("post",),
    "activation": ACTIVATIONS,
    "slope": (0.3,),
    "init": ("he", "lecun", "orthogonal", "lsuv", "torch", "heuristic", "normal", "zeros"),
    "gain": (1.5,),
    "std": (0.4,),
    "residual_scale": (0.5,),
    "transform_bias": (-1.0,),
    "forget_bias": (1.0,),
    "padding": ("circular",),
    "kernel": (5,),
    "loss": ("mse", "ce"),
    "input_scale": (2.0,),
    "optimizer": ("adam", "rmsprop"),
    "momentum": (0.9,),
    "lr": (0.02,),
    "clip": (0.3,),
    "clip_value": (0.01,),
    "layer_lr": (0.5,),
    "pretrain": ("greedy",),
}


@st.composite
def small_specs(draw: st.DrawFn) -> Spec:
    """Draw a small spec; knobs that make no sense with those before them are left out."""
    spec = spec_of(**draw(_BASE))
    for knob, values in _MORE.items():
        more: dict[str, Any] = {knob: draw(st.sampled_from((None, *values)))}
        with contextlib.suppress(SpecError):
            candidate = replace(spec, **more) if more[knob] is not None else spec
            require_runnable(natural([candidate]), [candidate])
            spec = candidate
    return spec


@given(small_specs())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_small_network(tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: Spec) -> None:
    agrees(run_here(spec, tmp_path, capsys), spec, rtol=rtol_of(spec))
