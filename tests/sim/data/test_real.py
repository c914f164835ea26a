"""The real data sets: the same numbers as scikit-learn's own loader, each example once per replica."""

import importlib
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from sim.data import draw_batch, tables
from sim.errors import SpecError
from sim.randomness import Streams
from sim.spec import Spec

Numbers = npt.NDArray[np.float64]


def loaded(name: str) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Read a data set by scikit-learn, which has no types."""
    datasets: Any = importlib.import_module("sklearn.datasets")
    loader = {"digits": datasets.load_digits, "cancer": datasets.load_breast_cancer}[name]
    return loader(return_X_y=True)


@pytest.mark.parametrize(("name", "shape"), [("digits", (1797, 64)), ("cancer", (569, 30))])
def test_a_table_is_that_of_scikit_learn_up_to_shift_and_scale(name: str, shape: tuple[int, int]) -> None:
    features, targets = tables.table(name)
    expected, classes = loaded(name)
    assert features.shape == shape
    np.testing.assert_array_equal(targets, classes)
    np.testing.assert_allclose(features.mean(axis=0), 0.0, atol=1e-12)
    deviation = expected - expected.mean(axis=0)
    scale = deviation.std(axis=0) if name == "cancer" else deviation.std()
    np.testing.assert_allclose(features * scale, deviation, rtol=1e-12, atol=1e-10)


def test_the_cancers_are_those_of_scikit_learns_own_scaler() -> None:
    scaler: Any = importlib.import_module("sklearn.preprocessing").StandardScaler()
    expected: Numbers = scaler.fit_transform(loaded("cancer")[0])
    np.testing.assert_allclose(tables.table("cancer")[0], expected, rtol=1e-9, atol=1e-12)


def test_a_pixel_on_its_own_scale_would_reach_42() -> None:
    scaler: Any = importlib.import_module("sklearn.preprocessing").StandardScaler()
    alone: Numbers = scaler.fit_transform(loaded("digits")[0])
    assert round(float(np.abs(alone).max())) == 42
    assert float(np.abs(tables.table("digits")[0]).max()) < 4


def test_reading_imports_neither_scikit_learn_nor_scipy() -> None:
    program = (
        "import sys; from sim.data import draw_batch; from sim.randomness import Streams\n"
        "from sim.spec import Spec\n"
        "for data in ('digits', 'cancer'): draw_batch(Spec(data=data), Streams([0]))\n"
        "print([name for name in ('sklearn', 'scipy', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_asking_what_fits_needs_no_torch() -> None:
    program = "import sys; import sim.data.fitting, sim.data.tables; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"


def test_the_package_has_no_other_names() -> None:
    import sim.data  # noqa: PLC0415

    assert sim.data.__all__ == ["Batch", "draw_batch"]
    with pytest.raises(AttributeError, match=r"module 'sim\.data' has no attribute 'draw'"):
        _ = getattr(sim.data, "draw")  # noqa: B009  pyright knows it is not there


@pytest.mark.parametrize(
    "text", ["data=digits loss=ce batch=1748", "data=digits batch=1782", "data=cancer batch=424"]
)
def test_the_largest_batch_has_every_example_at_most_once(text: str) -> None:
    spec = Spec.parse(text)
    batch = draw_batch(spec, Streams([3, 4]))
    table, targets = tables.table(spec.data)
    rows = {
        tuple(row): target for row, target in zip(table.astype(np.float32).tolist(), targets, strict=True)
    }
    assert len(rows) == len(table)  # no two examples are alike, so a row tells which one it is
    for replica in range(2):
        drawn = [tuple(row) for row in batch.inputs[replica].numpy().tolist()]
        assert len(set(drawn)) == spec.batch
        expected = [int(rows[row]) % (10 if spec.loss == "ce" else 2) for row in drawn]
        assert batch.labels[replica].numpy().tolist() == expected


def test_replicas_draw_their_own_examples() -> None:
    inputs = draw_batch(Spec(data="digits", batch=20), Streams(range(30))).inputs
    different = {tuple(row) for row in inputs.flatten(0, 1).numpy().tolist()}
    # 600 of 1797 with replacement between the replicas: 1797(1 − e^(−1/3)) ≈ 509 different ones.
    assert len(different) == pytest.approx(509, abs=40)


def test_an_image_is_upright() -> None:
    """A zero has ink left and right of an empty centre, whose pixels are below their mean."""
    spec = Spec(data="digits", loss="ce", batch=1000)
    flat, image = (
        draw_batch(one, Streams([0]))
        for one in (spec, Spec(data="digits", loss="ce", batch=1000, arch="cnn", depth=1, width=1))
    )
    assert torch.equal(flat.inputs.reshape(1, 1000, 1, 8, 8), image.inputs)
    zeros = image.inputs[image.labels == 0].mean(dim=0)[0]
    assert float(zeros[4, 3:5].mean()) < -0.5
    assert float(zeros[4, [2, 5]].mean()) > 0.5


def test_a_missing_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Elsewhere:
        def __init__(self, name: str) -> None:
            assert name == "scikit-learn"

        def locate_file(self, path: str) -> Path:
            return tmp_path / path

    monkeypatch.setattr(metadata, "distribution", Elsewhere)
    with pytest.raises(SpecError) as caught:
        tables.table("digits")
    assert str(caught.value) == (
        "data=digits is read from scikit-learn's file digits.csv.gz, which is missing here; "
        "reinstall scikit-learn, or use data=blobs."
    )


def test_without_scikit_learn_the_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(SpecError) as caught:
        tables.table("cancer")
    assert str(caught.value) == (
        "data=cancer is read from a file of scikit-learn, which is not installed here; "
        "install it, or use data=blobs."
    )


def test_a_process_reads_a_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw_batch(Spec(data="digits"), Streams([0])).inputs
    monkeypatch.setattr(np, "loadtxt", None)
    assert torch.equal(draw_batch(Spec(data="digits"), Streams([0])).inputs, first)
