"""The pixels: size, colours, and the same bytes every time, whatever else draws in the process."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image
from plot_samples import bowls, methods, plateau, sigmoid_and_others

from sim.measurements import Measurements
from sim.plots import DARK, LIGHT, Theme, draw
from sim.plots.gradients import compose

SAMPLES = [sigmoid_and_others(), methods(), plateau(), bowls()]


def picture(measurements: Measurements, theme: str = "dark") -> Image.Image:
    return Image.open(io.BytesIO(draw(measurements, theme)[0].png))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.experiment)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_a_card_has_its_size_and_the_exact_colours_of_its_theme(sample: Measurements, theme: Theme) -> None:
    image = picture(sample, theme.name)
    assert image.size == (1320, 840)
    assert image.mode == "P"
    pixels = np.asarray(image.convert("RGB"), np.uint32).reshape(-1, 3) @ [1 << 16, 1 << 8, 1]
    colors = {f"#{pixel:06X}" for pixel in np.unique(pixels)}
    assert {theme.card, theme.text, theme.muted, theme.series[0]} <= colors


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.experiment)
def test_a_card_is_smaller_than_80_kilobytes(sample: Measurements) -> None:
    assert len(draw(sample)[0].png) < 80_000


def test_drawing_twice_gives_the_same_bytes() -> None:
    assert draw(sigmoid_and_others()) == draw(sigmoid_and_others())


def test_no_global_style_reaches_a_card() -> None:
    style = {
        "axes.grid": True, "figure.facecolor": "red", "font.family": "serif", "font.size": 30.0,
        "lines.linewidth": 9.0, "lines.marker": "x", "text.color": "red", "patch.linewidth": 5.0,
        "savefig.dpi": 50.0, "figure.dpi": 50.0, "axes.facecolor": "red", "lines.color": "red",
    }  # fmt: skip
    before = [draw(sample) for sample in SAMPLES]
    with mpl.rc_context(style):  # pyright: ignore[reportArgumentType, reportUnknownMemberType]
        assert [draw(sample) for sample in SAMPLES] == before


def test_threads_draw_what_one_thread_draws() -> None:
    alone = [draw(sample) for sample in SAMPLES * 2]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, SAMPLES * 2)) == alone


@pytest.mark.parametrize(
    ("program", "module"),
    [
        ("import sim.plots", "matplotlib"),
        ("from plot_samples import *; from sim.plots import draw; draw(plateau())", "matplotlib.pyplot"),
        ("from plot_samples import *; from sim.plots import draw; draw(plateau())", "torch"),
    ],
)
def test_drawing_imports_no_more_than_it_needs(program: str, module: str) -> None:
    check = f"{program}; import sys; sys.exit({module!r} in sys.modules)"
    path = os.pathsep.join(entry for entry in sys.path if entry)
    subprocess.run([sys.executable, "-c", check], check=True, env={**os.environ, "PYTHONPATH": path})


def test_what_looks_like_mathematics_is_text() -> None:
    sample = sigmoid_and_others()
    variants = tuple(replace(v, label=rf"$\frac{{a}}{{b}}$ {n}") for n, v in enumerate(sample.variants))
    assert draw(replace(sample, variants=variants))


def test_lines_hold_the_medians_and_dashes_hold_the_theory() -> None:
    sample = sigmoid_and_others()
    lines = compose(sample, DARK).figure.findobj(Line2D)
    drawn = [np.asarray(line.get_ydata(), dtype=np.float64) for line in lines]

    def is_drawn(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
        return any(len(y) == len(values) and np.allclose(y, np.log10(values)) for y in drawn)

    for variant in sample.variants:
        assert is_drawn(np.median(variant.series["signal"].values, axis=0))
    assert is_drawn(sample.variants[0].series["theory"].values)


def test_an_experiment_without_a_drawing_and_a_wrong_theme_are_refused() -> None:
    unknown = replace(sigmoid_and_others(), experiment="astrology")
    with pytest.raises(ValueError, match="got 'astrology'; add that file"):
        draw(unknown)
    with pytest.raises(ValueError, match="got 'card'"):
        draw(replace(unknown, experiment="card"))
    with pytest.raises(ValueError, match=r"got '\.\./x'"):
        draw(replace(unknown, experiment="../x"))
    with pytest.raises(ValueError, match="dark or light; got 'blue'"):
        draw(sigmoid_and_others(), "blue")
