"""What a template may say, and what its author is told when it may not."""

import math
from typing import Any

import pytest

from answers import templates
from answers.errors import TemplateFailed, TemplateRejected

VALUES: dict[str, Any] = {
    "main": {"factor": 0.25, "depths": [1, 2, 3], "label": "sigmoid", "agree": True, "none": None},
    "claims": {"holds": True, "fails": False},
    "empty": [],
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("plain $\\eta$ text", "plain $\\eta$ text"),
        ("{{ main.factor }} {{ main['factor'] }}", "0.25 0.25"),
        ("{{ main.depths[0] }}{{ main.depths.1 }}", "12"),
        ("{% if claims.holds %}yes{% else %}no{% endif %}", "yes"),
        ("{% if claims.fails %}a{% elif main.factor < 1 %}b{% else %}c{% endif %}", "b"),
        ("{{ 'yes' if claims.holds else 'no' }}", "yes"),
        ("{{ 'yes' if claims.fails }}", ""),
        ("{% for d in main.depths %}{{ d }}{% if not loop.last %}, {% endif %}{% endfor %}", "1, 2, 3"),
        ("{% for d in main.depths %}{{ loop.index }}{{ loop.first }}{% endfor %}", "1True2False3False"),
        ("{% for d in main.depths if d > 1 %}{{ d }}{% else %}none{% endfor %}", "23"),
        ("{% for d in empty %}{{ d }}{% else %}none{% endfor %}", "none"),
        ("{{ main.factor * 4 - 1 / 2 + 3 // 2 }}", "1.5"),
        ("{{ 1 / 0 }} {{ 1 // 0 }}", "nan nan"),
        ("{{ -main.factor }}", "-0.25"),
        ("{{ main.label ~ '!' }}", "sigmoid!"),
        ("{{ main.none is none and main.factor is defined }}", "True"),
        ("{{ main.missing is defined }}{{ nothing is undefined }}", "FalseTrue"),
        ("{{ 'sig' in main.label }}{{ 2 in main.depths }}{{ 2 is even }}", "TrueTrueTrue"),
        ("{% raw %}{{ main }}{% endraw %}", "{{ main }}"),
        ("{# {{ missing }} #}x", "x"),
        ("a   {{- main.factor -}}   b", "a0.25b"),
        ("a\n  {% if claims.holds %}b{% endif %}", "a\nb"),
        ("# for x in main\n## comment", "# for x in main\n## comment"),
        ("{{ '{{ main }}' }}", "{{ main }}"),
        ("{{ '<b>' ~ '&' }}", "<b>&"),
        ("{{ '" + "x" * 500 + "' }}", "x" * 500),
        ("{% if claims.holds %}" * 10 + "x" + "{% endif %}" * 10, "x"),
    ],
)
def test_the_allowed_part_of_jinja_does_what_jinja_does(source: str, expected: str) -> None:
    templates.check(source, {"main", "claims", "empty", "nothing"})
    assert templates.render(source, VALUES) == expected


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        ("{% set x = 1 %}", 1, "Assign is not available in templates."),
        ("a\nb\n{{ main.f() }}", 3, "Call is not available in templates."),
        ("\n{{ main.__class__ }}", 2, "Names do not start with an underscore."),
        ("{{ main[claims] }}", 1, "An item is looked up by a constant, as in list[0]."),
        ("{% for a, b in main %}{% endfor %}", 1, "A loop is written {% for item in list %}."),
        ("{{ 'a' * 3 }}", 1, "Arithmetic is for numbers."),
        ("{{ 1e13 }}", 1, "A number is too large."),
        ("{{ 1|num(main) }}", 1, "A filter's arguments are short constants."),
        ("{{ 1|num(digits=2) }}", 1, "The filter num takes plain arguments only."),
        ("x" * 4_001, 1, "A template has at most 4000 characters; got 4001; shorten it."),
        ("\n{% if main %}", 2, None),
        ("{{ main", 1, None),
    ],
)
def test_a_refusal_is_a_sentence_with_a_line(source: str, line: int, sentence: str | None) -> None:
    with pytest.raises(TemplateRejected) as caught:
        templates.check(source, {"main", "claims"})
    assert caught.value.line == line
    assert str(caught.value).endswith(".")
    assert sentence in {None, str(caught.value)}


@pytest.mark.parametrize(
    ("source", "near"),
    [
        ("{{ mian.factor }}", "did you mean 'main'?"),
        ("{{ zzz }}", "known: claims, main."),
        ("{% for x in main.depths %}{{ y }}{% endfor %}", "y does not exist"),
        ("{% for x in main.depths %}{% endfor %}{{ x }}", "x does not exist"),
        ("{{ loop }}", "oop does not exist"),
        ("{{ self }}", "elf does not exist"),
        ("{{ 1|nmu }}", "did you mean 'num'?"),
        ("{{ 1|default(2) }}", "known: abs, duration, first"),
        ("{{ 1 is evne }}", "did you mean 'even'?"),
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_the_nearest(source: str, near: str) -> None:
    with pytest.raises(TemplateRejected) as caught:
        templates.check(source, {"main", "claims"})
    assert near.lower() in str(caught.value).lower()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ mian.x }}", "mian does not exist; did you mean 'main'?"),
        ("{{ 1|nmu }}", "The filter nmu does not exist; did you mean 'num'?"),
        ("{% do x %}", "The template cannot be read: Encountered unknown tag 'do'."),
        ("{{ 1|num(1, 2) }}", "The filter num takes at most 1 argument."),
    ],
)
def test_a_refusal_ends_like_a_sentence_and_spells_names_as_they_are(source: str, sentence: str) -> None:
    with pytest.raises(TemplateRejected) as caught:
        templates.check(source, {"main"})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ nothing }}", "The template uses something that was not measured: 'nothing' is undefined."),
        (
            "{% if nothing %}{% endif %}",
            "The template uses something that was not measured: 'nothing' is undefined.",
        ),
        ("{{ nothing ~ 'x' }}", "The template uses something that was not measured: 'nothing' is undefined."),
        ("{{ nothing == 1 }}", "The template uses something that was not measured: 'nothing' is undefined."),
        ("{{ main.label * 2 }}", "The template cannot be rendered: arithmetic is for numbers."),
        ("{{ main.label|num }}", "The template cannot be rendered: a number was wanted, got 'sigmoid'."),
        ("{{ main.agree|num }}", "The template cannot be rendered: a number was wanted, got True."),
    ],
)
def test_a_failure_says_what_was_wrong(source: str, sentence: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        templates.render(source, VALUES)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("source", ["{{ main.facter }}", "{{ main.facter|num }}", "{{ main['facter'] + 1 }}"])
def test_a_fact_that_does_not_exist_is_answered_with_the_nearest(source: str) -> None:
    with pytest.raises(TemplateFailed, match=r"main\.facter does not exist; did you mean 'main\.factor'\?"):
        templates.render(source, VALUES)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ main.none }} {{ main.none|num }} {{ main.none|pct(1) }}", "n/a n/a n/a"),
        ("{{ (main.none / 2)|num }} {{ (1 - main.none)|num }}", "n/a n/a"),
        ("{% if main.none > 0 or main.none <= 0 or main.none == 0 %}yes{% endif %}", ""),
        ("{% if main.none %}yes{% else %}no{% endif %}", "no"),
        ("{{ main.none is none }} {{ main.none is number }} {{ main.none is defined }}", "True False True"),
    ],
)
def test_what_could_not_be_measured_breaks_no_text(source: str, text: str) -> None:
    assert templates.render(source, VALUES) == text
    assert templates.render(source, {"main": {"none": math.nan}}) == text
