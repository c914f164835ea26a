"""The cards of parameter counts: what they say, what they draw, and that they can be read."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text
from plot_samples import measured, profile

from sim.measurements import Measurements, Series, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, gradients, parameters
from sim.plots.dealing import deal
from sim.plots.legibility import check_legible
from sim.plots.parameters_words import groups
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

CNN = Spec(arch="cnn", depth=5, width=8, activation="relu", init="he")
MLP = replace(CNN, arch="mlp", width=512)
LSTM = Spec(arch="lstm", depth=50, width=32, activation="tanh")


def counted(spec: Spec, layer: int, *, fewer: float = 1.0, uses: int = 1, units: int = 512) -> Variant:
    """A network whose hidden layers have this many weights each, and a gradient that stays."""
    layers = 1 if spec.arch == "lstm" else spec.depth
    variant = profile(spec, 0.98)
    facts = {
        "parameters": layers * layer + 541,
        "weights": layers * layer + 512,
        "biases": 29,
        "norms": 0,
        "hidden_weights": layers * layer,
        "layer_weights": layer,
        "unshared_weights": round(layers * layer * fewer),
        "unshared_layer_weights": round(layer * fewer),
        "fewer": fewer,
        "uses": uses,
        "units": units,
    }
    weights = Series(axes=("layer",), values=np.full(layers, float(layer)))
    series = {**variant.series, "layer_weights": weights}
    return replace(variant, series=series, facts={**variant.facts, **facts})


def convolution(spec: Spec = CNN, **knobs: int) -> Variant:
    return counted(spec, 576, fewer=512**2 / 576, uses=64, **knobs)


def of(*variants: Variant) -> Measurements:
    return measured("parameters", *variants)


CASES: dict[str, Callable[[], Measurements]] = {
    "the pair": lambda: of(convolution(), counted(MLP, 512**2)),
    "the other way round": lambda: of(counted(MLP, 512**2), convolution()),
    "alone": lambda: of(convolution()),
    "alone, full": lambda: of(counted(MLP, 512**2)),
    "alone, recurrent": lambda: of(counted(LSTM, 8_192, fewer=50, uses=50, units=32)),
    "unlike the other": lambda: of(convolution(), counted(replace(MLP, width=64), 64**2, units=64)),
    "three": lambda: of(
        convolution(), convolution(replace(CNN, kernel=5, padding="circular")), counted(MLP, 512**2)
    ),
    "six": lambda: of(
        *(
            counted(replace(MLP, width=2**at, norm="batch", data="digits"), 4**at)
            for at in (1, 2, 5, 6, 9, 10)
        )
    ),
    "equal": lambda: of(counted(MLP, 512**2), counted(replace(MLP, activation="tanh"), 512**2)),
    "one weight": lambda: of(counted(replace(MLP, depth=1, width=1), 1, units=1)),
    "huge": lambda: of(counted(replace(CNN, width=1024), 10**9, fewer=3e5, uses=4096), counted(MLP, 512**2)),
    "a long name": lambda: of(
        replace(convolution(), label="a name that an instructor wrote and never tried on a phone · cnn"),
        replace(counted(MLP, 512**2), label="another name that nobody ever tried on a phone · mlp"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", CASES)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for part in deal(CASES[case]()):
        assert check_legible(parameters.compose(part, theme).finish()) == []


@pytest.mark.parametrize("case", CASES)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    for plot in draw(CASES[case]()):
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert not any(word in plot.alt for word in ("orange", "image of", "nan", "None"))


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("the pair", "The convolution needs 455× fewer weights"),
        ("the other way round", "Full connection needs 455× more weights"),
        ("alone", "455× fewer weights than fully connected"),
        ("alone, full", "1,311,261 parameters in 5 layers"),
        ("alone, recurrent", "50 steps share the same 8,192 weights"),
        ("unlike the other", "CNN: 6.1× fewer parameters than MLP"),
        ("equal", "ReLU and tanh: equally many weights"),
        ("three", "CNN · zero padding: 455× fewer weights"),
    ],
)
def test_the_title_is_the_finding(case: str, title: str) -> None:
    assert parameters.title(CASES[case]()) == title


def numbers(measurements: Measurements) -> list[str]:
    """Return the numbers written on the card, from the top down."""
    figure = parameters.compose(measurements, DARK).finish()
    texts = sorted(figure.findobj(Text), key=lambda text: -text.get_position()[1])
    return [text.get_text() for text in texts if re.fullmatch(r"[\d,]{2,}", text.get_text())]


def test_every_count_is_written_beside_its_marker() -> None:
    *counts, tick = numbers(CASES["the pair"]())
    assert (counts, tick) == (["576", "262,144", "3,421", "1,311,261"], "100")


def test_the_markers_are_at_the_counts() -> None:
    card = parameters.compose(CASES["the pair"](), DARK)
    dots = [one for one in card.figure.findobj(Line2D) if one.get_marker() in {"o", "s"}]
    found = {round(10 ** float(np.asarray(dot.get_xdata())[0])) for dot in dots}
    assert found == {576, 262_144, 3_421, 1_311_261}


def test_what_is_only_arithmetic_is_hollow_and_called_so() -> None:
    measurements = CASES["alone"]()
    card = parameters.compose(measurements, DARK)
    dots = [one for one in card.figure.findobj(Line2D) if one.get_marker() == "o"]
    hollow = [10 ** float(np.asarray(d.get_xdata())[0]) for d in dots if d.get_markerfacecolor() == "none"]
    assert hollow == pytest.approx([512**2])
    assert "Arithmetic, not counted: if fully connected." in parameters.alt(measurements)
    # Beside a network that is fully connected, the arithmetic has nothing to add.
    assert "Arithmetic" not in parameters.alt(CASES["the pair"]())


def test_the_alternative_text_has_every_count_and_where_the_saving_comes_from() -> None:
    text = parameters.alt(CASES["the pair"]())
    for words in ("CNN 576", "MLP 262,144", "CNN 3,421", "MLP 1,311,261", "at 64 pixels", "9 pixels instead"):
        assert words in text


def test_the_gradients_follow_on_cards_of_their_own() -> None:
    measurements = CASES["the pair"]()
    first, second = draw(measurements)
    assert (first.title, second.title) == (parameters.title(measurements), gradients.title(measurements))
    assert second.alt == f"Card 2 of 2. {gradients.alt(measurements)}"
    assert len(draw(CASES["six"]())) == 6


@pytest.mark.parametrize("case", ["the pair", "alone, recurrent"])
def test_what_travels_as_json_is_drawn_the_same(case: str) -> None:
    measurements = CASES[case]()
    assert draw(Measurements.from_json(measurements.to_json())) == draw(measurements)


def test_networks_of_different_architectures_are_named_by_these_alone() -> None:
    circular = replace(CNN, padding="circular")
    sample = of(convolution(circular), counted(replace(MLP, padding="circular"), 512**2))
    rows = [row.name for group in groups(sample.variants) for row in group.rows]
    assert rows == ["CNN", "MLP", "CNN", "MLP"]
    assert "circular padding" in parameters.compose(sample, DARK).frame.footer
    apart = of(convolution(circular), counted(replace(MLP, norm="batch"), 512**2))
    assert [row.name for row in groups(apart.variants)[0].rows] == [
        "CNN · no norm · circular padding",
        "MLP · batch norm",
    ]
