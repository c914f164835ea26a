"""What the grammar refuses, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SpecError
from sim.knobs import Choice
from sim.spec import Spec, parse_variants, require_words
from sim.vocabulary import BARE_WORDS, BY_KEY, KNOBS


def refusal(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        parse_variants(text)
    return str(caught.value)


WORD_FOR_WORD = {
    "activation=sigmoyd": (
        "activation is one of linear, sigmoid, tanh, relu, leaky_relu, elu, selu, gelu, silu, softplus, "
        "softsign, hardtanh, noisy_relu; got 'sigmoyd'; did you mean 'sigmoid'?"
    ),
    "init=hee": (
        "init is one of glorot, he, lecun, orthogonal, lsuv, torch, heuristic, normal, zeros; got 'hee'; "
        "did you mean 'he'?"
    ),
    "order=sideways": "order is one of pre, post; got 'sideways'; known: pre, post.",
    "dept=3": "A word is key=value with a known key; got 'dept=3'; did you mean 'depth'?",
    "depth=0": "depth is a whole number from 1 to 200; got 0; the nearest valid value is 1.",
    "depth=1000": "depth is a whole number from 1 to 200; got 1000; the nearest valid value is 200.",
    "depth=many": "depth is a whole number from 1 to 200; got 'many'; for example depth=20.",
    "kernel=4": "kernel is an odd whole number from 1 to 15; got 4; the nearest valid value is 5.",
    "kernel=99": "kernel is an odd whole number from 1 to 15; got 99; the nearest valid value is 15.",
    "lr=0": (
        "lr is a number above 0 to 1000; got 0; the nearest valid value is just above 0, for example lr=0.1."
    ),
    "lr=nan": "lr is a number above 0 to 1000; got nan; for example lr=0.1.",
    "lr=1e999": "lr is a number above 0 to 1000; got 1e999; the nearest valid value is 1000.",
    "momentum=1": "momentum is a number from 0 to 0.999; got 1; the nearest valid value is 0.999.",
    "clip=-1": (
        "clip is none or a number above 0 to 1000000; got -1; the nearest valid value is just above 0, "
        "for example clip=1."
    ),
    "seed=-1": "seed is a whole number from 0 to 2147483647; got -1; the nearest valid value is 0.",
    "0x64": "depth is a whole number from 1 to 200; got 0; the nearest valid value is 1.",
    "30x2000": "width is a whole number from 1 to 1024; got 2000; the nearest valid value is 1024.",
    "lr=0,5": "A number is written with a point, not a comma; got 'lr=0,5'; write lr=0.5.",
    "lr = 0,5, steps=3": "A number is written with a point, not a comma; got 'lr = 0,5'; write lr=0.5.",
    "steps=1,000": "A number is written without commas; got 'steps=1,000'; write steps=1000.",
    "depth=1,5": "depth is a whole number from 1 to 200; got 1.5; the nearest valid value is 2.",
    "relu 0,5": (
        "A number needs its key, and a point where it has decimals; got '0,5'; "
        "for example depth=30 or lr=0.5."
    ),
    "30x": "A size is depth x width; got '30x'; for example 30x64.",
    "x30": "A size is depth x width; got 'x30'; for example 20x30.",
    "300x": "depth is a whole number from 1 to 200; got 300; the nearest valid value is 200.",
    "relu = he": "'relu' is a value, not a key; got 'relu=he'; write activation=relu init=he.",
    "relu=activation": "'relu' is a value, not a key; got 'relu=activation'; write activation=relu.",
    "zeros=3": "'zeros' is a value, not a key; got 'zeros=3'; write init=zeros or padding=zeros.",
    "=he": "A word is key=value; got '=he'; write its key before the equals sign.",
    "sigmoid versus relu": (
        "Configurations are compared with vs; got 'versus'; write for example: sigmoid vs relu he."
    ),
    "relu and he": ("The words of a configuration stand side by side; got 'and' between them; leave it out."),
    "logistic depth=3": (
        "depth needs a hidden layer; got arch=logistic, which has none; leave it out, or use arch=mlp."
    ),
    "arch=logistic sigmoid skip=none": (
        "activation and skip need a hidden layer; got arch=logistic, which has none; "
        "leave them out, or use arch=mlp."
    ),
    "logistic width=3 data=blobs": (
        "width needs a hidden layer; got arch=logistic, which has none; leave it out, or use arch=mlp."
    ),
    "arch=mlp 5x5 vs logistic 5x5": (
        "depth needs a hidden layer; got arch=logistic, which has none; leave it out, or use arch=mlp."
    ),
    "logistic data=blobs vs depth=3": (
        "depth needs a hidden layer; got arch=logistic, which has none; leave it out, or use arch=mlp."
    ),
    "depth": "depth needs a value; got 'depth' alone; for example depth=20.",
    "clip": "clip needs a value; got 'clip' alone; for example clip=1.",
    "layers": "depth needs a value; got 'layers' alone; for example depth=20.",
    "depth=": "depth needs a value after the equals sign; got 'depth='; try depth=20.",
    "depth=3 depth=3": "depth is given once in a configuration; got it again in 'depth=3'; remove one.",
    "30x64 width=3": "width is given once in a configuration; got it again in 'width=3'; remove one.",
    "relu tanh": "activation is given once in a configuration; got it again in 'tanh'; remove one.",
    "zeros": "'zeros' alone could mean more than one thing; write init=zeros or padding=zeros.",
    "batch": "'batch' alone could mean more than one thing; write norm=batch or batch=64.",
    "none": ("'none' alone could mean more than one thing; write norm=none or skip=none or pretrain=none."),
    "sigmoyd": "A word is key=value or a known value; got 'sigmoyd'; did you mean 'sigmoid'?",
    "relu vs": 'A configuration stands on each side of "vs"; got an empty one; try: sigmoid vs relu he.',
    "relu vs vs he": (
        'A configuration stands on each side of "vs"; got an empty one; try: sigmoid vs relu he.'
    ),
    "relu vs relu": (
        "Compared configurations differ in at least one knob; got "
        "'arch=mlp depth=20 width=64 activation=relu init=glorot' twice; change one."
    ),
}


@pytest.mark.parametrize("text", WORD_FOR_WORD)
def test_a_refusal_says_what_was_wanted_what_was_got_and_what_to_do(text: str) -> None:
    assert refusal(text) == WORD_FOR_WORD[text]


def test_a_seventh_variant_is_refused() -> None:
    many = " vs ".join(f"depth={depth}" for depth in range(1, 8))
    assert refusal(many) == "At most 6 configurations are compared at once; got 7; leave some out."


def test_a_very_long_text_is_refused() -> None:
    assert refusal("x" * 2001) == (
        "A configuration has at most 2000 characters; got 2001; leave some words out."
    )


def test_every_word_that_means_two_things_is_refused_with_both() -> None:
    ambiguous = {word: means for word, means in BARE_WORDS.items() if len(means) > 1}
    assert ambiguous
    for word, meanings in ambiguous.items():
        message = refusal(word)
        assert all(f"{key}={value}" in message for key, value in meanings)


@pytest.mark.parametrize("key", [knob.key for knob in KNOBS if not isinstance(knob, Choice)])
@pytest.mark.parametrize("value", ["-1e9", "1e9999", "-inf", "inf", "nan", "", "none none", "3=4", "0x10"])
def test_a_number_out_of_its_range_is_refused_and_names_its_knob(key: str, value: str) -> None:
    assert refusal(f"{key}={value}").startswith((f"{key} is ", f"{key} needs ", "'none' alone could "))


@pytest.mark.parametrize("knob", [knob for knob in KNOBS if not isinstance(knob, Choice)])
@pytest.mark.parametrize("value", ["-7", "1e12"])
def test_the_nearest_valid_value_is_valid(knob: object, value: str) -> None:
    assert not isinstance(knob, Choice)
    key = str(getattr(knob, "key", ""))
    if key in {"forget_bias", "transform_bias"} and value == "-7":
        assert getattr(Spec.parse(f"{key}=-7"), key) == -7
        return
    nearest = refusal(f"{key}={value}").split("the nearest valid value is ")[1].removesuffix(".")
    nearest = nearest.removeprefix(f"just above 0, for example {key}=")  # of those above, none is nearest
    assert BY_KEY[key].parse(nearest) is not None


def test_the_nearest_whole_number_is_the_nearest() -> None:
    assert refusal("depth=19.9").endswith("the nearest valid value is 20.")


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_request_has_a_word(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        require_words(text)
    assert str(caught.value) == (
        "A configuration has at least one word; got none; for example: depth=30 sigmoid vs relu he."
    )
    require_words("relu")


@pytest.mark.parametrize("text", ["depth=" + "9" * 1900, "lr=" + "x" * 1900, "init=" + "x" * 1900])
def test_a_refusal_does_not_repeat_a_long_word(text: str) -> None:
    assert len(refusal(text)) < 400


def test_nothing_before_vs_is_an_empty_side() -> None:
    assert refusal("vs relu") == WORD_FOR_WORD["relu vs"]


HOSTILE = [
    *("=", "==", "=3", "=relu", "===depth", "x", "×", "1x", "x1", "-", "--help", "\x00", "depth=\x00"),
    *("depth=1\x003", "relu\x00", "\ud800", "depth=\ud800", "depth=²", "depth=½", "9" * 1900),
    *(f"{'9' * 900}x{'9' * 900}", f"depth={'9' * 1900}", f"seed={'9' * 1900}", "depth=0x10", "depth=1,0"),
    *("lr=-nan", "lr=infinity", "depth=-inf", "depth=1e309", "seed=1e308", "İ", "ß=ß", "a=" * 900),
    *("vs", "vs vs", "vs vs vs", "VS.", "{depth}", "%s=%d", "__class__=1", "depth=None", "depth=[]"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_refused_as_any_other(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize("digits", ["١٢", "１２", "१२"])
def test_digits_of_any_script_count(digits: str) -> None:
    assert Spec.parse(f"depth={digits}").depth == 12
    assert Spec.parse(f"{digits}x{digits}") == Spec(depth=12, width=12)


def survives(text: str) -> None:
    try:
        specs = parse_variants(text)
    except SpecError:
        return
    assert all(Spec.parse(spec.text) == spec for spec in specs)


@given(st.text(max_size=60))
def test_any_text_is_a_spec_or_refused(text: str) -> None:
    survives(text)


FRAGMENTS = [
    *("=", " ", ",", "vs", "x", "30x64", "relu", "none", "batch", "norm", "depth", "lr", "clip", "1", "-1"),
    *("1e999", "nan", "inf", "-0.0", "0", "\x00", "é", "٣", "9" * 400, "_", "-", ".", "kernel=4", "seed="),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_any_mixture_of_the_grammars_pieces_is_a_spec_or_refused(text: str) -> None:
    survives(text)


@given(st.sampled_from(KNOBS), st.text(max_size=20) | st.floats().map(str) | st.integers().map(str))
def test_any_value_of_any_knob_is_a_spec_or_refused(knob: object, value: str) -> None:
    survives(f"{getattr(knob, 'key', '')}={value}")
