"""Measurements and their JSON."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.errors import SpecError
from sim.measurements import AXES, Array, Measurements, Provenance, Series, Variant
from sim.spec import Spec

PROVENANCE = Provenance(version="0.1.0", torch="2.13.0", threads=2, seconds=0.25)
ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True)
FACTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | ANY_FLOAT
    | st.sampled_from(["steady", "relu · he"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def sent(measurements: Measurements) -> Measurements:
    """Send measurements through strict JSON."""
    return Measurements.from_json(json.loads(json.dumps(measurements.to_json(), allow_nan=False)))


def holding(values: Array, axes: tuple[str, ...] = ("replica", "layer")) -> Measurements:
    series = Series(axes=axes, values=values)
    variant = Variant(spec=Spec(depth=3, clip=2.0), label="a · b", series={"signal": series}, facts={})
    return Measurements(experiment="gradients", variants=(variant,), provenance=PROVENANCE)


@given(arrays.arrays(np.float64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=ANY_FLOAT))
def test_every_float_survives_json_bit_by_bit(values: Array) -> None:
    back = sent(holding(values, AXES[: values.ndim])).variants[0].series["signal"]
    assert back.axes == AXES[: values.ndim]
    assert back.values.dtype == np.float64
    np.testing.assert_array_equal(back.values, values)
    finite = np.isfinite(values)
    assert back.values[finite].tobytes() == values[finite].tobytes()


def test_nan_and_the_infinities_become_words() -> None:
    series = Series(axes=("layer",), values=np.array([math.nan, math.inf, -math.inf, 1.5]))
    assert series.to_json() == {"axes": ["layer"], "values": ["nan", "inf", "-inf", 1.5]}


@given(st.dictionaries(st.text(max_size=4), FACTS, max_size=4))
def test_facts_survive_json(facts: dict[str, object]) -> None:
    variant = Variant(spec=Spec(), label="", series={}, facts=facts)
    whole = Measurements(experiment="speed", variants=(variant,), provenance=PROVENANCE, facts=facts)
    back = sent(whole)
    # repr tells nan from 0, 1 from 1.0 and True, and one nan equals the next.
    assert repr(back.variants[0].facts) == repr(facts)
    assert repr(back.facts) == repr(facts)


def test_numpy_numbers_in_facts_become_json_numbers() -> None:
    facts = {"a": np.float64(1.5), "b": np.int64(3), "c": np.bool_(1), "d": np.float64(np.nan), "e": (1, 2)}
    variant = Variant(spec=Spec(), label="", series={}, facts=facts)
    document = Measurements(experiment="x", variants=(variant,), provenance=PROVENANCE).to_json()
    assert document["variants"][0]["facts"] == {"a": 1.5, "b": 3, "c": True, "d": "nan", "e": [1, 2]}
    assert type(document["variants"][0]["facts"]["b"]) is int


def test_everything_but_arrays_compares_equal_after_json() -> None:
    back = sent(holding(np.ones((2, 3))))
    assert (back.experiment, back.provenance, back.facts) == ("gradients", PROVENANCE, {})
    assert [(variant.spec, variant.label) for variant in back.variants] == [
        (Spec(depth=3, clip=2.0), "a · b")
    ]


def test_a_document_with_an_unknown_knob_is_refused() -> None:
    document = holding(np.ones((1, 1))).to_json()
    document["variants"][0]["spec"]["deep"] = 3
    with pytest.raises(SpecError, match="got deep"):
        Measurements.from_json(document)
