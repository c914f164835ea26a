"""The grammar of docs and command line: keys, defaults, synonyms, bare words, `vs`."""

from dataclasses import asdict, fields, replace
from itertools import permutations

import pytest
from sim_oracles import spec_of

from sim.knobs import Choice
from sim.spec import Spec, parse_variants
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS, KNOBS, RECURRENT

# The table of the public interface, word for word.
DEFAULTS: dict[str, object] = {
    "arch": "mlp",
    "depth": 20,
    "width": 64,
    "activation": "sigmoid",
    "slope": 0.01,
    "init": "glorot",
    "gain": 1,
    "std": 0.01,
    "norm": "none",
    "skip": "none",
    "order": "pre",
    "residual_scale": 1,
    "transform_bias": -2,
    "padding": "zeros",
    "kernel": 3,
    "image": 8,
    "forget_bias": 0,
    "loss": "bce",
    "data": "gaussian",
    "batch": 64,
    "seeds": 16,
    "seed": 0,
    "steps": 0,
    "optimizer": "sgd",
    "lr": 0.1,
    "momentum": 0,
    "clip": None,
    "clip_value": None,
    "layer_lr": None,
    "pretrain": "none",
    "precision": "float32",
    "input_scale": 1,
}
VALUES = {
    "arch": "mlp cnn rnn lstm gru transformer logistic",
    "activation": (
        "linear sigmoid tanh relu leaky_relu elu selu gelu silu softplus softsign hardtanh noisy_relu"
    ),
    "init": "glorot he lecun orthogonal lsuv torch heuristic normal zeros",
    "norm": "none batch layer group rms",
    "skip": "none residual highway dense",
    "order": "pre post",
    "padding": "zeros circular",
    "loss": "bce mse ce",
    "data": "blobs spirals xor parity gaussian digits cancer recall",
    "precision": "float64 float32 bfloat16 float16",
}


def test_the_empty_text_is_the_table_of_defaults() -> None:
    assert asdict(Spec.parse("")) == DEFAULTS
    assert Spec.parse("") == Spec()


def test_every_field_is_a_knob_with_the_same_default() -> None:
    assert [field.name for field in fields(Spec)] == [knob.key for knob in KNOBS]
    assert {knob.key: knob.default for knob in KNOBS} == DEFAULTS


@pytest.mark.parametrize("key", VALUES)
def test_a_choice_takes_exactly_the_words_of_the_table(key: str) -> None:
    knob = BY_KEY[key]
    assert isinstance(knob, Choice)
    assert sorted(knob.words) == sorted(VALUES[key].split())
    for word in knob.words:
        implied = {"rnn": "tanh", "lstm": "tanh", "gru": "tanh"}.get(word)
        expected = {key: word} | ({"activation": implied} if implied else {})
        if word != "transformer":  # which implies more, see test_support
            assert Spec.parse(f"{key}={word}") == spec_of(**expected)


@pytest.mark.parametrize(
    ("key", "low", "high"), [("depth", 1, 200), ("width", 1, 1024), ("kernel", 1, 15), ("seed", 0, 2**31 - 1)]
)
def test_a_range_includes_both_ends(key: str, low: int, high: int) -> None:
    assert Spec.parse(f"{key}={low}") == spec_of(**{key: low})
    assert Spec.parse(f"{key}={high}") == spec_of(**{key: high})


@pytest.mark.parametrize("key", ["clip", "clip_value", "layer_lr"])
def test_a_knob_that_can_be_off_is_switched_off_by_none(key: str) -> None:
    assert Spec.parse(f"{key}=none") == Spec.parse(f"{key}=off") == Spec()
    assert getattr(Spec.parse(f"{key}=2.5"), key) == 2.5


# What the field calls the same thing.
SAME = {
    "xavier": "glorot",
    "kaiming": "he",
    "pytorch": "init=torch",
    "swish": "silu",
    "lrelu": "leaky_relu",
    "identity": "linear",
    "conv": "cnn",
    "logreg": "arch=logistic",
    "batchnorm": "norm=batch",
    "bn": "norm=batch",
    "layernorm": "norm=layer",
    "resnet": "skip=residual",
    "densenet": "skip=dense",
    "cross_entropy": "loss=ce",
    "squared_error": "loss=mse",
    "wrap": "padding=circular",
    "noise": "data=gaussian",
    "gd": "optimizer=sgd",
    "layerwise": "pretrain=greedy",
    "fp16": "float16",
    "half": "float16",
    "bf16": "bfloat16",
    "double": "float64",
    "layers=7": "depth=7",
    "units=7": "width=7",
    "learning_rate=7": "lr=7",
    "replicas=7": "seeds=7",
    "batch_size=7": "batch=7",
    "dtype=float64": "precision=float64",
}


@pytest.mark.parametrize("word", SAME)
def test_a_synonym_is_read_as_what_the_field_means_by_it(word: str) -> None:
    assert Spec.parse(word) == Spec.parse(SAME[word])


def test_every_synonym_means_its_word() -> None:
    for knob in KNOBS:
        if isinstance(knob, Choice):
            assert set(knob.synonyms.values()) <= set(knob.words)
            assert not set(knob.synonyms) & set(knob.words), "a synonym must not hide a word"
            for synonym, word in knob.synonyms.items():
                assert getattr(Spec.parse(f"{knob.key}={synonym}"), knob.key) == word


def test_every_other_spelling_of_a_key_means_its_key() -> None:
    for synonym, key in KEY_SYNONYMS.items():
        assert synonym not in BY_KEY
        value = BY_KEY[key].format(DEFAULTS[key])
        assert Spec.parse(f"{synonym}={value}") == Spec()


def test_a_bare_word_is_its_only_meaning() -> None:
    alone = {word: means[0] for word, means in BARE_WORDS.items() if len(means) == 1 and word not in BY_KEY}
    assert len(alone) > 60
    for word, (key, value) in alone.items():
        assert Spec.parse(word) == Spec.parse(f"{key}={value}")
        assert getattr(Spec.parse(word), key) == value


def test_the_example_of_the_interface_reads_as_written() -> None:
    assert Spec.parse("mlp sigmoid 30x64") == Spec(arch="mlp", activation="sigmoid", depth=30, width=64)


@pytest.mark.parametrize("size", ["30x64", "30X64", "30×64", "30 x 64"])
def test_a_size_is_depth_times_width(size: str) -> None:
    assert Spec.parse(size) == Spec(depth=30, width=64)


def test_the_order_of_words_does_not_matter() -> None:
    words = ["relu", "he", "30x32", "lr=0.01", "steps=5"]
    assert len({Spec.parse(" ".join(order)) for order in permutations(words)}) == 1


@pytest.mark.parametrize(
    "text", ["RELU He", "  relu\n\the ", "relu, he", "Activation=ReLU INIT=HE", "relu,,he", "init=he relu"]
)
def test_case_blanks_and_commas_do_not_matter(text: str) -> None:
    assert Spec.parse(text) == Spec(activation="relu", init="he")


def test_a_dash_in_a_key_is_an_underscore() -> None:
    assert Spec.parse("input-scale=2 batch-size=8") == Spec(input_scale=2.0, batch=8)


@pytest.mark.parametrize(("text", "lr"), [("1e-3", 1e-3), (".5", 0.5), ("+2", 2.0), ("1E2", 100.0)])
def test_a_number_is_written_as_usual(text: str, lr: float) -> None:
    assert Spec.parse(f"lr={text}") == Spec(lr=lr)


def test_a_whole_number_stays_an_int() -> None:
    depth = Spec.parse("depth=2e1").depth
    assert (depth, type(depth)) == (20, int)
    assert type(Spec.parse("lr=2").lr) is float


def test_a_later_variant_inherits_from_the_first_not_from_its_neighbour() -> None:
    first = Spec(depth=30, width=8)
    assert parse_variants("depth=30 width=8 vs relu he vs tanh") == (
        first,
        replace(first, activation="relu", init="he"),
        replace(first, activation="tanh"),
    )


def test_the_comparison_of_the_interface_reads_as_written() -> None:
    assert parse_variants("depth=30 activation=sigmoid vs activation=relu init=he") == (
        Spec(depth=30),
        Spec(depth=30, activation="relu", init="he"),
    )


@pytest.mark.parametrize("text", ["relu VS tanh", "relu vs. tanh", "relu\nvs\ttanh", "relu, vs tanh"])
def test_vs_is_read_however_it_is_typed(text: str) -> None:
    assert [spec.activation for spec in parse_variants(text)] == ["relu", "tanh"]


def test_a_text_without_vs_is_one_variant() -> None:
    assert parse_variants("relu 5x5") == (Spec(activation="relu", depth=5, width=5),)


def test_six_variants_are_the_most() -> None:
    assert len(parse_variants(" vs ".join(f"depth={d}" for d in range(1, 7)))) == 6


def test_the_recurrent_architectures_are_words_of_arch() -> None:
    assert set(RECURRENT) == {"rnn", "lstm", "gru"}
    assert {Spec.parse(word).arch for word in RECURRENT} == set(RECURRENT)


@pytest.mark.parametrize(
    "text", ["depth=30", "depth = 30", "depth =30", "depth 30", "30 layers", "layers=30"]
)
def test_a_number_and_its_key_belong_together_however_they_are_spaced(text: str) -> None:
    assert Spec.parse(f"relu {text} he") == Spec(depth=30, activation="relu", init="he")


@pytest.mark.parametrize(
    "text", ["steps=50,100 layers", "steps=50, depth=100", "steps=50,depth=100", "100 layers,50 steps"]
)
def test_commas_separate_words_also_between_numbers(text: str) -> None:
    assert Spec.parse(text) == Spec(steps=50, depth=100)


# What a text that names no hidden layer says, and what its configurations are.
WITHOUT_HIDDEN = {
    "arch=logistic data=blobs precision=float64 seeds=4": (
        "arch=logistic data=blobs seeds=4 precision=float64",
    ),
    "arch=logistic": ("arch=logistic width=64",),
    "arch=logistic width=3": ("arch=logistic width=3",),
    "arch=logistic data=blobs vs loss=mse": ("arch=logistic data=blobs", "arch=logistic loss=mse data=blobs"),
    "arch=logistic data=blobs vs arch=mlp depth=1 width=3 tanh": (
        "arch=logistic data=blobs",
        "arch=mlp depth=1 width=3 activation=tanh init=glorot data=blobs",
    ),
    "arch=logistic depth=1 width=3 tanh data=blobs vs arch=mlp": (
        "arch=logistic data=blobs",
        "arch=mlp depth=1 width=3 activation=tanh init=glorot data=blobs",
    ),
    "5x7 relu residual data=blobs vs arch=logistic": (
        "arch=mlp depth=5 width=7 activation=relu init=glorot skip=residual data=blobs",
        "arch=logistic data=blobs",
    ),
    "transformer 5x7 vs arch=logistic": (
        "arch=transformer depth=5 width=7 activation=relu init=glorot norm=layer skip=residual",
        "arch=logistic width=7",
    ),
}


@pytest.mark.parametrize("text", WITHOUT_HIDDEN)
def test_a_logistic_regression_has_only_knobs_that_act_on_it(text: str) -> None:
    specs = parse_variants(text)
    assert tuple(spec.text for spec in specs) == WITHOUT_HIDDEN[text]
    assert tuple(Spec.parse(spec.text) for spec in specs) == specs
