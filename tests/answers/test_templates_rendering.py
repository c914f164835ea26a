"""A template sees copies of plain data, ends, and never raises anything but its two errors."""

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers import templates
from answers.errors import TemplateFailed, TemplateRejected

VALUES: dict[str, Any] = {"main": {"factor": 0.25, "depths": [1, 2, 3], "label": "sigmoid", "none": None}}
QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def test_output_is_cut_off_while_it_is_made_and_not_a_letter_early() -> None:
    assert len(templates.render("x" * templates.MAX_OUTPUT, {})) == templates.MAX_OUTPUT
    with pytest.raises(TemplateFailed, match="longer than 3800 characters; shorten the template"):
        templates.render("x" * (templates.MAX_OUTPUT + 1), {})
    with pytest.raises(TemplateFailed, match="longer than 5 characters"):
        templates.render("{% for d in main.depths %}abc{% endfor %}", VALUES, limit=5)


class Secret:
    password = "hunter2"

    def __str__(self) -> str:
        return self.password


class Word(str):
    __slots__ = ("password",)


class Items(Sequence[str]):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: Any) -> Any:
        letters: Any = ["a", "b"]
        return letters[index]


def test_a_template_sees_copies_of_plain_data_and_no_object() -> None:
    word = Word("plain")
    word.password = "hunter2"
    values: dict[str, Any] = {
        "object": Secret(),
        "function": print,
        "items": Items(),
        "word": word,
        "_hidden": "hunter2",
        "nested": {"_hidden": "hunter2", "object": Secret(), 7: "seven"},
        "deep": {"a": {"b": {"c": {"d": {"e": {"f": "hunter2"}}}}}},
    }
    source = "{{ object }} {{ function }} {{ items }} {{ word }} {{ nested.object }} {{ nested['7'] }}"
    assert templates.render(source, values) == "None None ['a', 'b'] plain None seven"
    for group in ("nested", "deep.a.b"):
        with pytest.raises(TemplateFailed) as error:
            templates.render(f"{{{{ {group} }}}}", values)
        assert "hunter2" not in str(error.value)
    with pytest.raises(TemplateFailed):
        templates.render("{{ word.password }}", values)


def test_what_a_template_sees_is_bounded() -> None:
    values = {"text": "x" * 10_000, "number": 10**400}
    assert templates.render("{{ text|length }}", values) == "2000"
    assert templates.render("{{ number|num }}", values) == "infinite"


def test_rendering_leaves_the_values_as_they_were() -> None:
    values: dict[str, Any] = {"list": [3, 1, 2], "nan": math.nan, "map": {"a": [1]}}
    templates.render("{{ list|join }}{{ list|first }}{{ nan|num }}{{ map.a }}", values)
    assert values["list"] == [3, 1, 2]
    assert values["map"] == {"a": [1]}


@QUICK
@given(st.text(max_size=200))
def test_any_text_is_rendered_or_refused(source: str) -> None:
    with contextlib.suppress(TemplateRejected, TemplateFailed):
        assert isinstance(templates.render(source, VALUES), str)


PIECES = [
    *("{{ ", " }}", "{% if ", "{% for x in ", " %}", "{% endif %}", "{% endfor %}", "{% else %}", "{#", "#}"),
    *("main", ".factor", ".depths", "[0]", "|num", "|join", "|first", " + ", " ~ ", " is ", "odd", "defined"),
    *(" and ", "not ", "(", ")", "'a'", "1", "x", " in ", " if ", " else ", "-", ",", "{%-", "-%}", "\n"),
]


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_anything_made_of_the_words_of_templates_is_rendered_or_refused(parts: list[str]) -> None:
    with contextlib.suppress(TemplateRejected, TemplateFailed):
        assert isinstance(templates.render("".join(parts), VALUES), str)
