"""The filters write numbers the way a student reads them."""

import math
from typing import Any

import pytest

from answers import templates
from answers.errors import TemplateFailed


def filtered(value: Any, expression: str) -> str:
    return templates.render(f"{{{{ x|{expression} }}}}", {"x": value})


@pytest.mark.parametrize(
    ("value", "expression", "expected"),
    [
        (0.2354, "num", "0.235"),
        (0.2354, "num(2)", "0.24"),
        (0.2354, "num(1)", "0.2"),
        (0.5, "num(3)", "0.5"),
        (1440, "num(4)", "1,440"),
        (1440.5, "num(2)", "1,400"),
        (1440, "num(2)", "1,440"),
        (999_999, "num", "999,999"),
        (1_000_000, "num", "1×10⁶"),
        (1.84e-8, "num(2)", "1.8×10⁻⁸"),
        (2e-15, "num(1)", "2×10⁻¹⁵"),
        (0.001, "num", "0.001"),
        (0.00099, "num", "9.9×10⁻⁴"),
        (-0.25, "num", "-0.25"),
        (-3e-7, "num", "-3×10⁻⁷"),
        (0, "num", "0"),
        (0.99999, "num", "1"),
        (5e-324, "num", "4.94×10⁻³²⁴"),
        (math.nan, "num", "n/a"),
        (math.inf, "num", "infinite"),
        (-math.inf, "num", "minus infinite"),
        (1 / 3, "num(99999)", "0.333333333333"),
        (1 / 3, "num(0)", "0.3"),
        (0.936, "pct", "94 %"),
        (0.936, "pct(1)", "93.6 %"),
        (1, "pct", "100 %"),
        (0, "pct", "0 %"),
        (-0.5, "pct", "-50 %"),
        (2.6e-4, "duration", "260 µs"),
        (1.5e-6, "duration", "1.5 µs"),
        (0, "duration", "0 µs"),
        (0.001, "duration", "1 ms"),
        (0.0264, "duration", "26 ms"),
        (1.44, "duration", "1.4 s"),
        (1, "duration", "1 s"),
        (119, "duration", "119 s"),
        (120, "duration", "2 min"),
        (7199, "duration", "2 h"),
        (7200, "duration", "2 h"),
        (47 * 3600, "duration", "47 h"),
        (48 * 3600, "duration", "2 days"),
        (0.25, "inverse", "4"),
        (0.25, "inverse|num", "4"),
        (0, "inverse|num", "infinite"),
        (math.inf, "inverse|num", "0"),
        (2.567, "round(1)", "2.6"),
        (2.567, "round", "3"),
        (-2.9, "int", "-2"),
        (-2.5, "abs", "2.5"),
        ([1, 2, 3], "join", "1, 2, 3"),
        ([1, 2, 3], "join(' – ')", "1 – 2 – 3"),
        ([], "join", ""),
        ([1, 2, 3], "first", "1"),
        ([1, 2, 3], "last", "3"),
        ([1, 2, 3], "length", "3"),
        ("word", "length", "4"),
        ("ada lovelace", "title", "Ada Lovelace"),
        ("Ada", "upper", "ADA"),
        ("Ada", "lower", "ada"),
        (" ada ", "trim", "ada"),
        ("abcdef", "truncate(4)", "abc…"),
        ("abcd", "truncate(4)", "abcd"),
        ("abcd", "truncate(0)", "…"),
        ("x" * 300, "truncate|length", "200"),
    ],
)
def test_a_filter_writes_exactly(value: Any, expression: str, expected: str) -> None:
    assert filtered(value, expression) == expected


@pytest.mark.parametrize(
    ("value", "expression", "sentence"),
    [
        ("word", "num", "a number was wanted, got 'word'"),
        (True, "duration", "a number was wanted, got True"),
        ([1], "inverse", "a number was wanted, got [1]"),
        ("word", "join", "join takes a list"),
        ({"a": 1}, "join", "join takes a list"),
        ([], "first", "first and last take a list that is not empty"),
        ({"a": 1}, "last", "first and last take a list that is not empty"),
        (1, "length", "length takes a list or a word"),
        (math.inf, "int", "int takes a finite number, got inf"),
        ([1], "upper", "a word or a number was wanted, got list"),
    ],
)
def test_a_filter_says_what_it_wanted(value: Any, expression: str, sentence: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        filtered(value, expression)
    assert str(caught.value) == f"The template cannot be rendered: {sentence}."


@pytest.mark.parametrize(
    ("value", "expression", "expected"),
    [
        (-0.0, "num", "0"),
        (math.nan, "pct", "n/a"),
        (math.inf, "pct", "infinite"),
        (-0.001, "pct", "0 %"),
        (math.nan, "duration", "n/a"),
        (math.inf, "duration", "infinite"),
        (0.99999, "duration", "1 s"),
    ],
)
def test_a_filter_writes_special_values_as_words(value: float, expression: str, expected: str) -> None:
    assert filtered(value, expression) == expected


@pytest.mark.parametrize("expression", ["num('x')", "pct('x')", "truncate('x')", "round(none)"])
def test_a_filter_whose_digits_are_no_number_says_so_in_words(expression: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        filtered("x" if "trunc" in expression else 1.5, expression)
    assert "int()" not in str(caught.value)
