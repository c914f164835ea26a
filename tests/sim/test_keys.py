"""The forms of a spec: canonical text, JSON, content key."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from sim_oracles import specs

from sim.errors import SpecError
from sim.knobs import Choice
from sim.spec import Spec, content_key
from sim.vocabulary import KNOBS


@given(specs())
def test_parsing_the_text_gives_the_spec_again(spec: Spec) -> None:
    assert Spec.parse(spec.text) == spec
    assert Spec.parse(spec.text).text == spec.text


@given(specs())
def test_the_text_does_not_depend_on_what_it_is_parsed_over(spec: Spec) -> None:
    named = {word.split("=")[0] for word in spec.text.split()}
    default = Spec()
    assert all(
        getattr(spec, knob.key) == getattr(default, knob.key) for knob in KNOBS if knob.key not in named
    )


@given(specs())
def test_reading_the_json_gives_the_spec_again(spec: Spec) -> None:
    sent = json.dumps(spec.to_json(), allow_nan=False)
    assert Spec.from_json(json.loads(sent)) == spec


@given(specs())
def test_every_form_has_the_same_key(spec: Spec) -> None:
    assert Spec.parse(spec.text).key == Spec.from_json(spec.to_json()).key


@given(specs(), specs())
def test_keys_are_equal_exactly_when_specs_are(one: Spec, other: Spec) -> None:
    assert (one.key == other.key) == (one == other)


def other_value(spec: Spec, key: str) -> Any:
    knob = next(knob for knob in KNOBS if knob.key == key)
    value = getattr(spec, key)
    if isinstance(knob, Choice):
        return next(word for word in knob.words if word != value)
    return knob.high if value != knob.high else knob.low


@pytest.mark.parametrize("key", [knob.key for knob in KNOBS])
def test_every_knob_changes_the_key_and_the_text(key: str) -> None:
    spec = Spec()
    changed = replace(spec, **{key: other_value(spec, key)})
    assert changed.key != spec.key
    assert changed.text != spec.text


def test_a_key_is_64_hexadecimal_digits_and_stays_the_same_between_processes() -> None:
    assert Spec().key == content_key([Spec()])
    assert len(bytes.fromhex(Spec().key)) == 32
    assert content_key([]) == sha256(b"[[],{}]").hexdigest()


def test_whatever_decides_a_result_changes_the_content_key() -> None:
    one, two = Spec(), Spec(depth=3)
    keys = [
        *(content_key([one]), content_key([one, two]), content_key([two, one]), content_key([one, one])),
        *(content_key([one], torch="1"), content_key([one], torch="2"), content_key([one], threads="1")),
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [(Spec(gain=2), Spec.parse("gain=2")), (Spec.parse("slope=-0"), Spec.parse("slope=0"))],
)
def test_equal_specs_have_equal_keys_however_their_numbers_are_written(one: Spec, other: Spec) -> None:
    assert one == other
    assert one.key == other.key


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"deep": 3, "Depth": 2}, "A spec has the knobs of the grammar; got Depth, deep."),
        ({"depth": 0}, "depth is a whole number from 1 to 200; got 0; the nearest valid value is 1."),
        ({"depth": None}, "depth is a whole number from 1 to 200; got 'none'; for example depth=20."),
        ({"lr": float("nan")}, "lr is a number above 0 to 1000; got nan; for example lr=0.1."),
        ({"depth": True}, "depth is a whole number from 1 to 200; got 'True'; for example depth=20."),
        ({"depth": [3]}, "depth is a whole number from 1 to 200; got '[3]'; for example depth=20."),
    ],
)
def test_json_that_is_no_spec_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        Spec.from_json(data)
    assert str(caught.value) == message


def test_knobs_missing_in_json_have_their_defaults() -> None:
    assert Spec.from_json({"depth": 3}) == Spec(depth=3)
