"""The gradient through time, and what the forward pass keeps of the difference between examples."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D
from plot_samples import from_signal, measured, profile, shuffled
from training_samples import sequence, texts

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots import DARK, LIGHT, MAX_ALT, draw, gradients, gradients_collapse, through_time
from sim.plots.along import LAYERS, TIME
from sim.plots.card import Card
from sim.plots.dealing import deal
from sim.plots.legibility import check_legible
from sim.plots.theme import Theme
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec

DEEP = Spec(depth=20, width=64)
RELU = replace(DEEP, activation="relu")


def back(*variants: Variant) -> Measurements:
    return measured("through_time", *variants)


def steps_of(values: list[float]) -> Variant:
    spec = replace(sequence().spec, depth=len(values))
    return from_signal(spec, shuffled(values, spec.seeds))


TIMES: dict[str, Callable[[], Measurements]] = {
    "lstm": lambda: back(sequence()),
    "three": lambda: back(sequence(), sequence(0.6, arch="rnn"), sequence(0.9, arch="gru")),
    "six": lambda: back(*(sequence(0.1 * n, forget_bias=float(n)) for n in range(1, 7))),
    "different lengths": lambda: back(sequence(), sequence(depth=200)),
    "explodes": lambda: back(sequence(1.4, arch="rnn")),
    "1 step": lambda: back(steps_of([1e-3])),
    "200 steps": lambda: back(sequence(depth=200)),
    "edges": lambda: back(steps_of([0.0] * 9 + [1e-3] * 12 + [np.nan, np.inf])),
    "all zero": lambda: back(steps_of([0.0] * 24)),
    "direct": lambda: back(replace(sequence(), facts={**sequence().facts, "direct_per_step": 0.54})),
}  # fmt: skip


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", TIMES)
def test_every_text_of_a_card_is_on_it_large_enough_and_alone(case: str, theme: Theme) -> None:
    for part in deal(TIMES[case]()):
        assert check_legible(through_time.compose(part, theme).finish()) == []


@pytest.mark.parametrize("case", TIMES)
def test_titles_and_alternative_texts_keep_their_lengths(case: str) -> None:
    plots = draw(TIMES[case]())
    for plot in plots:
        assert 0 < len(plot.title) <= MAX_TITLE
        assert 0 < len(plot.alt) <= MAX_ALT
        assert "layer" not in plot.alt
    assert draw(Measurements.from_json(TIMES[case]().to_json())) == plots


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([sequence(0.85)], "LSTM: 0.85 of the gradient per step back"),
        ([sequence(0.85, arch="rnn")], "Tanh RNN: 0.85 of the gradient per step back"),
        ([sequence(0.05)], "LSTM: gradient shrinks 20× per step back"),
        ([sequence(1.4, arch="gru")], "GRU: every step back grows the gradient 1.4×"),
        ([sequence(1.0)], "LSTM: the gradient keeps its size"),
        ([sequence(0.85), sequence(0.6, arch="rnn")], "Tanh RNN: 0.6 of the gradient per step back"),
        ([sequence(0.6, arch="gru"), sequence(0.6)], "GRU and LSTM: the same 1.7× per step back"),
    ],
)
def test_the_title_says_what_a_step_back_leaves(variants: list[Variant], expected: str) -> None:
    assert through_time.title(back(*variants)) == expected


def test_the_axis_says_where_the_sequence_starts_and_the_loss_is_read() -> None:
    frame = through_time.compose(back(sequence()), DARK).frame
    assert frame.x_label == "time step: 1 = start of the sequence, 30 = the loss is read"
    assert frame.x.ticks[0][1] == "1"
    assert through_time.title(TIMES["different lengths"]()).startswith("30 steps: ")
    different = through_time.compose(TIMES["different lengths"](), DARK).frame
    assert different.x_label.endswith("last = the loss")
    assert LAYERS.x_label([20]) == "layer (1 = next to the input)"
    assert TIME.whereabouts(30) == "step 1 of 30 is the start of the sequence, the loss is read at step 30"


def test_variants_of_different_architectures_are_named_by_them() -> None:
    words = texts(through_time.compose(TIMES["three"](), DARK))
    assert {"LSTM", "RNN", "GRU"} <= set(words)


def test_the_direct_path_is_named_where_it_is_known() -> None:
    sample = TIMES["direct"]()
    assert "direct path alone: 0.54 per step" in texts(through_time.compose(sample, DARK))
    assert "Direct path alone: 0.54 per step." in through_time.alt(sample)
    assert "direct" not in through_time.alt(back(sequence())).lower()


def lines(card: Card) -> list[Array]:
    return [np.asarray(line.get_ydata(), float) for line in card.figure.findobj(Line2D)]


def holds(found: list[Array], expected: Array) -> bool:
    return any(len(y) == len(expected) and np.allclose(y, expected) for y in found)


def test_the_lines_are_the_medians_over_time() -> None:
    sample = TIMES["three"]()
    found = lines(through_time.compose(sample, DARK))
    for variant in sample.variants:
        assert holds(found, np.log10(np.median(variant.series["signal"].values, axis=0)))


def passing(spec: Spec, cosines: Array, *, flat: float | None = 0.0, dead: float | None = 0.0) -> Variant:
    """A network whose layers pass on examples with these cosines between them."""
    variant = profile(spec, 0.5)
    values = np.tile(cosines, (spec.seeds, 1)) + 1e-3 * np.random.default_rng(0).standard_normal(
        (spec.seeds, len(cosines))
    ) * (cosines < 0.9)
    series = {**variant.series, "cosine": Series(axes=("replica", "layer"), values=values)}
    ends = {"first": float(np.median(values[:, 0])), "last": float(np.median(values[:, -1]))}
    facts = {**variant.facts, "cosine": ends, "flat_share": flat, "dead_share": dead}
    return replace(variant, series=series, facts=facts)


ALIKE = np.r_[0.85, np.ones(19)]
APART = np.linspace(0.3, 0.95, 20)
FORWARD: dict[str, Callable[[], Measurements]] = {
    "one": lambda: measured("gradients", passing(DEEP, ALIKE)),
    "dead": lambda: measured("gradients", passing(RELU, APART, flat=0.52, dead=0.32)),
    "three": lambda: measured(
        "gradients", passing(DEEP, ALIKE), passing(RELU, APART),
        passing(replace(DEEP, activation="tanh"), np.linspace(0.01, -0.3, 20), flat=None, dead=None),
    ),
    "mixed": lambda: measured(
        "gradients", passing(DEEP, ALIKE), profile(RELU, 0.9)
    ),
    "200 layers": lambda: measured("gradients", passing(replace(DEEP, depth=200), np.ones(200))),
    "1 layer": lambda: measured("gradients", passing(replace(DEEP, depth=1), np.array([0.5]))),
    "recurrent": lambda: measured("gradients", passing(replace(DEEP, arch="lstm"), APART)),
}  # fmt: skip


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("case", FORWARD)
def test_every_text_of_a_forward_card_can_be_read(case: str, theme: Theme) -> None:
    assert check_legible(gradients_collapse.compose(FORWARD[case](), theme).finish()) == []


@pytest.mark.parametrize("case", FORWARD)
def test_the_forward_card_comes_second(case: str) -> None:
    first, second = draw(FORWARD[case]())
    assert first.title == gradients.title(FORWARD[case]())
    assert second.title == gradients_collapse.title(FORWARD[case]())
    assert len(second.title) <= MAX_TITLE
    assert len(second.alt) <= MAX_ALT
    assert draw(FORWARD[case]())[1] == second


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        (ALIKE, "Sigmoid: examples look alike from layer 2 on"),
        (np.ones(20), "Sigmoid: examples look alike in every layer"),
        (np.r_[1.0, 0.5, np.ones(18)], "Sigmoid: examples look alike from layer 3 on"),
        (np.r_[np.ones(19), 0.5], "Sigmoid: cosine between examples 1 → 0.5"),
        (np.array([0.5]), "Sigmoid: cosine between examples 0.5"),
    ],
)
def test_the_forward_title_says_from_where_examples_look_alike(cosines: Array, expected: str) -> None:
    spec = replace(DEEP, depth=len(cosines), seeds=1)
    variant = passing(spec, cosines)
    exact = Series(axes=("replica", "layer"), values=cosines[None])
    sample = measured("gradients", replace(variant, series={**variant.series, "cosine": exact}))
    assert gradients_collapse.title(sample) == expected


def test_forward_lines_are_the_medians_of_the_cosine() -> None:
    sample = FORWARD["three"]()
    found = lines(gradients_collapse.compose(sample, DARK))
    for variant in sample.variants:
        assert holds(found, np.median(variant.series["cosine"].values, axis=0))


def test_notable_shares_of_units_stand_in_the_footer() -> None:
    card = gradients_collapse.compose(FORWARD["dead"](), DARK)
    assert card.frame.footer.startswith("up to 52 % flat units, up to 32 % dead units")
    assert "units" not in gradients_collapse.compose(FORWARD["one"](), DARK).frame.footer


def test_both_alternative_texts_tell_the_forward_pass() -> None:
    first, second = draw(FORWARD["dead"]())
    for text in (first.alt, second.alt):
        assert "goes from 0.3 at layer 1 to 0.95 at layer 20" in text
        assert "at most 52 % are flat and 32 % are dead" in text


def test_more_than_three_variants_have_no_forward_card() -> None:
    names = ("sigmoid", "relu", "tanh", "gelu")
    sample = measured("gradients", *(passing(replace(DEEP, activation=name), ALIKE) for name in names))
    assert not gradients_collapse.known(sample)
    assert len(draw(sample)) == 2


def by_seed(spec: Spec, cosines: Array) -> Variant:
    """A network whose seeds have exactly these cosines (replica, layer)."""
    variant = passing(spec, cosines[0])
    exact = Series(axes=("replica", "layer"), values=cosines)
    return replace(variant, series={**variant.series, "cosine": exact})


def test_a_change_of_the_cosine_that_the_seeds_do_not_share_is_none() -> None:
    random = np.random.default_rng(0)
    noise = 0.02 + 0.1 * random.normal(size=(16, 20))
    found = gradients_collapse.title(measured("gradients", by_seed(RELU, noise)))
    assert found == "ReLU: cosine stays near 0.02"
    small = np.linspace(0.3, 0.33, 20) + 0.001 * random.normal(size=(16, 20))
    assert gradients_collapse.title(measured("gradients", by_seed(RELU, small))) == (
        "ReLU: cosine stays near 0.32"
    )
    rising = np.linspace(0.3, 0.6, 20) + 0.02 * random.normal(size=(16, 20))
    found = gradients_collapse.title(measured("gradients", by_seed(RELU, rising)))
    assert found.startswith("ReLU: cosine between examples 0.29 → ")
    both = measured("gradients", by_seed(DEEP, noise), by_seed(RELU, rising))
    assert gradients_collapse.title(both).startswith("ReLU: cosine between examples 0.29 → ")
