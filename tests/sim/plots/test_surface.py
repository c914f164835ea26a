"""The maps of a loss: what they say, what they draw, and that they can be read whatever was measured."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image
from plot_samples import measured
from training_samples import texts

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, surface
from sim.plots.artists import Picture
from sim.plots.card import Card
from sim.plots.color_bar import ramp
from sim.plots.legibility import check_legible
from sim.plots.placing import INK, place
from sim.plots.surface_map import MAP
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

SIDE = 21
RELU = Spec(depth=6, width=32, activation="relu", init="he")
SIGMOID = Spec(depth=6, width=32)
AT = np.linspace(-1, 1, SIDE)


def hill(spec: Spec, function: Callable[[Array, Array], Array], **facts: Any) -> Variant:
    """A network with this loss as a function of both steps, in every replica a little more of it."""
    with np.errstate(all="ignore"):
        one = np.broadcast_to(function(AT[None, :], AT[:, None]), (SIDE, SIDE))
        loss = one * (1 + 0.02 * np.arange(spec.seeds))[:, None, None]
    shown = spec.seeds // 2
    here = np.where(np.isnan(loss[shown]), np.inf, loss[shown])
    centre, lowest, highest = float(here[10, 10]), float(here.min()), float(here.max())
    finite = bool(np.isfinite(highest)) and (centre > 0 or highest == lowest)
    known = None if not finite else (highest - lowest) / centre if highest > lowest else 0.0
    derived: dict[str, Any] = {
        "replica": shown,
        "seed": spec.seed + shown,
        "centre": centre,
        "lowest": lowest,
        "highest": highest,
        **dict.fromkeys(("change", "change_low", "change_high", "line_change", "hidden_change"), known),
        "below": float((here < centre).mean()),
        "overflow": float((~np.isfinite(here)).mean()),
        "shape": "bowl",
        "plateau": 0.693,
        "dimensions": 5_473,
        "moved": 5_280,
        "side": SIDE,
        "reach": 1.0,
    }
    maps = np.where(np.isnan(loss), np.inf, loss).reshape(len(loss), -1)
    centres, shape = maps[:, 220], facts.get("shape", "bowl")
    head = facts.get("hidden_change", 1.0) is not None and facts.get("hidden_change", 1.0) < 0.01
    with np.errstate(all="ignore"):
        rise, fall = (
            float(np.median(one)) for one in (maps.max(axis=1) / centres, maps.min(axis=1) / centres)
        )
    together = {
        "shapes": {shape: spec.seeds},
        "beats_guessing": int((maps.min(axis=1) < 0.693).sum()),
        "only_head": spec.seeds if head else 0,
        "rise": rise - 1 if np.isfinite(rise) else None,
        "fall": 1 - fall if np.isfinite(fall) else None,
        "below": derived["below"],
        "overflow": derived["overflow"],
    }
    derived["over_seeds"] = together
    series = {
        "loss": Series(axes=("replica", "row", "column"), values=loss),
        "at": Series(axes=("point",), values=AT),
        "hidden": Series(axes=("replica", "point"), values=loss[:, 10] * 0.9 + 0.05),
    }
    return Variant(spec=spec, label="", series=series, facts=derived | facts)


def bowl(x: Array, y: Array) -> Array:
    return 0.1 + 2 * x**2 + y**2


def tilted(x: Array, y: Array) -> Array:
    return 0.7 + 0.3 * x + 0 * y


def level(value: float) -> Callable[[Array, Array], Array]:
    return lambda x, y: value + 0 * x * y


def cut(value: float) -> Callable[[Array, Array], Array]:
    """Return a bowl that overflows on its right."""
    return lambda x, y: np.where(x > 0.65, value, bowl(x, y))


def crater(x: Array, y: Array) -> Array:
    return 10 ** (-30 + 60 * np.hypot(x, y))


def of(*variants: Variant) -> Measurements:
    return measured("surface", *variants)


CASES: dict[str, Callable[[], Measurements]] = {
    "bowl": lambda: of(hill(RELU, bowl)),
    "slope": lambda: of(hill(RELU, tilted, shape="slope")),
    "slope of one seed": lambda: of(hill(replace(RELU, seeds=1), tilted, shape="slope")),
    "almost a bowl": lambda: of(hill(replace(RELU, seeds=1), bowl, shape="slope", below=0.03)),
    "flat": lambda: of(hill(SIGMOID, lambda x, y: 0.693 + 1e-3 * x * y, shape="flat", change=0.0029)),
    "constant": lambda: of(hill(SIGMOID, level(0.693), shape="flat", change=0.0)),
    "guessing": lambda: of(hill(SIGMOID, lambda x, y: 0.7 + x**2 + 0 * y, shape="guessing")),
    "head": lambda: of(
        hill(SIGMOID, lambda x, y: 0.7 + x**2 + 0 * y, shape="guessing", hidden_change=1e-5, line_change=0.4)
    ),
    "overflow": lambda: of(hill(RELU, cut(np.inf), shape="overflow")),
    "no number": lambda: of(hill(RELU, cut(np.nan), shape="overflow")),
    "lost": lambda: of(hill(RELU, level(np.nan), shape="lost")),
    "zero": lambda: of(hill(RELU, level(0.0), shape="flat", change=0.0)),
    "zero in the middle": lambda: of(hill(RELU, lambda x, y: x**2 + y**2)),
    "1e-30 to 1e54": lambda: of(hill(RELU, crater)),
    "one seed": lambda: of(hill(replace(RELU, seeds=1), bowl)),
    "256 seeds": lambda: of(hill(replace(RELU, seeds=256), bowl)),
    "trained": lambda: of(hill(replace(RELU, steps=300, optimizer="adam", lr=0.01), crater)),
    "logistic": lambda: of(_without_hidden(hill(Spec(arch="logistic", data="blobs"), bowl))),
    "two": lambda: of(hill(SIGMOID, level(0.7), shape="guessing"), hill(RELU, bowl)),
    "three": lambda: of(
        hill(SIGMOID, level(0.7), shape="guessing"),
        hill(RELU, bowl),
        hill(replace(RELU, activation="tanh"), tilted, shape="slope"),
    ),
    "a long name": lambda: of(
        replace(hill(RELU, bowl), label="a name that an instructor wrote and never tried on a phone"),
        replace(hill(SIGMOID, tilted, shape="slope"), label="another that nobody ever tried on a phone"),
    ),
}


def _without_hidden(variant: Variant) -> Variant:
    series = {name: one for name, one in variant.series.items() if name != "hidden"}
    facts = {name: one for name, one in variant.facts.items() if name != "hidden_change"}
    return replace(variant, series=series, facts=facts)


def cards(measurements: Measurements, theme: Theme = DARK) -> list[Card]:
    return [surface.compose(measurements, theme, at) for at in range(len(measurements.variants[:2]))]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", CASES)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for card in cards(CASES[case](), theme):
        assert check_legible(card.finish()) == []


@pytest.mark.parametrize("case", CASES)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    for plot in draw(CASES[case]()):
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert not any(word in plot.alt for word in ("orange", "image of", "nan", " inf", "None"))


@pytest.mark.parametrize("case", ["bowl", "slope", "flat", "guessing", "trained", "two"])
def test_labels_of_an_ordinary_card_cover_no_line(case: str) -> None:
    for card in cards(CASES[case]()):
        for placed in place(card.labels, card.ground):
            assert placed.cost < INK, [row.runs for row in placed.label.rows]


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("bowl", "ReLU: a bowl, the loss rises up to 31×"),
        ("one seed", "ReLU: a bowl, loss 0.1 here, up to 3.1 around"),
        ("slope", "ReLU: loss up to 43 % lower, up to 43 % higher"),
        ("slope of one seed", "ReLU: a slope, 48 % of the map lies lower"),
        ("almost a bowl", "ReLU: only 3 % of the map lies lower"),
        ("flat", "Sigmoid: flat, the loss changes by 0.29 %"),
        ("constant", "Sigmoid: flat, the loss changes by 0 %"),
        ("guessing", "Sigmoid: no point on the map beats guessing"),
        ("head", "Sigmoid: hidden layers hardly change the loss"),
        ("overflow", "ReLU: the loss overflows on 19 % of the map"),
        ("no number", "ReLU: the loss overflows on 19 % of the map"),
        ("lost", "ReLU: no finite loss in the middle of the map"),
        ("zero in the middle", "ReLU: a bowl, loss 0 here, up to 2.3 around"),
    ],
)
def test_the_title_is_the_finding(case: str, title: str) -> None:
    assert surface.title(CASES[case]()) == title


def picture(card: Card) -> Picture:
    """Return the map among the pictures of a card."""
    side = round(MAP.top - MAP.bottom)
    (found,) = (one for one in card.figure.findobj(Picture) if one.pixels.shape[:2] == (side, side))
    return found


@pytest.mark.parametrize("case", ["bowl", "slope", "trained"])
def test_the_colour_of_a_grid_point_is_that_of_its_loss_on_the_axis(case: str) -> None:
    measurements = CASES[case]()
    (card,) = cards(measurements)
    scale, variant = card.frame.y, measurements.variants[0]
    heights = scale.to(variant.series["loss"].values[variant.facts["replica"]])
    pixels = picture(card).pixels
    places = np.round(np.linspace(0, len(pixels) - 1, SIDE)).astype(int)
    color = ramp(scale.low, scale.high)
    near = 0
    for row in range(SIDE):
        for column in range(SIDE):
            here = pixels[places[row], places[column]].astype(int)
            steps = color(heights[row, column] + np.linspace(-1, 1, 60) / 30 * (scale.high - scale.low))
            near += int(np.abs(steps.astype(int) - here).sum(axis=1).min() <= 9)
    # Contour lines run over a few of the grid points.
    assert near > 0.85 * SIDE**2


def test_the_first_direction_goes_right_and_the_second_up() -> None:
    rising = of(hill(RELU, lambda x, y: 0.2 + 0.1 * (x + 1) + 10 * (y + 1), shape="slope"))
    pixels = picture(cards(rising)[0]).pixels.astype(int).sum(axis=2)
    assert pixels[-20, 240] > pixels[20, 240]  # the colours grow lighter with the loss
    rising = of(hill(RELU, lambda x, y: 0.2 + 0.1 * (y + 1) + 10 * (x + 1), shape="slope"))
    pixels = picture(cards(rising)[0]).pixels.astype(int).sum(axis=2)
    assert pixels[240, -20] > pixels[240, 20]


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_what_overflows_is_checked_and_said(value: float) -> None:
    (card,) = cards(of(hill(RELU, cut(value), shape="overflow")))
    pixels = picture(card).pixels
    right = {tuple(color) for color in pixels[:, -40:].reshape(-1, 3).tolist()}
    background = tuple(int(DARK.card[at : at + 2], 16) for at in (1, 3, 5))
    assert len(right) == 2
    assert background in right
    assert background not in {tuple(color) for color in pixels[:, :200].reshape(-1, 3).tolist()}
    assert "checked: overflow" in card.frame.footer
    assert "overflow" in " ".join(texts(card))


def test_an_exact_zero_is_marked_at_the_bottom_of_a_logarithmic_axis() -> None:
    (card,) = cards(CASES["zero in the middle"]())
    (mark,) = (one for one in card.figure.findobj(Line2D) if one.get_marker() == "v")
    assert np.asarray(mark.get_xdata()).tolist() == [0.0]
    assert "exactly 0" in texts(card)
    assert "exactly 0" not in texts(cards(CASES["zero"]())[0])  # a linear axis has a place for it


def test_the_section_is_the_row_through_the_middle() -> None:
    measurements = CASES["bowl"]()
    (card,) = cards(measurements)
    lines = [one for one in card.figure.findobj(Line2D) if len(np.asarray(one.get_xdata())) == SIDE]
    drawn = {tuple(np.round(np.asarray(line.get_ydata()), 9)) for line in lines}
    variant = measurements.variants[0]
    loss = variant.series["loss"].values[variant.facts["replica"]]
    assert tuple(np.round(card.frame.y.to(loss[10]), 9)) in drawn


def test_the_contours_and_the_grid_share_the_axis_of_the_colours() -> None:
    (card,) = cards(CASES["bowl"]())
    bar = next(one for one in card.figure.findobj(Picture) if one.pixels.shape[1] == 30)
    column = bar.pixels[:, 0].astype(int)
    lightness = column @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(lightness) > -0.5).all()  # in steps, darker never follows lighter
    assert lightness[-1] - lightness[0] > 150


def test_two_maps_share_their_axis() -> None:
    one, other = cards(CASES["two"]())
    assert one.frame.y.ticks == other.frame.y.ticks
    assert (one.frame.y.low, one.frame.y.high) == (other.frame.y.low, other.frame.y.high)


def test_a_third_variant_is_told_and_not_drawn() -> None:
    plots = draw(CASES["three"]())
    assert [plot.alt[:12] for plot in plots] == ["Card 1 of 2.", "Card 2 of 2."]
    assert "Measured but not drawn: tanh" in plots[1].alt
    assert "(slope)" in plots[1].alt


def test_the_card_says_which_seed_and_how_many_dimensions_it_shows() -> None:
    (card,) = cards(CASES["bowl"]())
    assert card.frame.footer.startswith("2 of 5,473 dimensions")
    assert surface.alt(CASES["bowl"]()).count("seed 8") == 1
    assert "a slice can hide what lies elsewhere" in surface.alt(CASES["bowl"]())


@pytest.mark.parametrize("case", ["bowl", "overflow", "lost"])
def test_the_png_has_all_colours_and_the_same_bytes_every_time(case: str) -> None:
    measurements = CASES[case]()
    (plot,) = draw(measurements)
    assert Image.open(io.BytesIO(plot.png)).mode == "RGB"
    assert Image.open(io.BytesIO(plot.png)).size == (1320, 840)
    assert draw(measurements) == (plot,)
    assert draw(Measurements.from_json(measurements.to_json())) == (plot,)


def together(variant: Variant, shapes: dict[str, int], **more: Any) -> Measurements:
    facts = dict(variant.facts)
    return of(
        replace(variant, facts={**facts, "over_seeds": {**facts["over_seeds"], "shapes": shapes, **more}})
    )


@pytest.mark.parametrize(
    ("shape", "shapes", "more", "expected"),
    [
        ("guessing", {"guessing": 5, "slope": 11}, {"beats_guessing": 11},
         "ReLU: 11 of 16 maps reach below guessing"),
        ("guessing", {"guessing": 13, "slope": 3}, {"beats_guessing": 3},
         "ReLU: 13 of 16 maps never beat guessing"),
        ("guessing", {"guessing": 16}, {"beats_guessing": 0}, "ReLU: no point on the map beats guessing"),
        ("bowl", {"bowl": 9, "slope": 7}, {}, "ReLU: a bowl for 9 of 16 seeds"),
        ("flat", {"flat": 9, "slope": 7}, {}, "ReLU: flat for 9 of 16 seeds"),
        ("overflow", {"overflow": 9, "slope": 7}, {}, "ReLU: the loss overflows for 9 of 16 seeds"),
        ("lost", {"lost": 9, "slope": 7}, {}, "ReLU: no finite loss for 9 of 16 seeds"),
        ("slope", {"bowl": 7, "slope": 9}, {"rise": 0.56, "fall": 0.03},
         "ReLU: loss up to 3 % lower, up to 56 % higher"),
        ("slope", {"slope": 16}, {"rise": 359.0, "fall": 0.36},
         "ReLU: loss up to 36 % lower, up to 360× higher"),
        # A map of which half lies a little lower is no bowl to the eye.
        ("bowl", {"bowl": 16}, {"rise": 0.56, "fall": 0.03, "below": 0.54},
         "ReLU: loss up to 3 % lower, up to 56 % higher"),
    ],
)  # fmt: skip
def test_the_title_speaks_of_all_seeds_and_not_of_the_one_that_is_drawn(
    shape: str, shapes: dict[str, int], more: dict[str, Any], expected: str
) -> None:
    assert surface.title(together(hill(RELU, bowl, shape=shape), shapes, **more)) == expected


def test_the_card_names_the_depth_and_no_width_where_there_is_none() -> None:
    assert "6×32" in cards(CASES["bowl"]())[0].frame.footer
    assert "6 layers of width 32" in surface.alt(CASES["bowl"]())
    assert "width" not in surface.alt(CASES["logistic"]())
