"""The card of learning rates: does any help, and what is drawn."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D
from plot_samples import measured
from training_samples import HELPED, LN2, RATES, STUCK_AT_ALL, TRAINED, rated, texts

from sim.measurements import Array, Measurements, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, learning_rate
from sim.plots.legibility import check_legible
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE

LEARNS = [LN2, LN2, 0.65, 0.5, 0.2, 0.05, 0.04, 0.3, np.nan, np.inf]


def sweep(*variants: Variant) -> Measurements:
    return measured("learning_rate", *variants)


def six() -> Measurements:
    names = ("sigmoid", "relu", "tanh", "gelu", "leaky_relu", "hardtanh")
    return sweep(*(rated(LEARNS, HELPED, spec=replace(TRAINED, activation=name)) for name in names))


CASES: dict[str, Callable[[], Measurements]] = {
    "layer-wise": lambda: sweep(rated(STUCK_AT_ALL, HELPED)),
    "never": lambda: sweep(rated(STUCK_AT_ALL, STUCK_AT_ALL)),
    "learns": lambda: sweep(rated(LEARNS, LEARNS, growth=1.0)),
    "all NaN": lambda: sweep(rated([np.nan] * 10, [np.nan] * 10)),
    "all zero": lambda: sweep(rated([0.0] * 10, [0.0] * 10)),
    "huge": lambda: sweep(rated([1e300] * 10, [1e-300] * 10, growth=1e3)),
    "one rate": lambda: sweep(rated([LN2], [np.inf])),
    "one seed": lambda: sweep(rated(LEARNS, HELPED, spec=replace(TRAINED, seeds=1))),
    "200 layers": lambda: sweep(rated(STUCK_AT_ALL, HELPED, spec=replace(TRAINED, depth=200))),
    "squared error": lambda: sweep(rated([0.25] * 10, [0.2] * 10, plateau=0.25)),
    "six": six,
    "long labels": lambda: replace(
        six(), variants=tuple(replace(one, label=one.label + " · a long label" * 6) for one in six().variants)
    ),
}  # fmt: skip


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", CASES)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    sample = CASES[case]()
    for place in range(len(sample.variants)):
        assert check_legible(learning_rate.compose(sample, theme, place).finish()) == []


@pytest.mark.parametrize("case", CASES)
def test_there_is_one_card_for_each_variant_and_its_texts_keep_their_lengths(case: str) -> None:
    sample = CASES[case]()
    plots = draw(sample)
    assert len(plots) == len(sample.variants)
    for plot in plots:
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert not any(word in plot.alt for word in ("image of", "orange", "purple", "nan", " inf", "None"))
    assert draw(Measurements.from_json(sample.to_json())) == plots


@pytest.mark.parametrize(
    ("one", "layered", "expected"),
    [
        (STUCK_AT_ALL, HELPED, "Layer-wise rates learn, one rate does not"),
        (STUCK_AT_ALL, STUCK_AT_ALL, "Sigmoid: no rate from 0.001 to 32 helps"),
        (LEARNS, STUCK_AT_ALL, "Sigmoid: any rate from 0.032 to 3.2 learns"),
        ([0.1] * 10, STUCK_AT_ALL, "Sigmoid: every rate from 0.001 to 32 learns"),
        ([np.nan] * 10, STUCK_AT_ALL, "Sigmoid: every rate from 0.001 to 32 diverges"),
        ([LN2] * 9 + [0.1], STUCK_AT_ALL, "Sigmoid: only rate 32 learns"),
        ([0.1, LN2] * 5, STUCK_AT_ALL, "Sigmoid: 5 of 10 rates learn"),
    ],
)
def test_the_title_answers_whether_it_is_the_rate(
    one: list[float], layered: list[float], expected: str
) -> None:
    assert learning_rate.title(sweep(rated(one, layered))) == expected


def test_several_variants_are_named_in_their_titles() -> None:
    titles = [plot.title for plot in draw(six())]
    assert [title.split(":")[0] for title in titles] == [
        "Sigmoid", "ReLU", "Tanh", "GELU", "Leaky ReLU", "Hard tanh",
    ]  # fmt: skip


def lines(measurements: Measurements) -> list[tuple[Array, Array, str]]:
    found = learning_rate.compose(measurements, DARK).figure.findobj(Line2D)
    return [
        (np.asarray(one.get_xdata(), float), np.asarray(one.get_ydata(), float), str(one.get_marker()))
        for one in found
    ]


def test_the_lines_are_the_medians_below_divergence_and_markers_at_the_top_the_rest() -> None:
    sample = sweep(rated(STUCK_AT_ALL, HELPED))
    drawn = lines(sample)
    for name, lost in (("loss", 1), ("loss_by_layer", 2)):
        with np.errstate(invalid="ignore"):
            expected = np.median(sample.variants[0].series[name].values, axis=0)
        expected[-lost:] = np.nan
        assert any(
            len(x) == 10 and np.allclose(x, np.log10(RATES)) and np.allclose(y, expected, equal_nan=True)
            for x, y, _ in drawn
        )
        edge = [(x, y) for x, y, marker in drawn if marker == "^" and len(x) == lost]
        assert any(np.allclose(x, np.log10(RATES[-lost:])) and (y > 2 * LN2).all() for x, y in edge)
    assert any(np.allclose(y, LN2) and len(y) == 2 for _, y, _ in drawn)


def test_the_card_names_the_level_the_ways_and_what_diverges() -> None:
    words = texts(learning_rate.compose(sweep(rated(STUCK_AT_ALL, HELPED)), DARK))
    assert {
        "knowing nothing: ln 2",
        "one rate",
        "layer-wise rates  4.3× faster per layer",
        "diverges",
    } <= set(words)


def test_the_alternative_text_gives_the_numbers_in_order() -> None:
    text = learning_rate.alt(sweep(rated(STUCK_AT_ALL, HELPED)))
    expected = [
        "Sigmoid · Glorot. Line chart", "from 0.69 at 0.001 to overflow at 32", "no rate leaves the level",
        "diverges at 32", "ln 2 = 0.69", "4.3× faster per layer towards the input", "the best is 0.1 at 1",
        "diverges at 10, 32", "medians of 8 seeds",
        "Conditions: MLP, 10 layers of width 32, after 300 steps, SGD, blobs.",
    ]  # fmt: skip
    places = [text.find(words) for words in expected]
    assert -1 not in places, (text, expected[places.index(-1)])
    assert places == sorted(places)
