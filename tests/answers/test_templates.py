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
        ("{{ 1 / 0 }} {{ 1 // 0 }}", "n/a n/a"),
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


UNMEASURED: dict[str, Any] = {
    "lost": None,
    "nan": math.nan,
    "one": 1.5,
    "yes": True,
    "no": False,
    "values": [1.5, None],
    "whole": [1, 3],
}


@pytest.mark.parametrize("name", ["lost", "nan", "values[1]"])
@pytest.mark.parametrize(
    "expression",
    [
        "{} + 1", "1 - {}", "{} * one", "one / {}", "{} // 2", "-{}", "+{}", "{} + {}", "{} / 0", "-{} - {}",
        "{}|num", "{}|pct", "{}|duration", "{}|inverse", "{}|round(2)", "{}|int", "{}|abs", "{}|upper",
        "{}|title", "{}|trim", "{}|truncate(3)", "{}|length", "{}|join", "{}|first", "{}|last",
        "({} / 2)|num(2)", "{}|inverse|num", "({}|abs + 1)|round", "{}.part", "{}[0]", "not {}", "not not {}",
    ],
)  # fmt: skip
def test_what_is_computed_from_something_unmeasured_is_unmeasured_and_false(
    name: str, expression: str
) -> None:
    source = expression.replace("{}", name)
    assert templates.render(f"{{{{ {source} }}}}", UNMEASURED) == "n/a"
    assert templates.render(f"{{% if {source} %}}shown{{% endif %}}", UNMEASURED) == ""


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize(
    "unmeasured", ["lost", "nan + 1", "nan|abs", "lost * 0", "-nan", "0 / 0", "one / 0 - 1"]
)
def test_no_comparison_with_something_unmeasured_holds_nor_does_its_negation(
    unmeasured: str, comparison: str
) -> None:
    for said in (f"{unmeasured} {comparison} 0", f"0 {comparison} {unmeasured}"):
        for condition in (said, f"not ({said})", f"yes and {said}", f"no or {said}"):
            assert templates.render(f"{{% if {condition} %}}shown{{% endif %}}", UNMEASURED) == "", condition


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ("not (lost or no)", False),
        ("not (no or lost)", False),
        ("not (lost and yes)", False),
        ("not (lost and no)", True),  # one false side decides
        ("not (no and lost)", True),
        ("not (lost or yes)", False),
        ("lost or yes", True),
        ("not (yes and not no)", False),
        ("not no and not (lost and no)", True),
        ("lost not in values", False),
        ("1 in lost", False),
        ("1 not in lost", False),
        ("1.5 not in values", False),
        ("2 not in whole", True),
        ("'a' not in 'abc'", False),
        ("lost is in values", False),
        ("lost is not gt(1)", False),
        ("lost is even", False),
        ("lost is not odd", False),
        ("lost is none and nan is none", True),
        ("lost is not number and lost is not string", True),
        ("lost is defined", True),
        ("not lost or yes", True),
    ],
)
def test_conditions_have_three_values(condition: str, *, shown: bool) -> None:
    source = f"{{% if {condition} %}}shown{{% endif %}}"
    templates.check(source, UNMEASURED)
    assert templates.render(source, UNMEASURED) == ("shown" if shown else "")


def test_a_loop_over_what_was_not_measured_has_no_turns() -> None:
    source = "{% for x in lost %}{{ x }}{% else %}nothing{% endfor %}"
    assert templates.render(source, UNMEASURED) == "nothing"


def test_a_list_with_something_unmeasured_is_written_out() -> None:
    source = "{{ values|join }} {{ values }} {{ values|last }} {{ 'about ' ~ lost }}"
    assert templates.render(source, UNMEASURED) == "1.5, n/a [1.5, n/a] n/a about n/a"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ deep|length }}", "200"),
        ("{{ deep|last }} {{ deep[100] }} {{ deep|first }}", "200 101 1"),
        ("{{ 200 in deep }} {{ 201 in deep }} {{ deep == deep }}", "True False True"),
        ("{{ long|length }} {{ long[255] }} {{ long|first }}", "1000 256 1"),
        ("{{ wide|join }}", ", ".join(str(number) for number in range(1, 51))),
    ],
)
def test_a_long_list_is_as_long_as_it_is(source: str, expected: str) -> None:
    lists = {"wide": list(range(1, 51)), "deep": list(range(1, 201)), "long": list(range(1, 1001))}
    assert templates.render(source, lists) == expected


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{% for x in deep %}{{ x }}{% endfor %}", "a loop runs over a list of at most 50 items, got 51"),
        ("{{ deep|join }}", "join takes a list of at most 50 items, got 51"),
        ("{{ deep }}", "a text shows a list of at most 50 items, got 51"),
        ("{{ 'x' ~ deep }}", "a text shows a list of at most 50 items, got 51"),
        ("{{ long|last }}", "a template looks into a list of at most 256 items, got 257"),
        ("{{ long[256] }}", "a template looks into a list of at most 256 items, got 257"),
        ("{{ 5 in long }}", "a template looks into a list of at most 256 items, got 257"),
    ],
)
def test_what_would_need_the_rest_of_a_long_list_is_refused(source: str, sentence: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        templates.render(source, {"deep": list(range(51)), "long": list(range(257))})
    assert str(caught.value) == f"The template cannot be rendered: {sentence}."
