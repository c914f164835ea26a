"""The cards of training: what they say, what they draw, and that they can be read whatever happened."""

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image
from training_samples import LN2, TRAINED, runs, texts, trained

from sim.measurements import Array, Measurements, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, training, training_heat, training_updates
from sim.plots.artists import Picture
from sim.plots.card import Card
from sim.plots.color_bar import ramp
from sim.plots.dealing import deal
from sim.plots.legibility import check_legible
from sim.plots.plain_scales import linear_scale, rate_scale, step_scale
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE, from_to
from sim.spec import Spec

RELU = replace(TRAINED, activation="relu", init="he")
NORM = replace(TRAINED, norm="batch")
ACTIVATIONS = ("sigmoid", "relu", "tanh", "gelu", "leaky_relu", "hardtanh")


def diverging(after: int = 40) -> Array:
    values = 0.7 * 1.5 ** np.arange(101.0)
    values[after:] = np.nan
    return values


def edges() -> Array:
    """A map with every kind of cell."""
    heat = np.tile(np.logspace(-300, 300, 10), (41, 1))
    heat[20:, :3], heat[30:, 5], heat[35:, 7] = 0.0, np.nan, np.inf
    return heat


def three() -> Measurements:
    return runs(
        trained(), trained(RELU, last=0.02, moved=0.02, update=3e-3), trained(NORM, last=0.1, moved=0.3)
    )


def six(label: str = "") -> Measurements:
    sample = runs(*(trained(replace(TRAINED, activation=activation)) for activation in ACTIVATIONS))
    named = (replace(one, label=f"{label} {one.label}" if label else one.label) for one in sample.variants)
    return replace(sample, variants=tuple(named))


CASES: dict[str, Callable[[], Measurements]] = {
    "stuck": lambda: runs(trained()),
    "learns": lambda: runs(trained(RELU, last=0.02, moved=0.02, update=3e-3)),
    "two": lambda: runs(trained(), trained(RELU, last=0.02, moved=0.02)),
    "three": three,
    "six": six,
    "long labels": lambda: six("a very long label that an instructor wrote and never tried on a phone"),
    "diverges": lambda: runs(trained(RELU, loss=diverging(), updates=diverging()[:-1])),
    "diverges at once": lambda: runs(trained(RELU, loss=np.full(101, np.nan), updates=np.full(100, np.nan))),
    "infinite": lambda: runs(trained(loss=np.full(101, np.inf), heat=np.full((41, 10), np.inf))),
    "all zero": lambda: runs(
        trained(loss=np.zeros(101), updates=np.zeros(100), heat=np.zeros((41, 10)), moved=1e-300)
    ),
    "zero and huge": lambda: runs(trained(loss=np.r_[1e300, np.zeros(100)])),
    "subnormal": lambda: runs(trained(updates=np.full(100, 5e-324), heat=np.full((41, 10), 5e-324))),
    "zeros at times": lambda: runs(trained(updates=np.where(np.arange(100) % 3 == 0, 0.0, 1e-9))),
    "edges": lambda: runs(trained(heat=edges())),
    "one step": lambda: runs(trained(replace(TRAINED, steps=1))),
    "two steps": lambda: runs(trained(replace(TRAINED, steps=2))),
    "100,000 steps": lambda: runs(trained(replace(TRAINED, steps=100_000), last=0.01, moved=0.1)),
    "learns at once": lambda: runs(trained(loss=np.r_[0.7, np.full(100, 1e-3)], moved=0.1)),
    "200 layers": lambda: runs(trained(replace(TRAINED, depth=200))),
    "1 layer": lambda: runs(trained(replace(TRAINED, depth=1), last=0.1, moved=0.1)),
    "one seed": lambda: runs(trained(replace(TRAINED, seeds=1))),
    "recurrent": lambda: runs(trained(replace(TRAINED, arch="lstm", data="recall"), last=0.01, moved=0.1)),
    "squared error": lambda: runs(trained(replace(TRAINED, loss="mse"), last=0.25, plateau=0.25)),
}  # fmt: skip


def cards(measurements: Measurements, theme: Theme = DARK) -> list[Card]:
    parts = deal(measurements)
    maps = training_heat.places(measurements)
    return [
        *(training.compose(part, theme) for part in parts),
        *(training_updates.compose(part, theme) for part in parts),
        *(training_heat.compose(measurements, theme, place) for place in maps),
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", CASES)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for card in cards(CASES[case](), theme):
        assert check_legible(card.finish()) == []


@pytest.mark.parametrize("case", CASES)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    plots = draw(CASES[case]())
    assert len(plots) == len(cards(CASES[case]()))
    for plot in plots:
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert not any(word in plot.alt for word in ("image of", "orange", "purple", "nan", " inf", "None"))


@pytest.mark.parametrize("case", ["stuck", "two", "diverges", "edges", "learns at once"])
def test_drawing_twice_gives_the_same_bytes(case: str) -> None:
    assert draw(CASES[case]()) == draw(CASES[case]())
    travelled = Measurements.from_json(CASES[case]().to_json())
    assert draw(travelled) == draw(CASES[case]())


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (runs(trained()), "Stays at ln 2: layers 1–6 moved under 0.1 %"),
        (runs(trained(moved=0.01)), "Loss stays at ln 2 for 300 steps"),
        (runs(trained(last=0.02, moved=0.01)), "Every layer learns: loss 0.76 → 0.02"),
        (runs(trained(last=0.02)), "It learns, but layers 1–6 moved under 0.1 %"),
        (runs(trained(last=0.8, moved=0.01)), "Loss above ln 2 after 300 steps"),
        (runs(trained(loss=np.linspace(0.7, 30, 101), moved=0.1)), "Training diverges: loss 0.7 → 30"),
        (runs(trained(loss=diverging(), moved=0.1)), "Training diverges at step 120"),
        (runs(trained(replace(TRAINED, loss="mse"), last=0.25, plateau=0.25, moved=0.1)),
         "Loss stays at 1/4 for 300 steps"),
        (runs(trained(last=float(np.log(10)), plateau=float(np.log(10)), moved=0.1)),
         "Loss stays at ln 10 for 300 steps"),
        (runs(trained(replace(TRAINED, arch="rnn"), last=0.1, moved=0.1)), "Learns: loss 0.76 → 0.1"),
        (runs(trained(), trained(RELU, last=0.02)), "Sigmoid stays at ln 2, ReLU learns"),
        (runs(trained(RELU, loss=diverging()), trained()), "ReLU diverges, sigmoid stays at ln 2"),
        (three(), "Only sigmoid · no norm stays at ln 2"),
        (runs(trained(), trained(RELU)), "Both stay at ln 2 for 300 steps"),
    ],
)  # fmt: skip
def test_the_title_is_the_verdict(sample: Measurements, expected: str) -> None:
    assert training.title(sample) == expected


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (runs(trained()), "Layer 1 starts 3e6× slower than layer 10"),
        (runs(trained(update=0.3)), "Layer 1 starts 100× faster than layer 10"),
        (runs(trained(update=3e-3)), "Sigmoid: layers 1 and 10 start alike"),
        (runs(trained(updates=np.zeros(100))), "The first update of layer 1 is exactly 0"),
        (runs(trained(RELU, updates=diverging()[:-1])), "ReLU: updates overflow from step 120 on"),
        (three(), "Sigmoid · no norm: 1e-9 in step 1"),
        (runs(trained(replace(TRAINED, arch="lstm"))), "LSTM: step 1 moves the weights by 1e-9"),
    ],
)
def test_the_second_title_compares_the_first_updates(sample: Measurements, expected: str) -> None:
    assert training_updates.title(sample) == expected


def changing(first: float) -> Array:
    """A map in which layer 1 begins at 0.01 of the last layer's gradient, and ends at `first` of it."""
    heat = np.ones((41, 10))
    heat[:, 0] = np.geomspace(0.01, first, 41)
    return heat


@pytest.mark.parametrize(
    ("heat", "expected"),
    [
        (changing(0.01), "Sigmoid: layer 1 stays at 0.01 of layer 10"),
        (changing(5.0), "Sigmoid: layer 1 from 0.01 to 5 of layer 10"),
        (np.where(np.arange(10) < 3, 0.0, np.ones((41, 1))), "Sigmoid: exactly 0 in layers 1–3"),
        (np.where(np.arange(10) < 1, np.inf, np.ones((41, 1))), "Sigmoid: gradient overflows in layer 1"),
    ],
)
def test_the_title_of_a_map_compares_first_and_last_layer(heat: Array, expected: str) -> None:
    assert training_heat.title(runs(trained(heat=heat)), 0) == expected


def drawn(card: Card) -> list[tuple[Array, Array]]:
    lines = card.figure.findobj(Line2D)
    return [(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)) for line in lines]


def holds(card: Card, x: Array, y: Array) -> bool:
    return any(len(a) == len(x) and np.allclose(a, x) and np.allclose(b, y) for a, b in drawn(card))


def test_the_lines_are_the_medians_over_the_steps() -> None:
    sample = three()
    card = training.compose(sample, DARK)
    for variant in sample.variants:
        values = np.median(variant.series["loss"].values, axis=0)
        assert holds(card, variant.series["loss_steps"].values, values)
    ends = np.array([card.frame.x.low, card.frame.x.high])
    assert holds(card, ends, np.full(2, LN2))
    updates = training_updates.compose(sample, DARK)
    for variant in sample.variants:
        values = np.median(variant.series["update_first"].values, axis=0)
        assert holds(updates, variant.series["update_steps"].values, np.log10(values))
    assert holds(updates, ends, np.full(2, -3.0))


def test_one_variant_shows_both_layers_and_several_the_first() -> None:
    alone, both = (training_updates.compose(sample, DARK) for sample in (runs(trained()), CASES["two"]()))
    last = np.median(runs(trained()).variants[0].series["update_last"].values, axis=0)
    steps = trained().series["update_steps"].values
    assert holds(alone, steps, np.log10(last))
    assert not holds(both, steps, np.log10(last))
    assert {"layer 1", "layer 10"} <= set(texts(alone))


def test_the_level_and_the_rule_of_thumb_have_their_names() -> None:
    card = training.compose(CASES["squared error"](), DARK)
    assert "knowing nothing: 1/4" in texts(card)
    assert "rule of thumb: 0.001" in texts(training_updates.compose(three(), DARK))


def test_a_loss_that_falls_at_once_has_a_logarithmic_axis_of_steps() -> None:
    soon, late = (training.compose(CASES[case](), DARK).frame for case in ("learns at once", "learns"))
    assert "log scale" in soon.x_label
    assert "log scale" not in late.x_label
    assert [words for _, words in soon.x.ticks] == ["0", "10", "100", "300"]


def test_what_diverges_is_marked_at_the_top_with_a_word() -> None:
    card = training.compose(CASES["diverges"](), DARK)
    assert "diverges at step 120" in texts(card)
    (marked,) = [(x, y) for x, y in drawn(card) if len(x) > 2 and np.ptp(y) == 0]
    assert marked[0].min() == 120
    assert 0 < card.frame.y.high - marked[1].min() < 0.05 * (card.frame.y.high - card.frame.y.low)


def rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_cell_has_the_colour_of_its_value(theme: Theme) -> None:
    heat = np.logspace(-8, 0, 410).reshape(41, 10)
    plots = draw(runs(trained(heat=heat)), theme.name)
    image = Image.open(io.BytesIO(plots[2].png))
    assert image.mode == "RGB"
    frame = training_heat.compose(runs(trained(heat=heat)), theme, 0).frame
    pixels = np.asarray(image)
    steps = trained().series["heat_steps"].values
    color = ramp(-8, 0)
    for column in range(0, 41, 5):
        for layer in range(1, 11):
            ((x, y),) = frame.pixels(np.array([steps[column]]), np.array([float(layer)]))
            found = pixels[839 - int(y), int(x)].tolist()
            assert found == color(np.log10(heat[column, layer - 1])).tolist()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_cells_without_a_size_have_patterns_that_are_no_colours_of_the_map(theme: Theme) -> None:
    card = training_heat.compose(runs(trained(heat=edges())), theme, 0)
    assert card.frame.footer.startswith("striped: exactly 0, checked: overflow")
    pixels = max((one.pixels for one in card.figure.findobj(Picture)), key=np.size).reshape(-1, 3)
    found = {tuple(color) for color in np.unique(pixels, axis=0).tolist()}
    table = {tuple(color) for color in ramp(0, 1)(np.linspace(0, 1, 256)).tolist()}
    between = tuple((a + b) // 2 for a, b in zip(rgb(theme.muted), rgb(theme.card), strict=True))
    assert {rgb(theme.card), between} <= found
    assert found <= table | {rgb(theme.card), between}
    assert not {rgb(theme.card), between} & table


def test_the_colours_ascend_in_lightness() -> None:
    colors = ramp(0, 1)(np.linspace(0, 1, 64)).astype(np.float64) / 255
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(luminance) > 0).all()


def test_maps_of_two_variants_share_their_colours_and_more_have_none() -> None:
    sample = runs(trained(), trained(RELU, heat=np.full((41, 10), 5.0)))
    alts = [training_heat.alt(sample, place) for place in training_heat.places(sample)]
    assert all("dark is 1.1e-7 and bright 5," in alt for alt in alts)
    assert len(training_heat.places(three())) == 0
    assert len(training_heat.places(CASES["1 layer"]())) == 0


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (0, ["Line chart", "from 0.76 at step 0 to 0.69 at step 300",
             "51 % of the answers right (by chance 50 %)",
             "layer 1 moved by 1e-7 of its size, layer 10 by 0.1; layers 1–6 by less than 0.001.",
             "ln 2 = 0.69",
             "medians of 16 seeds", "Conditions: MLP, 10 layers of width 32, SGD, rate 0.1, blobs."]),
        (1, ["Line chart", "layer 1 goes from 1e-9 at step 0 to 1e-9 at step 297",
             "layer 10 goes from 0.003 at step 0 to 0.003 at step 297", "0.001, a rule of thumb",
             "Conditions"]),
        (2, ["Map of the size", "dark is 1.1e-7 and bright 0.03", "at layer 1 it goes from 1.1e-7 to 1.1e-7",
             "layer 10 it goes from 0.03 to 0.03", "Median of 16 seeds", "Conditions"]),
    ],
)  # fmt: skip
def test_the_alternative_texts_give_the_numbers_in_order(card: int, expected: list[str]) -> None:
    alt = draw(runs(trained()))[card].alt.replace("At layer 1", "at layer 1")
    places = [alt.find(words) for words in expected]
    assert -1 not in places, (alt, expected[places.index(-1)])
    assert places == sorted(places)


@pytest.mark.parametrize("most", [1, 2, 3, 7, 10, 99, 100, 250, 300, 1000, 12_345, 99_999, 100_000])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_an_axis_of_steps_marks_both_ends_and_no_numbers_touch(most: int, *, logarithmic: bool) -> None:
    scale = step_scale(most, first=max(1, most // 100) if logarithmic else None)
    assert scale.ticks[0][1] == "0"
    assert scale.ticks[-1][1] == {100_000: "100k"}.get(most, str(most))
    share = np.diff([place for place, _ in scale.ticks]) / (scale.high - scale.low)
    widths = [0.011 * (len(a) + len(b)) for (_, a), (_, b) in pairwise(scale.ticks)]
    assert (share > np.array(widths)).all()


@pytest.mark.parametrize("values", [[0.0], [0.69, 0.7], [0.02, 2.3], [-0.1, 1.0], [float("nan")], [1e9]])
def test_a_plain_axis_shows_zero_and_all_values(values: list[float]) -> None:
    scale = linear_scale([np.array(values)])
    shown = [value for value in values if np.isfinite(value)]
    assert all(scale.low < value < scale.high for value in [0.0, *shown])
    assert 2 <= len(scale.ticks) <= 7
    assert all(float(words) == pytest.approx(place) for place, words in scale.ticks)


def test_an_axis_of_rates_has_a_tick_at_every_power_of_ten() -> None:
    words = [words for _, words in rate_scale(np.array([0.001, 32.0])).ticks]
    assert words == ["0.001", "0.01", "0.1", "1", "10"]


def test_a_loss_of_unknown_level_is_measured_against_two_classes() -> None:
    variant: Any = trained()
    facts = {name: fact for name, fact in variant.facts.items() if name != "loss"}
    assert "knowing nothing: ln 2" in texts(training.compose(runs(replace(variant, facts=facts)), DARK))


LN10 = float(np.log(10))


def course(first: float, last: float, spec: Spec = TRAINED, **more: Any) -> Variant:
    """A run whose loss goes straight from one value to another, with all layers moving."""
    return trained(spec, loss=np.linspace(first, last, 101), moved=0.1, **more)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (course(2.303, 2.281, plateau=LN10), "Loss barely falls, 2.303 → 2.281 in 300 steps"),
        (course(2.303, 2.302, plateau=LN10), "Loss stays at ln 10 for 300 steps"),
        (course(2.9, 2.46, plateau=LN10), "Loss falls 2.9 → 2.5, not below ln 10"),
        (course(2.9, 2.2, plateau=LN10), "Loss falls 2.9 → 2.2, hardly below ln 10"),
        (course(0.69, 0.73), "Loss does not fall, 0.69 → 0.73 in 300 steps"),
        (course(0.73, 0.73), "Loss stays at 0.73, not below ln 2"),
        (course(0.65, 0.65), "Loss stays at 0.65, hardly below ln 2"),
        # What falls from far above has not diverged.
        (course(13.0, 3.0), "Loss 13 → 3, still above ln 2"),
        (course(1.2, 1.19), "Loss above ln 2 after 300 steps"),
    ],
)
def test_the_title_says_that_a_loss_stays_only_where_it_does(sample: Variant, expected: str) -> None:
    assert training.title(runs(sample)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(2.303, 2.281, "2.303 → 2.281"), (0.76, 0.02, "0.76 → 0.02"), (2.87, 2.46, "2.9 → 2.5"),
     (0.7, 0.7, "0.7 → 0.7"), (0.69317, 0.69314, "0.6932 → 0.6931"), (13.0, float("inf"), "13 → overflow"),
     (1e-9, 3e-12, "1e-9 → 3e-12"), (123.4, 123.1, "123.40 → 123.10")],
)  # fmt: skip
def test_two_numbers_have_the_digits_that_show_their_difference(
    first: float, last: float, expected: str
) -> None:
    assert from_to(first, last) == expected


GREEDY = replace(TRAINED, pretrain="greedy")
MOMENTUM = replace(RELU, momentum=0.9)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (runs(course(2.303, 2.281, plateau=LN10), course(2.303, 0.1, RELU, plateau=LN10)),
         "Sigmoid improves little, ReLU learns"),
        (runs(trained(RELU, last=0.02, moved=0.1), trained(MOMENTUM, last=1e-5, moved=0.1)),
         "Momentum 0.9 ends lowest: loss 2.6e-4"),
        (runs(trained(RELU, last=0.02, moved=0.1), trained(MOMENTUM, last=0.019, moved=0.1)),
         "Both learn: loss 0.019 to 0.02"),
        (runs(trained(), trained(RELU), trained(NORM)), "All 3 stay at ln 2 for 300 steps"),
        (runs(trained(), trained(RELU), trained(NORM, last=0.02)), "Only batch norm learns"),
        (runs(course(0.7, 0.66), course(0.7, 0.66, RELU), trained(NORM, last=0.02)),
         "Batch norm learns most"),
        (runs(trained(loss=diverging()), trained(RELU, loss=diverging())), "Both diverge"),
        (runs(trained(), course(0.7, 0.66, RELU), trained(NORM, last=0.8)), "Not one of 3 learns"),
        (runs(trained(GREEDY), trained()), "Pretraining or not, the loss ends at 0.69"),
        (runs(trained(last=0.661), trained(GREEDY, last=0.65)), "No clear gain: pretrained 0.65, else 0.66"),
        (runs(trained(), trained(GREEDY, last=0.3)), "Pretraining helps: loss 0.3, without 0.69"),
        (runs(trained(GREEDY), trained(last=0.3)), "Pretraining harms: loss 0.69, without 0.3"),
        (runs(trained(GREEDY)), "Stays at ln 2: layers 1–6 stay as pretrained"),
    ],
)  # fmt: skip
def test_the_title_of_several_runs_compares_them_and_names_the_one_it_speaks_of(
    sample: Measurements, expected: str
) -> None:
    assert training.title(sample) == expected


def test_a_pretrained_network_says_where_its_steps_begin() -> None:
    sample = runs(trained(GREEDY))
    assert training.compose(sample, DARK).frame.x_label == "training step after pretraining"
    words = (
        "Step 0 of a pretrained network comes after pretraining, 300 steps for each layer as an autoencoder."
    )
    assert words in training.alt(sample)
    assert words in training_updates.alt(runs(trained(), trained(GREEDY)))
    assert "autoencoder" not in training.alt(runs(trained()))


def test_the_captions_name_depth_momentum_and_loss() -> None:
    spec = replace(RELU, momentum=0.9, loss="mse")
    sample = runs(trained(spec, last=0.01, moved=0.1, plateau=0.25))
    for card in (training.compose(sample, DARK), training_updates.compose(sample, DARK)):
        words = f"{card.frame.footer} {' '.join(texts(card))}"
        assert "10×32" in words or "10 layers of width 32" in words
        assert "momentum 0.9" in words
        assert "squared error" in words or "MSE" in words
        assert "ReLU" in words


def test_no_two_cards_of_a_run_have_the_same_title() -> None:
    sample = runs(trained(RELU, last=0.02, moved=0.1), trained(MOMENTUM, last=1e-5, moved=0.1))
    titles = [plot.title for plot in draw(sample)]
    assert len(set(titles)) == len(titles) == 4
    assert [title.split(":")[0] for title in titles[2:]] == ["Momentum 0", "Momentum 0.9"]


def test_of_several_runs_the_one_with_the_oddest_update_is_told() -> None:
    sample = runs(trained(RELU, update=2e-3, moved=0.1), trained(update=1e-9))
    assert training_updates.title(sample) == "Sigmoid: step 1 moves layer 1 by 1e-9"
    lost = runs(trained(update=1e-9), trained(RELU, updates=np.zeros(100)))
    assert training_updates.title(lost) == "ReLU: the first update of layer 1 is exactly 0"


def by_seed(spec: Spec, last: list[float]) -> Variant:
    """A run that ends at one loss in each of its seeds."""
    variant = trained(replace(spec, seeds=len(last)), last=sorted(last)[len(last) // 2], moved=0.1)
    steps = variant.series["loss_steps"].values
    values = np.linspace(np.full(len(last), 0.694), np.array(last), len(steps)).T
    return replace(variant, series={**variant.series, "loss": replace(variant.series["loss"], values=values)})


def test_a_verdict_that_the_seeds_do_not_share_is_a_count() -> None:
    mixed = by_seed(MOMENTUM, [1e-4] * 13 + [1e9] * 3)
    assert training.title(runs(mixed)) == "Learns in 13 of 16 seeds"
    steady = by_seed(RELU, [0.01] * 16)
    assert training.title(runs(steady, mixed)) == "Momentum 0.9: learns in 13 of 16 seeds"
    few = by_seed(TRAINED, [LN2] * 13 + [0.3] * 3)
    assert training.title(runs(steady, few, trained(NORM))) == "ReLU learns most"
    assert training.title(runs(by_seed(TRAINED, [LN2] * 12 + [0.3] * 4))) == "Learns in 4 of 16 seeds"
    assert training.title(runs(by_seed(TRAINED, [LN2] * 15 + [0.3]))) == "Loss stays at ln 2 for 300 steps"
