"""What the grammar refuses, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SpecError
from sim.knobs import Choice
from sim.spec import Spec, parse_variants
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
    "lr=0": "lr is a number above 0 to 1000; got 0; the nearest valid value is 0.1.",
    "lr=nan": "lr is a number above 0 to 1000; got nan; the nearest valid value is 0.1.",
    "lr=1e999": "lr is a number above 0 to 1000; got 1e999; the nearest valid value is 1000.",
    "momentum=1": "momentum is a number from 0 to 0.999; got 1; the nearest valid value is 0.999.",
    "clip=-1": "clip is none or a number above 0 to 1000000; got -1; the nearest valid value is 1.",
    "seed=-1": "seed is a whole number from 0 to 2147483647; got -1; the nearest valid value is 0.",
    "0x64": "depth is a whole number from 1 to 200; got 0; the nearest valid value is 1.",
    "30x2000": "width is a whole number from 1 to 1024; got 2000; the nearest valid value is 1024.",
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
    assert BY_KEY[key].parse(nearest) is not None


def test_the_nearest_whole_number_is_the_nearest() -> None:
    assert refusal("depth=19.9").endswith("the nearest valid value is 20.")


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
