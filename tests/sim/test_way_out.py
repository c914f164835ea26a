"""What a refusal for its cost names in its place."""

import re

import pytest

from sim.cost import Allowance, require_affordable
from sim.errors import TooExpensive
from sim.spec import Spec, parse_variants
from sim.support import natural


def way_out(experiment: str, text: str) -> str:
    with pytest.raises(TooExpensive) as caught:
        require_affordable(experiment, parse_variants(text), Allowance())
    return str(caught.value).rpartition("; ")[2]


@pytest.mark.parametrize("experiment", ["differentiation", "convexity"])
@pytest.mark.parametrize("text", ["depth=20", "50x64", "200x1024", "50x64 vs relu he"])
def test_a_network_that_is_too_large_gets_a_size_that_fits(experiment: str, text: str) -> None:
    found = re.fullmatch(r"(\d+x\d+) would fit\.", way_out(experiment, text))
    assert found
    smaller = [Spec.parse(found[1], base=spec) for spec in parse_variants(text)]
    require_affordable(experiment, smaller, Allowance())


def test_the_size_is_not_much_smaller_than_it_has_to_be() -> None:
    found = re.fullmatch(r"(\d+)x(\d+) would fit\.", way_out("differentiation", "depth=20"))
    assert found
    depth, width = map(int, found.groups())
    with pytest.raises(TooExpensive):
        require_affordable("differentiation", [Spec(depth=2 * depth, width=2 * width)], Allowance())


@pytest.mark.parametrize(
    "text",
    [
        "200x1024 steps=100000",
        "200x1024 batch=4096 seeds=256 steps=1000",
        "arch=logistic width=1024 seeds=256 batch=4096",
        "3x8 seeds=256 batch=4096 steps=100000",
    ],
)
def test_several_knobs_are_named_with_values_that_fit_together(text: str) -> None:
    (spec,) = parse_variants(text)
    experiment = natural([spec])
    words = way_out(experiment, text).removesuffix(" would fit.")
    require_affordable(experiment, [Spec.parse(words, base=spec)], Allowance())
    if spec.arch == "logistic":
        assert "depth" not in words
        assert not re.search(r"\d+x\d+", words)


def test_what_has_no_smaller_form_is_told_what_to_turn() -> None:
    text = "lstm data=digits depth=64 width=1024 seeds=256 batch=1700 steps=10000"
    assert way_out("training", text) == "turn down width, depth, batch and steps together."
