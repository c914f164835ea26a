"""The parts of a card: spread, axes, names, numbers, places of labels."""

import math

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from sim.measurements import Series
from sim.plots import DARK, MAX_ALT
from sim.plots.card import Card, Pen
from sim.plots.conditions import Condition, conditions, fit_title, footer, seeds
from sim.plots.dealing import bounded
from sim.plots.frame import Frame
from sim.plots.ground import Ground
from sim.plots.labels import Label, Row, Run
from sim.plots.legibility import check_legible
from sim.plots.names import phrase, pretty, short_labels, subject, whole
from sim.plots.pixels import AXES, MARGIN, PANEL, WIDTH, Box, abridge, shorten, text_width
from sim.plots.placing import place
from sim.plots.scales import Scale, count_scale, decades, log_scale, signed_scale
from sim.plots.spread import Spread
from sim.plots.wording import agree, change, count, number, ranges, share
from sim.spec import Spec, parse_variants


def test_the_median_and_band_are_numpys_where_all_is_finite() -> None:
    values = np.random.default_rng(0).lognormal(size=(16, 5))
    spread = Spread.of(Series(axes=("replica", "layer"), values=values))
    np.testing.assert_allclose(spread.median, np.median(values, axis=0))
    np.testing.assert_allclose(spread.low, np.quantile(values, 0.1, axis=0))
    np.testing.assert_allclose(spread.high, np.quantile(values, 0.9, axis=0))


def test_what_is_no_number_counts_as_larger_than_any_number() -> None:
    values = np.array([[np.nan, np.nan, 0.0], [np.inf, 2.0, 0.0], [1.0, 3.0, 1.0]])
    spread = Spread.of(Series(axes=("replica", "layer"), values=values))
    assert spread.median.tolist() == [math.inf, 3.0, 0.0]
    assert spread.positions(spread.over) == [1]
    assert spread.positions(spread.under) == [3]


def test_a_series_without_replicas_is_one_replica() -> None:
    assert Spread.of(Series(axes=("layer",), values=np.ones(4))).replicas == 1


@pytest.mark.parametrize(
    ("low", "high"), [(1e-18, 1e-2), (1e-300, 1e300), (5e-324, 1e-320), (0.9, 1.1), (3.0, 4e4), (1.0, 1.0)]
)
def test_a_log_axis_shows_its_values_with_few_plain_ticks(low: float, high: float) -> None:
    scale = log_scale([np.array([low, high])], least=3.0)
    assert scale.low < float(decades(np.array(low))) <= float(decades(np.array(high))) < scale.high
    assert 2 <= len(scale.ticks) <= 6
    assert all(scale.low <= place <= scale.high for place, _ in scale.ticks)
    assert [10 ** float(place) for place, _ in scale.ticks if -300 < place < 300] == pytest.approx(
        [float(text) for place, text in scale.ticks if -300 < place < 300]
    )


@pytest.mark.parametrize("most", range(1, 201))
def test_both_ends_of_the_layers_are_marked_and_no_numbers_touch(most: int) -> None:
    scale = count_scale(most)
    words = [text for _, text in scale.ticks]
    assert words[0] == "1"
    assert words[-1] == str(most)
    zoom = (PANEL.right - PANEL.left) / (scale.high - scale.low)
    for (a, one), (b, other) in zip(scale.ticks, scale.ticks[1:], strict=False):
        assert (b - a) * zoom > (text_width(one) + text_width(other)) / 2 + 8


def test_a_signed_axis_keeps_order_and_passes_through_zero() -> None:
    values = np.array([-1.0, -1e-4, -1e-9, 0.0, 1e-9, 1e-4, 1.0])
    scale = signed_scale([values])
    assert scale.to(np.zeros(1))[0] == 0
    assert (np.diff(scale.to(values)) > 0).all()
    assert "0" in [text for _, text in scale.ticks]
    assert scale.low < scale.to(values[:1])[0] < scale.to(values[-1:])[0] < scale.high


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "0"), (4.24e-18, "4.2e-18"), (1e-4, "1e-4"), (0.0123, "0.012"), (0.2, "0.2"), (5, "5"),
     (123.4, "123"), (54321, "5.4e4"), (1e300, "1e300"), (-0.0071, "-0.0071"), (math.inf, "overflow")],
)  # fmt: skip
def test_numbers_have_two_digits(value: float, expected: str) -> None:
    assert number(value) == expected


def test_words_around_numbers() -> None:
    assert change(0.2354) == "4.2×"
    assert change(0.2361, 3) == "4.24×"
    assert change(1.03) == "1.03×"
    shares = [share(x) for x in (0, 0.004, 0.94, 0.996, 1)]
    assert shares == ["0 %", "under 1 %", "94 %", "over 99 %", "100 %"]
    assert [count(x, "pass") for x in (1, 5400)] == ["1 pass", "5,400 passes"]
    assert ranges([7, 1, 2, 3, 9, 10]) == "1–3, 7, 9–10"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [("activation", "relu", "ReLU"), ("activation", "leaky_relu", "leaky ReLU"), ("init", "he", "He"),
     ("norm", "batch", "batch norm"), ("norm", "none", "no norm"), ("width", 32, "width 32"),
     ("depth", 50, "50 layers"), ("clip", None, "no clipping"), ("clip", 1.0, "clip 1"),
     ("depth", 1, "1 layer"), ("steps", 1, "1 step"), ("clip_value", None, "no value clip"),
     ("layer_lr", None, "one rate"), ("layer_lr", 0.5, "rate ×0.5 per layer"),
     ("forget_bias", 2.0, "forget bias 2"), ("precision", "float16", "float16"), ("steps", 300, "300 steps")],
)  # fmt: skip
def test_knobs_have_the_names_that_people_use(key: str, value: object, expected: str) -> None:
    assert phrase(key, value) == expected


def test_every_knob_has_a_name_that_stands_alone() -> None:
    for key, value in Spec().to_json().items():
        assert "_" not in phrase(key, value), key


def test_labels_leave_out_what_all_share() -> None:
    assert pretty("mlp · relu · he · norm batch") == ("MLP", "ReLU", "He", "batch norm")
    assert short_labels(["sigmoid · glorot", "relu · glorot"]) == (("sigmoid", "ReLU"), ("Glorot",))
    assert short_labels(["sigmoid · glorot"]) == (("sigmoid · Glorot",), ())
    # A label that is part of the others still needs a name.
    assert short_labels(["relu", "relu · norm batch"])[0] == ("ReLU", "ReLU · batch norm")


def test_the_footer_keeps_size_training_and_band_and_drops_what_does_not_fit() -> None:
    specs = [Spec(norm="batch", skip="residual", data="spirals", loss="mse", input_scale=3.0, steps=300)]
    words = footer(conditions(specs, ("sigmoid", "Glorot")), seeds(16))
    assert text_width(words) <= WIDTH - 2 * MARGIN
    assert "width 64" in words
    assert words.endswith("after 300 steps, 16 seeds, 10–90 %")
    assert footer(conditions([Spec()]), seeds(16)) == "MLP, width 64, untrained, 16 seeds: median and 10–90 %"


def test_a_title_that_is_too_long_gives_way_to_a_shorter_one() -> None:
    assert fit_title(["w" * 47, "short"]) == "short"
    assert fit_title(["W" * 46, "short"]) == "short"  # 46 characters, but wider than the card
    assert fit_title(["W" * 80]).startswith("WWW")


def test_a_shortened_name_keeps_both_ends() -> None:
    short = shorten("the same beginning of two names, first", 400)
    assert short.startswith("the")
    assert short.endswith("first")
    assert text_width(short) <= 400
    assert shorten("short", 400) == "short"


def row(words: str) -> Row:
    return Row(runs=(Run(text=words, color="#000000"),))


def test_a_label_stands_beside_its_own_line() -> None:
    ground = Ground()
    x = np.linspace(PANEL.left, PANEL.right, 20)
    paths = [np.column_stack([x, np.full(20, y)]) for y in (300.0, 500.0)]
    for owner, path in enumerate(paths):
        ground.add_path(path, radius=3, owner=owner)
    labels = [Label(rows=(row("name"),), anchors=path, owner=owner) for owner, path in enumerate(paths)]
    for placed, y in zip(place(labels, ground), (300.0, 500.0), strict=True):
        assert min(abs(placed.box.bottom - y), abs(placed.box.top - y)) < 30
        assert not placed.over_ink


def test_many_labels_on_one_spot_do_not_overlap() -> None:
    spot = np.array([[700.0, 400.0]])
    labels = [Label(rows=(row(f"a label of some length {n}"),), anchors=spot, owner=n) for n in range(8)]
    boxes = [placed.box for placed in place(labels, Ground())]
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            assert a.right <= b.left or b.right <= a.left or a.top <= b.bottom or b.top <= a.bottom


def test_a_label_of_several_rows_is_divided_where_it_would_cover_a_line() -> None:
    ground = Ground()
    for height in np.arange(PANEL.bottom, PANEL.top, 75):
        line = np.array([[PANEL.left, height], [PANEL.right, height]])
        ground.add_path(line, radius=2, owner=-2)
    label = Label(rows=(row("one"), row("two")), anchors=np.array([[700.0, 400.0]]), owner=0)
    placed = place([label], ground)
    assert [len(one.label.rows) for one in placed] == [1, 1]
    assert not any(one.over_ink for one in placed)


def test_a_label_of_several_rows_is_divided_where_its_name_would_stand_beside_another_line() -> None:
    ground = Ground()
    x = np.linspace(PANEL.left, PANEL.right, 20)
    own, other = (np.column_stack([x, np.full(20, PANEL.top - down)]) for down in (60.0, 120.0))
    for owner, path in enumerate((own, other)):
        ground.add_path(path, radius=3, owner=owner)
    label = Label(rows=(row("name"), row("theory")), anchors=own, owner=0)
    name, theory = place([label], ground)
    assert (len(name.label.rows), len(theory.label.rows)) == (1, 1)
    assert min(name.box.bottom, theory.box.bottom) > PANEL.top - 60


@pytest.mark.parametrize("between", [True, False])
def test_a_name_is_not_joined_to_its_line_through_other_words(*, between: bool) -> None:
    x = Scale(low=0.0, high=1.0, ticks=(), to=np.asarray)
    card = Card(theme=DARK, frame=Frame(title="t", quantity="q", x_label="x", footer="f", x=x, y=x))
    ends = np.array([0.0, 1.0])
    far, near = (
        card.line(ends, np.full(2, height), Pen(color=DARK.series[owner], owner=owner), marked=[])
        for owner, height in enumerate((0.95, 0.1))
    )
    assert len(far) == len(near) == 2
    spot = far[:1] + np.array([60.0, 0.0])
    low, middle = (
        Box(PANEL.left, PANEL.bottom + start, PANEL.left + 420, PANEL.bottom + start + 60)
        for start in (100.0, 250.0)
    )
    card.labels.append(Label(rows=(row("name"),), anchors=spot, owner=0, region=low))
    if between:
        card.labels.append(Label.plain("words of another", "#000000", spot, region=middle))
    leads = [line for line in card.finish().findobj(Line2D) if line.get_zorder() == 5.5]  # type: ignore[attr-defined]
    assert len(leads) == (0 if between else 1)


def test_legibility_finds_small_overlapping_and_lost_text() -> None:
    figure = Figure(figsize=(6.6, 4.2), dpi=200)
    figure.add_artist(Text(0.5, 0.5, "tiny", fontsize=9))
    figure.add_artist(Text(0.2, 0.2, "under", fontsize=14))
    figure.add_artist(Text(0.21, 0.2, "over", fontsize=14))
    figure.add_artist(Text(0.97, 0.8, "far away", fontsize=14))
    figure.add_artist(Text(0.5, 0.5, "hidden", fontsize=3, visible=False))
    assert check_legible(figure) == [
        "'tiny' has 9 pt; on a phone 13.5 pt can be read.",
        "'far away' reaches off the card.",
        "'under' and 'over' overlap.",
    ]


def test_the_axes_are_where_the_other_cards_have_theirs() -> None:
    assert AXES == (0.125, 0.232, 0.845, 0.578)


@pytest.mark.parametrize(
    "words", ["updates overflow from step 30 on", "0.0028 of layer 16, 1,048,576 weights"]
)
def test_words_and_numbers_are_left_out_whole(words: str) -> None:
    name = "a name that an instructor wrote · forget bias 12.5"
    whole = {*f"{name}: {words}".replace(":", "").split()}
    for limit in range(12, 60):
        short = abridge(f"{name}: {words}", lambda one, limit=limit: len(one) <= limit)
        assert {word.strip(":…,") for word in short.split()} - {""} <= {word.strip(",") for word in whole}
        assert len(short) <= limit
    assert {*fit_title([f"{name}: {words}"]).replace(":", "").split()} <= {*whole, "…"}
    assert {*shorten(f"{name}: {words}", 500).replace(":", "").split()} <= {*whole, "…"}


def test_an_alternative_text_that_is_too_long_ends_with_a_sentence() -> None:
    sentences = [f"Sentence number {place} has the number {place * 1_000_003}." for place in range(60)]
    text = bounded(sentences)
    assert len(text) <= MAX_ALT
    assert text == " ".join(sentences[: text.count(".")])


@pytest.mark.parametrize(
    ("words", "expected"),
    [("arch=logistic data=blobs", ["logistic", "blobs", "untrained"]),
     ("arch=logistic width=30", ["logistic", "30 inputs", "untrained"]),
     ("cnn 3x8", ["CNN", "8 channels", "untrained"]),
     ("8x32 steps=10 momentum=0.9", ["MLP", "width 32", "momentum 0.9", "after 10 steps"])],
)  # fmt: skip
def test_conditions_name_what_acts_on_a_network(words: str, expected: list[str]) -> None:
    assert [one.words for one in conditions([Spec.parse(words)])] == expected


def test_a_depth_that_no_axis_shows_is_a_condition() -> None:
    for words, expected, brief in (
        ("8x32", "8 layers of width 32", "8×32"),
        ("rnn 8x32", "8 steps of width 32", "8×32"),
        ("transformer 1x32", "1 block of width 32", "1×32"),
        ("cnn 8x32", "8 layers of 32 channels", "8×32"),
    ):
        found = conditions([Spec.parse(words)], deep=True)
        assert expected in [one.words for one in found]
        assert brief in [one.brief for one in found]
    apart = conditions([Spec.parse("8x32"), Spec.parse("9x32")], deep=True)
    assert "width 32" in [one.words for one in apart]
    assert not any("layers" in one.words for one in conditions([Spec.parse("arch=logistic")], deep=True))


def test_the_subject_is_a_name_that_fits_no_other() -> None:
    def names(text: str) -> tuple[str, ...]:
        return subject(parse_variants(text))

    assert names("relu vs momentum=0.9 steps=3") == ("untrained",)
    assert names("relu steps=3 vs momentum=0.9") == ("momentum 0",)
    assert names("relu vs tanh vs norm=batch") == ("ReLU · no norm",)
    assert names("lstm vs activation=relu") == ("tanh LSTM", "tanh")
    assert names("arch=logistic loss=bce vs loss=ce") == ("binary cross-entropy",)
    assert names("relu skip=residual") == ("ReLU + residual", "ReLU")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transformer norm=none skip=none vs norm=layer skip=residual", "no norm · no skip"),
        ("lr=1000 clip_value=1e-5 steps=3 vs lr=1 clip_value=none", "rate 1000 · value clip 1e-05"),
        ("relu he lr=0.1 steps=3 vs sigmoid glorot lr=1", ""),
        ("relu he width=2 vs sigmoid glorot width=64", "width 2 · ReLU"),
        # What another one shares does not set it apart.
        ("relu norm=batch vs tanh norm=none vs relu norm=none", ""),
        ("norm=batch vs norm=none", ""),
    ],
)
def test_a_whole_name_leaves_out_nothing_that_could_be_the_cause(text: str, expected: str) -> None:
    assert whole(parse_variants(text)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("25 steps", "25 steps learn"), ("1 layer", "1 layer learns"), ("4 time steps", "4 time steps learn"),
     ("20 layers · no skip", "20 layers · no skip learns"), ("ReLU", "ReLU learns")],
)  # fmt: skip
def test_a_name_in_the_plural_has_its_verb(name: str, expected: str) -> None:
    assert agree(name, "learns") == expected


def test_a_short_condition_fills_the_room_that_a_long_one_left() -> None:
    kept, long, short = Condition("kept " * 6, 0), Condition("far too long " * 6, 1), Condition("short", 2)
    assert footer([kept, long, short], ["1 seed"]) == f"{kept.words}, short, 1 seed"
    assert footer([kept, Condition("far too long " * 6, 1, "brief")], ["1 seed"]).endswith("brief, 1 seed")
