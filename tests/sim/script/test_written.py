"""How printed scripts are written: short, formatted, nothing superfluous, and readable without the engine."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from sim.script import script
from sim.spec import Spec

LINES = 110
"""Lines that are not empty, at most; without training, noise or real data far fewer."""

TEXTS = (
    "",
    "relu he norm=batch residual data=blobs steps=20 layer_lr=0.5 clip=1",
    "noisy_relu init=torch data=cancer mse pretrain=greedy steps=20",
    "tanh lsuv highway norm=rms post data=xor float64",
    "cnn relu lsuv circular norm=rms residual data=digits steps=20 float64",
    "cnn gelu dense norm=layer ce float16 steps=3",
    "rnn tanh data=recall norm=layer",
    "lstm tanh init=torch norm=layer forget_bias=1 float64 steps=9 clip_value=0.1",
    "gru tanh norm=rms forget_bias=1 steps=9 data=parity",
    "gru tanh orthogonal bfloat16",
    "transformer gelu norm=rms post data=recall adam layer_lr=0.4 steps=9 float64",
    "transformer noisy_relu skip=none norm=none data=digits loss=ce",
    "leaky_relu data=spirals ce seed=3 input_scale=2.5",
)


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return {text: script(Spec.parse(text)) for text in TEXTS}


def test_it_names_its_configuration(sources: dict[str, str]) -> None:
    for text, source in sources.items():
        heading = ast.get_docstring(ast.parse(source))
        assert heading is not None
        assert Spec.parse(text).text in heading.splitlines()[0]


def test_it_is_short(sources: dict[str, str]) -> None:
    counts = {text: len([line for line in source.splitlines() if line]) for text, source in sources.items()}
    assert {text: count for text, count in counts.items() if count > LINES} == {}
    assert counts[""] <= 60


def test_its_lines_are_short(sources: dict[str, str]) -> None:
    # The first line holds the configuration, however long it is.
    lines = [line for source in sources.values() for line in source.splitlines()[1:]]
    assert [line for line in lines if len(line) > 110] == []


@pytest.mark.skipif(
    importlib.util.find_spec("ruff") is None, reason="ruff comes with the extra dev, not with test"
)
@pytest.mark.parametrize(
    "command", [["format", "--check"], ["check", "--select", "E,F,W,I,B,PLE", "--ignore", "B905,E501"]]
)
def test_it_is_formatted_and_has_no_unused_name(
    command: list[str], sources: dict[str, str], tmp_path: Path
) -> None:
    for number, source in enumerate(sources.values()):
        (tmp_path / f"script_{number}.py").write_text(source, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length", "110", "."]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    return names


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("he", {"math", "statistics", "torch"}),
        ("glorot", {"math", "statistics", "torch", "numpy"}),
        ("he data=spirals", {"math", "statistics", "torch", "numpy"}),
        ("he data=digits", {"math", "statistics", "torch", "sklearn.datasets"}),
        ("init=torch data=cancer", {"math", "statistics", "torch", "numpy", "sklearn.datasets"}),
    ],
)
def test_it_imports_only_what_it_needs(text: str, modules: set[str]) -> None:
    assert imported(script(Spec.parse(text))) == modules


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("sigmoid", ("optimizer", "norm", "stem", ".double()\n", "forget", "gate")),
        ("lstm tanh", ("shift", "bias.data.chunk", "optimizer", "norm")),
        ("gru tanh", ("inner_bias", "shift")),
        ("transformer gelu norm=none", ("norm", "stem")),
        ("steps=0 momentum=0.9 clip=1", ("optimizer", "clip")),
    ],
)
def test_what_a_configuration_has_not_is_not_written(text: str, absent: tuple[str, ...]) -> None:
    _, _, code = script(Spec.parse(text)).partition("import math")
    assert [word for word in absent if word in code] == []
