"""Whatever is accepted runs and can be read, and whatever is refused says what to do: the whole grammar."""

from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_oracles import TORCH_JVP, spec_of, specs
from sweep_oracles import check, extremes, mended, refusal, small, words

from sim.knobs import Number
from sim.spec import Spec
from sim.support import EXPERIMENTS
from sim.vocabulary import BY_KEY, KNOBS

pytestmark = pytest.mark.filterwarnings(TORCH_JVP)

THEMES = st.sampled_from(["dark", "light"])
# Knobs that decide how long a run takes, as large as a sweep can afford.
_SIZES: dict[str, st.SearchStrategy[Any]] = {
    "depth": st.integers(1, 5),
    "width": st.integers(1, 6),
    "batch": st.integers(2, 5),
    "seeds": st.integers(1, 3),
    "image": st.integers(1, 5),
    "kernel": st.sampled_from([1, 3, 5, 15]),
    "steps": st.integers(0, 4),
}


def small_specs() -> st.SearchStrategy[Spec]:
    """Draw a spec from the whole grammar, but for its sizes."""
    defaults = {key: st.just(getattr(Spec(), key)) for key in BY_KEY}
    free = {key: st.one_of(defaults[key], _values(key)) for key in BY_KEY}
    return st.fixed_dictionaries(free | _SIZES).map(lambda knobs: spec_of(**knobs))


def _values(key: str) -> st.SearchStrategy[Any]:
    """Draw any value of a knob, its ends more often than chance would."""
    knob = BY_KEY[key]
    if not isinstance(knob, Number):
        return st.sampled_from(knob.words)
    if knob.whole:
        return st.integers(int(knob.low), int(knob.high))
    inside = st.floats(knob.low, knob.high, exclude_min=knob.exclusive_low).map(lambda value: value + 0.0)
    low = 1e-300 if knob.exclusive_low else knob.low
    return (
        st.sampled_from([float(low), float(knob.high)])
        | inside
        | st.floats(0.5, 2).filter(lambda value: knob.low < value <= knob.high)
    )


@given(spec=specs(), experiment=st.sampled_from(EXPERIMENTS))
def test_whatever_is_refused_is_accepted_after_doing_what_the_refusals_say(
    spec: Spec, experiment: str
) -> None:
    accepted = mended(experiment, spec, steps=100_000)
    assert refusal(experiment, accepted) is None


def few_or(many: int) -> pytest.MarkDecorator:
    """Parametrise a test with the numbers of examples of a short and of a long run."""
    return pytest.mark.parametrize("examples", [many // 3, pytest.param(many, marks=pytest.mark.long)])


@few_or(40)
def test_every_accepted_spec_gives_its_gradients_by_layer(examples: int) -> None:
    @settings(settings.get_profile("sim"), max_examples=examples)
    @given(spec=small_specs(), theme=THEMES)
    def gives(spec: Spec, theme: str) -> None:
        check("gradients", mended("gradients", spec, steps=4), themes=(theme,))

    gives()


@few_or(40)
def test_every_accepted_spec_runs_in_every_other_experiment(examples: int) -> None:
    @settings(settings.get_profile("sim"), max_examples=examples)
    @given(
        spec=small_specs(),
        experiment=st.sampled_from([name for name in EXPERIMENTS if name != "gradients"]),
        theme=THEMES,
    )
    def runs(spec: Spec, experiment: str, theme: str) -> None:
        # Work grows with the square of the parameters.
        if experiment in {"differentiation", "convexity", "speed"}:
            spec = replace(spec, depth=min(spec.depth, 3), width=min(spec.width, 3))
        check(experiment, mended(experiment, spec, steps=4), themes=(theme,))

    runs()


@few_or(12)
def test_any_two_or_three_accepted_specs_can_be_compared(examples: int) -> None:
    @settings(settings.get_profile("sim"), max_examples=examples)
    @given(
        several=st.lists(small_specs(), min_size=2, max_size=3),
        experiment=st.sampled_from(["gradients", "training"]),
    )
    def compares(several: list[Spec], experiment: str) -> None:
        accepted = dict.fromkeys(mended(experiment, spec, steps=4) for spec in several)
        check(experiment, *accepted, themes=("dark",))

    compares()


_ARCHITECTURES = [word for key, word in words() if key == "arch"]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_architecture_runs_in_every_experiment_that_accepts_it(experiment: str) -> None:
    ran = 0
    for arch, theme in zip(_ARCHITECTURES, cycle(("dark", "light")), strict=False):
        spec = small(arch=arch) if arch == "cnn" else replace(small(arch=arch), image=8)
        if experiment in {"training", "speed", "learning_rate"}:
            spec = replace(spec, steps=2)
        sentence = refusal(experiment, spec)
        if sentence is None:
            ran += 1
            check(experiment, spec, themes=(theme,))
        else:
            assert arch in sentence
    assert ran


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, word in words() if key != "arch"])
def test_every_word_runs_with_some_architecture(key: str, word: str) -> None:
    spec = small(**{key: word}, steps=2 if key in {"optimizer", "pretrain"} else 0)
    spec = replace(spec, norm="layer") if key == "order" else spec
    for arch in ("mlp", "cnn", "rnn"):
        one = replace(spec, arch=arch, image=3 if arch == "cnn" and word != "digits" else 8)
        if refusal("gradients", one) is None:
            check("gradients", one, themes=("dark",))
            drawn = ("light",) if key in {"data", "loss", "optimizer", "pretrain"} else ()
            check("training", replace(one, steps=2), themes=drawn)
            return
    sentence = refusal("gradients", replace(spec, image=8))
    assert sentence is None, sentence


@pytest.mark.parametrize(("key", "value"), list(extremes()))
def test_both_ends_of_every_range_run(key: str, value: object) -> None:
    owner = {
        "kernel": {"arch": "cnn", "image": 8},
        "image": {"arch": "cnn"},
        "forget_bias": {"arch": "lstm"},
        "slope": {"activation": "leaky_relu"},
        "std": {"init": "normal"},
        "residual_scale": {"skip": "residual"},
        "transform_bias": {"skip": "highway"},
    }.get(key, {})
    training = key in {"lr", "momentum", "clip", "clip_value", "layer_lr", "steps"}
    knobs = {"image": 8, "width": 2} | owner | ({"steps": 2} if training else {}) | {key: value}
    spec = small(**knobs)
    if spec.steps > 2:
        spec = replace(spec, width=1, depth=1, batch=2, seeds=1, steps=2_000)  # a day would be needed
    check("gradients", mended("gradients", spec, steps=2_000), themes=("dark",))
    if training and spec.steps:
        check("training", spec, themes=("light",))


@pytest.mark.parametrize(
    "words_",
    [
        "relu normal std=0 4x4",
        "sigmoid gain=1e-300 4x4",
        "linear normal std=100 150x8",
        "tanh float16 input_scale=5038 3x4",
        "cnn relu float16 input_scale=5038 3x4 image=3",
        "tanh lr=1000 momentum=0.999 steps=5 2x3",
        "relu gain=1000 200x4 batch=2",
        "relu lr=1000 he steps=60 6x8",
        "transformer gain=1000 20x4 float16",
        "transformer norm=none residual_scale=100 40x4",
        "lstm linear gain=30 60x4",
        "gru forget_bias=20 60x4 float16",
        "rnn relu gain=20 200x2",
        "mlp skip=residual relu gain=1000 residual_scale=100 100x4",
        "mlp skip=dense relu gain=1000 30x4",
        "cnn norm=batch batch=2 image=1 kernel=1 3x2",
        "mlp noisy_relu lsuv gain=1000 20x4",
        "mlp relu lsuv 5x1 batch=2",
    ],
)
def test_where_numbers_end_the_layers_are_named(words_: str) -> None:
    spec = Spec.parse(f"{words_} seeds=2")
    assert refusal("gradients", spec) is None
    check("gradients", spec)


def test_the_sweep_knows_every_knob() -> None:
    assert {knob.key for knob in KNOBS} == {key for key, _ in words()} | {key for key, _ in extremes()}


def test_ticks_with_an_exponent_fit() -> None:
    spec = Spec.parse("arch=logistic batch=2 seeds=3 width=3 input_scale=1000000")
    check("convexity", spec, themes=("dark",))


def test_a_single_spec_is_measured_in_float16_too_so_its_inputs_must_fit_into_it() -> None:
    spec = Spec.parse("2x3 input_scale=1000000 seeds=2 batch=4")
    assert refusal("precision", spec) == (
        "float16 ends at 65504, so its inputs have an input_scale of at most 5038; got 1e+06; "
        "the nearest valid value is 5038, or precision=float32."
    )
    assert refusal("gradients", spec) is None
