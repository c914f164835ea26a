"""Printed scripts: run them, and read what they print."""

import re
import runpy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from sim import experiments
from sim.measurements import Array, Variant
from sim.quantiles import median
from sim.script import script
from sim.spec import Spec
from sim.support import natural, require_runnable

TOLERANCE = {"float64": 1e-9, "float32": 1e-5, "float16": 0.01, "bfloat16": 0.08}
"""Relative; in half precision, one network and many at once round differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What one script has printed: a table with one row per layer, and lines of words below."""

    numbers: list[int]
    signal: Array
    weight: Array
    factor: float | None
    loss: tuple[float, float] | None


def read(output: str) -> Printed:
    """Read the output of a script."""
    rows = [line.split() for line in output.splitlines() if re.match(r" *[0-9]+ ", line)]
    factor = re.search(r"^factor per (?:layer|step|block) (\S+)$", output, re.MULTILINE)
    loss = re.search(r"^loss (\S+) before, (\S+) after training$", output, re.MULTILINE)
    return Printed(
        numbers=[int(row[0]) for row in rows],
        signal=np.array([float(row[1]) for row in rows]),
        weight=np.array([float(row[2]) for row in rows]),
        factor=None if factor is None or factor[1] == "nan" else float(factor[1]),
        loss=None if loss is None else (float(loss[1]), float(loss[2])),
    )


def run_here(spec: Spec, folder: Path, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Write a script into a folder and run it in this process."""
    path = folder / "printed_script.py"
    path.write_text(script(spec), encoding="utf-8")
    capsys.readouterr()
    runpy.run_path(str(path))
    return read(capsys.readouterr().out)


def measured(spec: Spec) -> Variant:
    """Run the engine as it answers a plain request for a spec."""
    experiment = natural([spec])
    require_runnable(experiment, [spec])
    require_runnable("gradients", [spec])
    return experiments.run(experiment, [spec], lambda _share, _text: None).variants[0]


def agrees(printed: Printed, spec: Spec, *, rtol: float | None = None, atol: float = 0.0) -> None:
    """Assert that a script has printed the engine's numbers."""
    variant = measured(spec)
    rtol = TOLERANCE[spec.precision] if rtol is None else rtol
    assert printed.numbers == list(range(1, spec.depth + 1))
    for name, values in (("signal", printed.signal), ("weight", printed.weight)):
        expected = median(variant.series[name].values)
        np.testing.assert_allclose(values, expected, rtol=rtol, atol=atol, err_msg=name)
    factor = variant.facts["factor_per_layer"]
    assert printed.factor == (None if factor is None else pytest.approx(factor, rel=rtol))
    if not spec.steps:
        assert printed.loss is None
        return
    loss = median(variant.series["loss"].values)
    assert printed.loss == pytest.approx((loss[0], loss[-1]), rel=rtol)
