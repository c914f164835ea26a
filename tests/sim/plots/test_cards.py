"""Every card can be read, whatever was measured."""

import importlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plot_samples import (
    bowls,
    curvature,
    from_signal,
    measured,
    methods,
    plateau,
    profile,
    shuffled,
    sigmoid_and_others,
)

from sim.measurements import Measurements
from sim.plots import DARK, LIGHT, MAX_ALT, Plot, draw
from sim.plots.card import Card
from sim.plots.dealing import deal
from sim.plots.legibility import check_legible
from sim.plots.placing import INK, place
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

DEEP = Spec(depth=24, width=64)
RELU, CNN = replace(DEEP, activation="relu", init="he"), replace(DEEP, arch="cnn")
LEAKY = replace(DEEP, activation="leaky_relu", skip="residual")
LOGISTIC = Spec(arch="logistic", depth=1)
ACTIVATIONS = ("sigmoid", "relu", "tanh", "gelu", "leaky_relu", "hardtanh")


def gradients_of(values: list[float], seeds: int = 16, **knobs: object) -> Measurements:
    spec = Spec.from_json(Spec(depth=len(values), seeds=seeds).to_json() | knobs)
    return measured("gradients", from_signal(spec, shuffled(values, seeds)))


def six(label: str = "") -> Measurements:
    specs = [replace(DEEP, activation=activation) for activation in ACTIVATIONS]
    factors = (0.236, 0.7, 0.98, 0.72, 0.75, 1.05)
    six = measured("gradients", *map(profile, specs, factors))
    named = [replace(v, label=f"{label} {v.label}" if label else v.label) for v in six.variants]
    return replace(six, variants=tuple(named))


def edges() -> Measurements:
    below = [0.0] * 9 + list(np.logspace(-44, -3, 15))
    above = [np.nan] * 7 + [np.inf] * 2 + list(np.logspace(38, 0, 15))
    return measured(
        "gradients",
        from_signal(replace(DEEP, gain=30.0), shuffled(above, 16)),
        from_signal(replace(DEEP, precision="float16"), shuffled(below, 16)),
        profile(replace(DEEP, activation="tanh"), 0.99),
    )


def lost_methods() -> Measurements:
    """Finite differences round to 0 in the layers below the fourth, and disagree."""
    sample = methods(agree=False, difference=0.3)
    variant = sample.variants[0]
    finite = variant.series["finite"].values.copy()
    finite[:, :4] = 0
    series = {**variant.series, "finite": replace(variant.series["finite"], values=finite)}
    return replace(sample, variants=(replace(variant, series=series),))


ORDINARY: dict[str, Callable[[], Measurements]] = {
    "reference": sigmoid_and_others,
    "alone": lambda: measured("gradients", profile(DEEP, 0.236, theory=0.236)),
    "flat": lambda: measured("gradients", profile(RELU, 1.0, theory=1.0, noise=0.3)),
    "explodes": lambda: measured("gradients", profile(replace(DEEP, gain=2.0), 2.0, theory=2.0)),
    "architectures": lambda: measured("gradients", profile(DEEP, 0.235), profile(CNN, 0.234)),
    "trained": lambda: measured("gradients", profile(replace(DEEP, steps=300), 0.5)),
    "edges": edges,
    "methods": methods,
    "speed": plateau,
    "speed to the limit": lambda: plateau(9),
    "convexity": bowls,
    "convexity over seeds": lambda: bowls(points=50, replicas=16),
}
EXTREME: dict[str, Callable[[], Measurements]] = {
    "depth 1": lambda: gradients_of([1e-3]),
    "depth 2": lambda: gradients_of([1e-4, 1e-3]),
    "depth 200": lambda: measured("gradients", profile(replace(DEEP, depth=200), 0.236, theory=0.236)),
    "all zero": lambda: gradients_of([0.0] * 24),
    "all NaN": lambda: gradients_of([np.nan] * 24),
    "all infinite": lambda: gradients_of([np.inf] * 200),
    "one seed": lambda: gradients_of(list(np.logspace(-9, -1, 24)), seeds=1),
    "256 seeds": lambda: measured("gradients", profile(replace(DEEP, seeds=256), 0.5, noise=1.0)),
    "huge spread": lambda: measured("gradients", profile(DEEP, 0.9, noise=4.0)),
    "1e-300 to 1e300": lambda: gradients_of(list(np.logspace(-300, 300, 24))),
    "subnormal": lambda: gradients_of([5e-324, 1e-323, 1e-320]),
    "1e300 to 1e-300": lambda: gradients_of(list(np.logspace(300, -300, 24))),
    "alternating": lambda: gradients_of([1e-3, 0.0, np.inf, 1e-3] * 6),
    "six variants": six,
    "long labels": lambda: six("a very long label that an instructor wrote and never tried on a phone"),
    "many settings": lambda: measured(
        "gradients",
        profile(replace(LEAKY, slope=0.2, gain=1.5, norm="batch"), 0.9),
        profile(replace(LEAKY, norm="layer", steps=300), 0.9),
    ),
    "recurrent": lambda: measured("gradients", profile(replace(DEEP, arch="lstm", depth=50), 0.6)),
    "methods, depth 1": lambda: methods(1),
    "methods, depth 200": lambda: methods(200, first_over_last=1e-80),
    "methods, different": lost_methods,
    "methods, exploding": lambda: methods(first_over_last=1e9),
    "speed, depth 1": lambda: plateau(1),
    "speed, depth 30": lambda: plateau(30, growth=1.2),
    "speed, never": lambda: plateau(5, first=1e6),
    "speed, one seed": lambda: plateau(9, growth=12.0, seeds=1),
    "speed, flat": lambda: plateau(7, growth=1.0),
    "convexity, alone": lambda: replace(bowls(), variants=bowls().variants[:1]),
    "convexity, one point": lambda: bowls(points=1),
    "convexity, exactly 0": lambda: measured("convexity", curvature(LOGISTIC, np.zeros((1, 50)))),
    "convexity, 1e-300 to 1e300": lambda: measured(
        "convexity", curvature(LOGISTIC, np.array([[-1e300, -1e-300, 1e-300, 1.0, 1e300]]))
    ),
}  # fmt: skip
ALL = ORDINARY | EXTREME


def cards(measurements: Measurements, theme: Theme = DARK) -> list[Card]:
    compose = importlib.import_module(f"sim.plots.{measurements.experiment}").compose
    return [compose(part, theme) for part in deal(measurements)]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", ALL)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for card in cards(ALL[case](), theme):
        assert check_legible(card.finish()) == []


@pytest.mark.parametrize("case", ALL)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    for plot in draw(ALL[case]()):
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert "image of" not in plot.alt.lower()
        assert not any(word in plot.alt for word in ("orange", "purple", "nan", " inf", "None"))


@pytest.mark.parametrize("case", ORDINARY)
def test_labels_of_an_ordinary_card_cover_no_line(case: str) -> None:
    for card in cards(ORDINARY[case]()):
        for placed in place(card.labels, card.ground):
            assert placed.cost < INK, [row.runs for row in placed.label.rows]


@pytest.mark.parametrize("measurements", [sigmoid_and_others(), methods(), plateau(), bowls()])
def test_what_travels_as_json_is_drawn_the_same(measurements: Measurements) -> None:
    assert draw(Measurements.from_json(measurements.to_json())) == draw(measurements)


def test_six_variants_are_three_cards_that_share_the_focus() -> None:
    parts = deal(six())
    assert [[v.label.split(" ")[0] for v in part.variants] for part in parts] == [
        ["sigmoid", "relu", "tanh"],
        ["sigmoid", "gelu", "leaky_relu"],
        ["sigmoid", "hardtanh"],
    ]
    plots: tuple[Plot, ...] = draw(six())
    assert [plot.alt[:12] for plot in plots] == ["Card 1 of 3.", "Card 2 of 3.", "Card 3 of 3."]
