"""The printed script gives the numbers of the engine, with nothing but torch."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sim_oracles import only

from sim.script import script
from sim.spec import Spec

SPREAD = (
    "sigmoid 6x12 seeds=4 batch=8",
    "relu he 5x8 seeds=3 batch=6 float64",
    "tanh 4x8 init=torch seeds=3 batch=5 gain=1.5",
    "gelu lecun 4x8 seeds=2 batch=5 loss=mse",
    "elu orthogonal 4x8 seeds=3 batch=5 loss=ce gain=2",
    "linear heuristic 4x8 seeds=3 batch=5 input_scale=3",
    "softplus normal std=0.2 4x8 seeds=3 batch=5 seed=77",
    "leaky_relu slope=0.3 he 5x8 seeds=4 batch=6",
    "selu 1x5 seeds=2 batch=4",
    "tanh 3x8 data=blobs seeds=3 batch=12 steps=15 lr=0.5 momentum=0.9",
    "hardtanh orthogonal 2x6 data=blobs seeds=3 batch=8 float64 steps=4 loss=ce",
    "silu init=zeros 3x4 seeds=2 batch=4",
    "cnn tanh init=torch 3x4 image=5 seeds=3 batch=4",
    "cnn relu he circular 3x4 image=4 kernel=5 seeds=3 batch=4 float64",
    "cnn softsign orthogonal 2x3 image=4 seeds=3 batch=4 loss=ce steps=3",
    "cnn sigmoid circular 3x4 image=3 kernel=1 seeds=2 batch=4 gain=2",
)
_NEXT = "=== next ==="

# Runs every script as a program of its own, in one process: importing torch takes longer than all of them.
_DRIVER = """
import sys
import torch
torch.set_num_threads(1)
for source in sys.stdin.read().split({mark!r}):
    exec(compile(source, "script", "exec"), {{"__name__": "__main__"}})
    print({mark!r})
"""


def python(*arguments: str, given: str = "", folder: Path) -> str:
    command = [sys.executable, "-I", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run all scripts and return what each of them printed."""
    sources = _NEXT.join(script(Spec.parse(text)) for text in SPREAD)
    driver = _DRIVER.format(mark=_NEXT)
    whole = python("-c", driver, given=sources, folder=tmp_path_factory.mktemp("scripts"))
    return dict(zip(SPREAD, whole.split(_NEXT), strict=False))


def agrees(text: str, output: str) -> None:
    variant = only("gradients", text)
    rows = [line.split() for line in output.strip().splitlines()[1 : variant.spec.depth + 1]]
    assert [int(row[0]) for row in rows] == list(range(1, variant.spec.depth + 1))
    for column, name in ((1, "signal"), (2, "weight")):
        medians = np.median(variant.series[name].values, axis=0)
        np.testing.assert_allclose([float(row[column]) for row in rows], medians, rtol=1e-3, err_msg=name)
    factor = re.search(r"factor per layer (\S+)", output)
    if variant.facts["factor_per_layer"] is None:
        assert factor is None or factor[1] == "nan"
    else:
        assert factor is not None
        assert float(factor[1]) == pytest.approx(variant.facts["factor_per_layer"], rel=1e-3, abs=6e-5)


@pytest.mark.parametrize("text", SPREAD)
def test_the_script_prints_the_medians_of_the_engine(text: str, printed: dict[str, str]) -> None:
    agrees(text, printed[text])


def test_the_script_runs_alone_in_a_fresh_process(tmp_path: Path) -> None:
    text = "tanh 3x8 seeds=2 batch=4"
    agrees(text, python("-c", script(Spec.parse(text)), folder=tmp_path))


@pytest.mark.parametrize("text", SPREAD)
def test_the_script_is_python_and_imports_only_torch(text: str) -> None:
    source = script(Spec.parse(text))
    imports_only_torch(source)
    assert Spec.parse(text).text in source
    assert max(len(line) for line in source.splitlines()) < 160


def imports_only_torch(source: str) -> None:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    assert names == {"torch"}
