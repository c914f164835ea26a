"""A claim holds exactly when what was measured says so."""

import contextlib
import math
import warnings
from typing import Any

import pytest

from answers import claims
from answers.errors import ClaimRejected

FACTS: dict[str, Any] = {
    "main": {"factor": 0.25, "depth": 10, "regime": "vanishes", "agree": True, "wrong": False},
    "deep": {"difference": {"forward": 1e-15}},
    "none": {"factor": None, "depth": math.nan, "last": math.inf},
    "layers": [1, 2],
    "huge": 10**400,
}


@pytest.mark.parametrize(
    "text",
    [
        "main.factor < 0.3",
        "main.factor <= 0.25",
        "main.factor >= 0.25",
        "main.factor == 0.25",
        "main.factor != 0.3",
        "0.2 < main.factor < 0.3 < 1",
        "deep.difference.forward < 1e-9",
        "main.regime == 'vanishes'",
        'main.regime != "explodes"',
        "main.agree",
        "not main.wrong",
        "not (main.factor > 1)",
        "main.agree and main.factor < 1",
        "main.wrong or main.factor < 1",
        "abs(main.factor - 1) == 0.75",
        "min(main.factor, main.depth, 3) == 0.25",
        "max(main.factor, main.depth) == 10",
        "log10(main.depth * 100) == 3",
        "main.depth / 4 == 2.5",
        "-main.depth + 3 < 0",
        "1_000 > main.depth",
        "(main.factor < 1)",
        "  main.factor < 1\n",
        "none.last > 1e308",
    ],
)
def test_a_true_statement_holds(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is True


@pytest.mark.parametrize(
    "text",
    [
        "main.factor > 0.3",
        "0.2 < main.factor < 0.21",
        "0.3 < main.factor < 0.4",
        "0.2 < main.factor > 0.3",
        "main.regime == 'explodes'",
        "main.wrong",
        "not main.agree",
        "main.agree and main.factor > 1",
        "main.wrong or main.factor > 1",
    ],
)
def test_a_false_statement_does_not_hold(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is False


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize(
    "left",
    [
        "none.factor",
        "none.depth",
        "none.factor + 1",
        "none.depth * 0",
        "-none.factor",
        "abs(none.factor)",
        "min(none.factor, 1)",
        "main.factor / 0",
        "0 / 0",
        "log10(0)",
        "log10(-1)",
        "main.regime + 1",
        "main.agree + 1",
        "'a' * 3",
        "layers * 2",
        "huge * 1",
        "none.last - none.last",
    ],
)
def test_nothing_holds_of_what_was_not_measured_or_is_not_a_number(left: str, comparison: str) -> None:
    assert claims.evaluate(f"{left} {comparison} 1", FACTS).holds is None
    assert claims.evaluate(f"1 {comparison} {left}", FACTS).holds is None


@pytest.mark.parametrize("text", ["main.regime < 1", "1 > main.regime", "layers < 1"])
def test_a_word_is_neither_smaller_nor_larger_than_a_number(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is None


def test_a_word_does_not_equal_a_number() -> None:
    assert claims.evaluate("main.regime == 1", FACTS).holds is False


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("none.factor < 1 and main.wrong", False),
        ("none.factor < 1 and main.agree", None),
        ("none.factor < 1 or main.agree", True),
        ("none.factor < 1 or main.wrong", None),
        ("not (none.factor < 1 and main.wrong)", True),
        ("2 < main.factor < none.factor", False),
    ],
)
def test_what_can_be_decided_without_the_missing_part_is_decided(text: str, *, holds: bool | None) -> None:
    assert claims.evaluate(text, FACTS).holds is holds


@pytest.mark.parametrize(
    "text", ["none.factor", "none.factor and main.agree", "none.factor < 1 and main.agree"]
)
def test_an_absent_value_is_not_true(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is None


def test_too_large_a_product_is_infinite_and_harmless() -> None:
    assert claims.evaluate("1e308 * 1e308 > 1e308", FACTS).holds is True
    assert claims.evaluate("1e308 * 1e308 - 1e308 * 1e308 < 1", FACTS).holds is None


def test_an_outcome_says_what_it_looked_at_by_dotted_name() -> None:
    outcome = claims.evaluate("deep.difference.forward < 1 and main.depth > main.factor", FACTS)
    assert outcome.measured == {"deep.difference.forward": 1e-15, "main.depth": 10, "main.factor": 0.25}


def test_both_sides_of_an_or_are_looked_at_so_that_a_wrong_name_is_found() -> None:
    with pytest.raises(ClaimRejected, match=r"^main\.fcator was not measured"):
        claims.evaluate("main.agree or main.fcator > 1", FACTS)


@pytest.mark.parametrize(
    "text", ["not none.factor < 0.5", "not (none.depth > 1)", "not abs(none.factor) > 1"]
)
def test_the_negation_of_a_statement_about_nothing_does_not_hold_either(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is None


def test_a_bare_name_that_is_nan_does_not_hold() -> None:
    assert claims.evaluate("none.depth", FACTS).holds is None


@pytest.mark.parametrize("text", ["main.factor", "main.regime", "main.agree and main.factor"])
def test_a_bare_number_or_word_says_nothing_and_is_refused(text: str) -> None:
    with pytest.raises(ClaimRejected, match="add a comparison"):
        claims.evaluate(text, FACTS)


@pytest.mark.parametrize("text", ["min(1, none.depth) == 1", "max(1, none.depth) == 1"])
def test_the_smallest_of_something_and_nan_is_nan_in_any_order(text: str) -> None:
    assert claims.evaluate(text, FACTS).holds is None


@pytest.mark.parametrize("text", [r"main.regime == '\d'", "0x1for main.agree < 2"])
def test_reading_a_claim_warns_nobody(text: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(ClaimRejected):
            claims.evaluate(text, FACTS)
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("log10(1, 2) < 1", "log10 takes one number; got 2 in 'log10(1, 2) < 1'."),
        ("abs() < 1", "abs takes one number; got 0 in 'abs() < 1'."),
        ("min() < 1", "min takes two or more numbers; got 0 in 'min() < 1'."),
    ],
)
def test_a_function_with_too_few_or_too_many_numbers_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ClaimRejected) as caught:
        claims.parse(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "margin"),
    [
        ("a < 2", 0.5),
        ("a > 2", -0.5),
        ("1 < b < 5", 0.2),
        ("a < 2 and b < 5", 0.2),
        ("a > 2 or b < 5", 0.2),
        ("not a > 2", 0.5),
        ("a < 2 and yes", 0.5),
        ("a == 1", None),
        ("yes", None),
        ("nothing < 1", None),
    ],
)
def test_the_margin_is_the_distance_from_the_other_verdict(text: str, margin: float | None) -> None:
    found = claims.evaluate(text, {"a": 1.0, "b": 4.0, "yes": True, "nothing": None}).margin
    assert found == (None if margin is None else pytest.approx(margin))
