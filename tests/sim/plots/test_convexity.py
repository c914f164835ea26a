"""The cards of `convexity` beyond the curvature: what lies between solutions, and weights that grow."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from plot_samples import bowls, measured

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots import (
    DARK,
    LIGHT,
    MAX_ALT,
    convexity,
    convexity_growth,
    convexity_segments,
    convexity_words,
    draw,
)
from sim.plots.card import Card
from sim.plots.legibility import check_legible
from sim.plots.placing import INK, place
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

NETWORK = Spec(data="xor", depth=1, width=3, activation="tanh", seeds=8)
LOGISTIC = replace(NETWORK, arch="logistic")
SHARES = np.linspace(0, 1, 41)


def humped(height: float, *, ends: tuple[float, float] = (1e-4, 2e-4), seeds: int = 8) -> Array:
    """Segments with humps that grow from seed to seed, about `height` high in the middle one."""
    heights = height * (0.8 + 0.4 * (np.arange(seeds) + 1) / (seeds + 1))
    chord = ends[0] + (ends[1] - ends[0]) * SHARES
    return np.array([chord + one * np.sin(np.pi * SHARES) ** 2 for one in heights])


def ways(spec: Spec, segment: Array, permuted: Array | None = None, **more: Any) -> Variant:
    """A loss of which the ways between solutions are known."""
    curves = {"segment": segment} | ({} if permuted is None else {"permuted": permuted})
    series = {name: Series(axes=("replica", "point"), values=values) for name, values in curves.items()}
    series["smallest"] = Series(axes=("replica", "point"), values=-np.ones((len(segment), 50)))
    facts: dict[str, Any] = {"points": 50, "negative_points": 50, "negative_share": 1.0, "smallest": -1.0}
    facts |= {
        "starts": 4,
        "distinct_ends": 4.0,
        "solution_steps": 1000,
        "separated_share": 0.0,
        "flat_directions": 0.0,
    }
    for name, values in curves.items():
        with np.errstate(invalid="ignore"):
            heights = (values - (values[:, :1] + (values[:, -1:] - values[:, :1]) * SHARES)).max(axis=1)
        replica = len(heights) // 2
        facts |= {f"{name}_hump": float(heights[replica]), f"{name}_replica": replica}
    return Variant(spec=spec, label="", series=series, facts=facts | more)


def growing(spec: Spec, sizes: Array, **more: Any) -> Variant:
    """A logistic regression whose weights have these sizes (replica, step) after 1, 10, 100, … steps."""
    steps = np.array([10.0**power for power in range(sizes.shape[1])])
    series = {
        "smallest": Series(axes=("replica", "point"), values=np.ones((len(sizes), 50))),
        "weight_norm": Series(axes=("replica", "step"), values=sizes),
        "weight_norm_steps": Series(axes=("step",), values=steps),
    }
    middle = np.median(sizes, axis=0)
    facts: dict[str, Any] = {
        "points": 50,
        "negative_points": 0,
        "negative_share": 0.0,
        "smallest": 1.0,
        "separated_share": 1.0,
        "norm_growth": more.get("norm_growth") or float(middle[-1] / middle[-2]),
        "weights_grow": bool(middle[-1] > 1.01 * middle[-2]),
    }
    return Variant(spec=spec, label="", series=series, facts=facts | more)


LOGARITHM = np.outer(np.linspace(0.9, 1.1, 8), np.array([1.0, 2, 6, 11, 16]))
STAYS = np.outer(np.linspace(0.9, 1.1, 8), np.array([1.0, 0.7, 0.8, 0.8, 0.8]))
FLAT = ways(
    replace(LOGISTIC, loss="ce"),
    np.full((8, 41), 1.03),
    flat_directions=3.0,
    segment_hump=0.0,
    level_share=1.0,
)
DIVERGED = np.full((8, 41), np.nan)


def trio() -> Measurements:
    return measured(
        "convexity",
        ways(LOGISTIC, np.full((8, 41), 0.69), distinct_ends=1.0, segment_hump=0.0),
        ways(NETWORK, humped(3.0), humped(4.0, ends=(1e-4, 1e-4))),
    )


ORDINARY = {
    "network and logistic": trio(),
    "network": measured("convexity", ways(NETWORK, humped(0.06), humped(0.14))),
    "two networks": measured(
        "convexity", ways(NETWORK, humped(2.7)), ways(replace(NETWORK, width=12), humped(1.2))
    ),
    "flat": measured("convexity", FLAT),
    "growth": measured(
        "convexity", growing(LOGISTIC, LOGARITHM), growing(replace(LOGISTIC, data="spirals"), STAYS)
    ),
}
EXTREME = {
    "one seed": measured("convexity", ways(NETWORK, humped(1.0, seeds=1), humped(2.0, seeds=1))),
    "no hump": measured("convexity", ways(NETWORK, np.full((8, 41), 0.3), np.full((8, 41), 0.3))),
    "zeros": measured("convexity", ways(NETWORK, np.zeros((8, 41)), np.zeros((8, 41)))),
    "diverged": measured("convexity", ways(NETWORK, DIVERGED, DIVERGED)),
    "infinite": measured("convexity", ways(NETWORK, np.full((8, 41), np.inf), humped(1.0))),
    "some seeds diverged": measured(
        "convexity", ways(NETWORK, np.where(np.arange(8)[:, None] > 5, np.nan, humped(1.0)))
    ),
    "slanted": measured("convexity", ways(NETWORK, humped(0.4, ends=(0.01, 0.7)))),
    "huge": measured("convexity", ways(NETWORK, humped(1e30), humped(1e-30))),
    "tiny": measured("convexity", ways(NETWORK, humped(1e-30, ends=(1e-40, 1e-40)))),
    "six networks": measured(
        "convexity", *(ways(replace(NETWORK, width=width), humped(1.0 / width)) for width in range(2, 8))
    ),
    "growth, one seed": measured("convexity", growing(LOGISTIC, LOGARITHM[:1])),
    "growth to infinity": measured(
        "convexity",
        growing(LOGISTIC, np.where(LOGARITHM > 10, np.inf, LOGARITHM), norm_growth=np.inf, weights_grow=True),
    ),
}  # fmt: skip
ALL = ORDINARY | EXTREME


def cards(measurements: Measurements, theme: Theme = DARK) -> list[Card]:
    return [
        further.compose(part, theme)
        for further in (convexity_segments, convexity_growth)
        for part in further.parts(measurements)
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", ALL)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    found = cards(ALL[case], theme)
    assert found
    for card in found:
        assert check_legible(card.finish()) == []


@pytest.mark.parametrize("case", ALL)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    for plot in draw(ALL[case]):
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert not any(word in plot.alt for word in ("orange", "purple", "nan", " inf", "None", "…"))


@pytest.mark.parametrize("case", ORDINARY)
def test_labels_of_an_ordinary_card_cover_no_line(case: str) -> None:
    for card in cards(ORDINARY[case]):
        for placed in place(card.labels, card.ground):
            assert placed.cost < INK, [row.runs for row in placed.label.rows]


@pytest.mark.parametrize("case", ORDINARY)
def test_what_travels_as_json_is_drawn_the_same(case: str) -> None:
    measurements = ORDINARY[case]
    assert draw(Measurements.from_json(measurements.to_json())) == draw(measurements) == draw(measurements)


def words_of(card: Card) -> set[str]:
    return {run.text for label in card.labels for row in label.rows for run in row.runs}


def test_the_title_the_label_and_the_words_name_the_hump_of_the_drawn_replica() -> None:
    hump = trio().variants[1].facts["segment_hump"]
    (card,) = cards(trio())
    assert card.frame.title == f"Between two solutions the loss rises by {hump:.1f}"
    assert f"hump {hump:.1f}" in words_of(card)
    assert f"{hump:.1f} above the chord" in draw(trio())[1].alt
    assert {"two solutions", "units swapped", "logistic"} <= words_of(card)


def test_titles_say_what_was_found() -> None:
    titles = {case: [card.frame.title for card in cards(ALL[case])] for case in ALL}
    assert titles["two networks"] == ["Width 3: a hump of 2.8 in between"]
    assert titles["flat"] == ["A flat line from minimum to minimum"]
    assert titles["no hump"] == ["No hump between two solutions"]
    assert titles["diverged"] == ["Training overflows: no solutions to compare"]
    assert titles["growth"] == ["Xor: 10× the steps, weights grow 1.5×"]


def test_what_overflows_is_marked_and_named() -> None:
    (card,) = cards(EXTREME["diverged"])
    assert "two solutions: overflow" in words_of(card)
    assert "training overflowed" in draw(EXTREME["diverged"])[1].alt


def test_further_cards_are_drawn_only_where_they_say_something() -> None:
    assert len(draw(bowls())) == 1
    alone = measured("convexity", ways(LOGISTIC, np.full((8, 41), 0.69), distinct_ends=1.0))
    assert cards(alone) == []
    assert cards(measured("convexity", growing(LOGISTIC, STAYS))) == []


def test_a_fourth_to_sixth_network_gets_a_card_of_its_own_beside_the_first() -> None:
    parts = convexity_segments.parts(EXTREME["six networks"])
    assert [[one.spec.width for one in part.variants] for part in parts] == [[2, 3, 4], [2, 5, 6], [2, 7]]


def spectrum(values: Array, **knobs: Any) -> Variant:
    """A loss with these smallest curvatures (replica, point); exact zeros are flat."""
    facts = {
        "points": values.size,
        "negative_points": int((values < 0).sum()),
        "negative_share": float((values < 0).mean()),
        "flat_points": int((values == 0).sum()),
        "smallest": float(values.min()),
    }
    series = {"smallest": Series(axes=("replica", "point"), values=values)}
    return Variant(spec=replace(LOGISTIC, **knobs), label="", series=series, facts=facts)


def test_a_loss_that_is_flat_somewhere_is_called_flat_and_not_curved_down() -> None:
    alone = measured("convexity", spectrum(np.zeros((8, 50))))
    assert convexity.title(alone) == "Never curves down, flat at 400 of 400 points"
    assert "flat (0 up to rounding) at 400, smallest 0" in convexity.alt(alone)
    card = convexity.compose(alone, DARK)
    assert {"logistic regression", "  flat at 100 %"} <= words_of(card)
    # The line lies on zero, which is where "curves down" ends.
    assert card.frame.y.to(np.zeros(1))[0] == 0
    assert all(
        zone.top <= float(card.frame.pixels(np.zeros(1), np.zeros(1))[0, 1]) + 1 for zone in card.zones
    )


def test_the_title_of_several_losses_speaks_of_all_or_names_one() -> None:
    up, flat, down = np.ones((8, 50)), np.zeros((8, 50)), np.where(np.arange(50) < 25, -1.0, 1.0)[None]
    both = measured("convexity", spectrum(up), spectrum(flat, loss="ce"))
    assert convexity.title(both) == "Neither curves down at any of 400 points"
    assert len(set(convexity_words.names([one.spec for one in both.variants]))) == 2
    pair = measured("convexity", spectrum(up), spectrum(down, loss="mse"))
    assert convexity.title(pair) == "Squared error: curves down at 50 % of points"
    alike = measured("convexity", spectrum(down, data="blobs"), spectrum(down))
    assert convexity.title(alike) == "Both curve down at 50 % of the points"


def test_the_title_the_arrow_and_the_only_band_are_those_of_the_highest_hump() -> None:
    both = measured("convexity", ways(NETWORK, humped(1.2)), ways(replace(NETWORK, width=12), humped(2.7)))
    (card,) = cards(both)
    assert card.frame.title == "Width 12: a hump of 2.8 in between"
    assert "hump 2.8" in words_of(card)
    bands = card.figure.findobj(PolyCollection)
    assert len(bands) == 1


def test_where_only_some_seeds_have_a_hump_the_title_counts_them() -> None:
    level = np.full((8, 41), 0.3)
    some = measured("convexity", ways(NETWORK, level, segment_hump_share=0.375))
    (card,) = cards(some)
    assert card.frame.title == "No hump for 5 of 8 seeds"
    unlearnt = measured("convexity", ways(NETWORK, np.full((8, 41), 0.69), plateau=float(np.log(2))))
    assert cards(unlearnt)[0].frame.title == "No hump, but both ends are near guessing"
