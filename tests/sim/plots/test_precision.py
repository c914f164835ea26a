"""The cards of `precision`: where each type has lost the gradient, and what loss scaling saves."""

from dataclasses import replace

import numpy as np
import pytest
from plot_samples import from_signal, measured, shuffled

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, precision, precision_scaling, precision_words
from sim.plots.card import Card
from sim.plots.legibility import check_legible
from sim.plots.placing import INK, place
from sim.plots.precision_words import ROUNDS_TO_ZERO
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

TYPES = ("float16", "bfloat16", "float32", "float64")
SCALE = 2.0**15


def in_type(spec: Spec, exact: Array) -> Variant:
    """What a type leaves of exact gradients (replica, layer), with and without scaling."""
    limit = 10 ** ROUNDS_TO_ZERO[spec.precision]
    rounded = np.where(exact < limit, 0.0, exact)
    variant = from_signal(spec, rounded)
    scaled = Series(axes=("replica", "layer"), values=np.where(exact * SCALE < limit, 0.0, exact))
    return replace(variant, series={**variant.series, "signal_scaled": scaled})


def of(values: list[float], *types: str, seeds: int = 8, **knobs: str) -> Measurements:
    exact = shuffled(values, seeds)
    specs = [Spec(depth=len(values), seeds=seeds, precision=name, **knobs) for name in types]  # pyright: ignore[reportArgumentType]
    found = measured("precision", *(in_type(spec, exact) for spec in specs))
    return replace(found, facts={"loss_scale": SCALE})


def falling(depth: int, factor: float = 0.235) -> list[float]:
    return [0.02 * factor ** (depth - layer) for layer in range(1, depth + 1)]


def overflowing() -> Measurements:
    exact = shuffled(falling(20, 3.0), 8)
    half = in_type(Spec(depth=20, precision="float16"), exact)
    series = {
        **half.series,
        "signal": Series(axes=("replica", "layer"), values=np.where(exact > 65504, np.inf, exact)),
        "signal_scaled": Series(axes=("replica", "layer"), values=np.where(exact > 2, np.inf, exact)),
    }
    return measured(
        "precision", replace(half, series=series), in_type(Spec(depth=20, precision="float64"), exact)
    )


ORDINARY = {
    "deep": of(falling(100), *TYPES),
    "shallow": of(falling(20), *TYPES),
    "level": of(falling(30, 1.0), *TYPES),
    "two": of(falling(20), "float16", "float32"),
    "one": of(falling(20), "float16"),
}
EXTREME = {
    "depth 1": of([0.02], *TYPES),
    "depth 2": of([1e-9, 0.02], *TYPES),
    "depth 200": of(falling(200), *TYPES),
    "all zero": of([0.0] * 20, *TYPES),
    "all NaN": of([np.nan] * 20, *TYPES),
    "all infinite": of([np.inf] * 20, *TYPES),
    "overflowing": overflowing(),
    "one seed": of(falling(100), *TYPES, seeds=1),
    "recurrent": of(falling(60), *TYPES, arch="lstm"),
    "six": measured(
        "precision",
        *(
            in_type(Spec(depth=20, precision="float16", activation=name), shuffled(falling(20, factor), 8))
            for name, factor in (
                ("sigmoid", 0.235), ("relu", 0.7), ("tanh", 0.9),
                ("gelu", 0.5), ("leaky_relu", 0.3), ("hardtanh", 0.2),
            )
        ),
    ),
}  # fmt: skip
ALL = ORDINARY | EXTREME


def cards(measurements: Measurements, theme: Theme = DARK) -> list[Card]:
    found = [precision.compose(part, theme) for part in precision.parts(measurements)]
    if precision_scaling.known(measurements):
        found.append(precision_scaling.compose(measurements, theme))
    return found


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", ALL)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for card in cards(ALL[case], theme):
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
    return {"".join(run.text for run in row.runs) for label in card.labels for row in label.rows}


def test_the_card_names_where_each_type_ends_and_the_smallest_number_of_each() -> None:
    first, second = cards(ORDINARY["deep"])
    assert first.frame.title == "float16: the gradient is 0 in 90 of 100 layers"
    assert words_of(first) == {
        "float16 ends at 3e-8", "bfloat16 ends at 4.6e-41", "float32 ends at 7e-46", "float64",
        "float16: 0 from layer 90 down", "bfloat16: 0 from layer 38 down", "float32: 0 from layer 30 down",
    }  # fmt: skip
    assert second.frame.title == "Loss × 32,768 saves 7 more layers"
    assert "float16: 10 layers + 7 with scaling" in words_of(second)


def test_the_limits_are_half_of_the_smallest_numbers_of_numpy() -> None:
    for name, kind in (("float16", np.float16), ("float32", np.float32)):
        smallest = float(np.finfo(kind).smallest_subnormal)
        assert 10 ** ROUNDS_TO_ZERO[name] == pytest.approx(smallest / 2)
    # bfloat16 has the exponents of float32 and 16 bits fewer.
    assert 10 ** (ROUNDS_TO_ZERO["bfloat16"] - ROUNDS_TO_ZERO["float32"]) == pytest.approx(2.0**16)


def test_where_nothing_is_lost_there_is_no_second_card() -> None:
    (plot,) = draw(ORDINARY["level"])
    assert plot.title == "All types keep all 30 layer gradients"


def test_overflow_is_named() -> None:
    (card,) = cards(EXTREME["overflowing"])
    assert card.frame.title.startswith("float16: no finite gradient in ")
    assert any("overflow" in words for words in words_of(card))


def test_float64_is_beside_every_card_where_more_than_three_are_compared() -> None:
    parts = precision.parts(ORDINARY["deep"])
    assert [[one.spec.precision for one in part.variants] for part in parts] == [[*TYPES]]
    assert len(precision.parts(EXTREME["six"])) == 3


def several(*types: str, factor: float = 1.0, depths: tuple[int, ...] = (30, 30)) -> Measurements:
    """Networks that differ in their activation, and in their type where several are given."""
    activations = ("sigmoid", "relu", "tanh", "gelu")
    given = types if len(types) > 1 else types * len(depths)
    variants = [
        in_type(
            Spec(depth=depth, seeds=8, precision=name, activation=activation),  # pyright: ignore[reportArgumentType]
            shuffled(falling(depth, factor if not place else 1.0), 8),
        )
        for place, (name, depth, activation) in enumerate(zip(given, depths, activations, strict=False))
    ]
    return replace(measured("precision", *variants), facts={"loss_scale": SCALE})


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (several("float32"), "In float32, both keep all 30 layer gradients"),
        (several("float32", depths=(20, 30)), "In float32, both keep every layer gradient"),
        (several("float32", depths=(30, 30, 30)), "In float32, all 3 keep all 30 layer gradients"),
        (several("float16", "float32"), "Both keep all 30 layer gradients"),
        (several("float16", factor=0.235), "Sigmoid in float16: lost 20 of 30 layers"),
        (several("float16", "float32", factor=0.235), "Sigmoid in float16: lost 20 of 30 layers"),
        (of(falling(30, 1.0), "float16", "float32"), "Both types keep all 30 layer gradients"),
        (of(falling(30, 1.0), "float16", "float32", "float64"), "All 3 types keep all 30 layer gradients"),
        (of(falling(30, 1.0), "float16"), "float16 keeps all 30 layer gradients"),
    ],
)
def test_the_title_speaks_of_the_types_that_were_run_and_no_others(
    sample: Measurements, expected: str
) -> None:
    assert precision.title(sample) == expected


def test_where_one_type_was_run_the_card_and_its_words_say_which() -> None:
    sample = several("float32")
    assert "float32 alone" in cards(sample)[0].frame.footer
    assert "by layer in float32 alone" in precision.alt(sample)
    assert "in float16, bfloat16, float32 and float64" in precision.alt(ORDINARY["level"])


def test_what_scaling_saves_is_told_of_the_type_that_it_saves_most_of() -> None:
    # 30 layers in bfloat16 lose one, which scaling saves; float16 loses many and gets 7 back.
    sample = of(falling(66), "float16", "bfloat16")
    saved = [
        precision_words.alive(one, "signal_scaled") - precision_words.alive(one) for one in sample.variants
    ]
    assert saved[0] > saved[1]
    assert precision_scaling.title(sample) == f"float16: loss × 32,768 saves {saved[0]} more layers"
