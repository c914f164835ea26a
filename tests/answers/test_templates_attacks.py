"""A template can neither leave its box nor exhaust the machine."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from answer_samples import SHARED, effort

from answers import templates
from answers.errors import TemplateFailed, TemplateRejected

CASES = SHARED / "template_attacks_dev.jsonl"
VALUES: dict[str, Any] = {
    "question": "what does the learning rate do to my network? " * 20,
    "losses": [1 / (step + 1) for step in range(50)],
    "momentum": 0.9,
    "lr": 0.1,
    "result": {"diverged": False, "steps": 120, "final": 0.03},
    "rows": [{"lr": 0.1 * row, "loss": row} for row in range(5)],
    "user": "ada",
    "huge": 10**18,
    "pad": "%4000000d",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    template: str
    expected: str


def cases() -> list[Any]:
    if not CASES.is_file():
        skip = pytest.mark.skip(reason=f"{CASES} is not there; set BACKCHAT_SHARED to its folder")
        return [pytest.param(Case(template="", expected="ok"), marks=skip, id="absent")]
    found = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(
            Case(template=row["template"], expected=row["expected"]), id=f"{row['id']}-{row['class']}"
        )
        for row in found
    ]


def outcome(template: str) -> str:
    """Check and render; say how it ended in the words of the case file."""
    try:
        templates.check(template)
    except TemplateRejected:
        return "reject"
    try:
        templates.render(template, VALUES)
    except TemplateFailed as error:
        return "too-long" if "longer than" in str(error) else "render-error"
    return "ok"


@pytest.mark.parametrize("case", cases())
def test_each_known_attack_ends_as_expected_without_much_work(case: Case) -> None:
    with effort() as spent:
        ended = outcome(case.template)
    assert ended == case.expected
    assert spent.calls < 300_000
    assert spent.peak < 8_000_000
    assert spent.seconds < 2


@pytest.mark.parametrize(
    "template",
    [
        "{{ '{0.__class__}'.format(lr) }}",
        "{{ user.format.__globals__ }}",
        "{{ losses|map(attribute='__class__.__mro__') }}",
        "{{ losses|map('upper') }}",
        "{{ rows|selectattr('lr.__class__') }}",
        "{{ rows|groupby('lr') }}",
        "{{ lr|num('__class__'|attr('x')) }}",
        "{{ lr|num(user.format) }}",
        "{{ lr|num(digits=3) }}",
        "{{ lr|num(*losses) }}",
        "{{ lr|round(1, 'floor') }}",
        "{{ question|truncate(5, true, '', 0) }}",
        "{{ losses|join(question) }}",
        "{{ losses|join('" + "x" * 21 + "') }}",
        '{{ user["\\x5f\\x5fclass\\x5f\\x5f"] }}',
        '{{ user["\\u005f_class__"] }}',
        '{{ user["\\N{LOW LINE}_class__"] }}',
        "{{ user['__cl' 'ass__'] }}",
        "{{ user[lr] }}",
        "{{ losses[0:1000000000] }}",
        "{{ losses[-1] }}",
        "{% for a in losses %}{{ loop.cycle('x', 'y') }}{% endfor %}",
        "{% for a in losses %}{{ loop.__init__ }}{% endfor %}",
        "{% for a in losses %}{{ loop.changed(a) }}{% endfor %}",
        "{% for a in losses recursive %}{{ loop(losses) }}{% endfor %}",
        "{% for a in losses recursive %}{{ a }}{% endfor %}",
        "{% for a in losses %}{% for b in losses %}{% for c in losses %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in losses %}{% for b in losses %}" + "{{ a }}" * 20 + "{% endfor %}{% endfor %}",
        "{% for a, b in rows %}{% endfor %}",
        "{% for a in 'x' * 1000 %}{% endfor %}",
        "{% for a in [1] %}{% endfor %}",
        "{% for a in losses|first %}{% endfor %}",
        "{% for a in losses %}{{ loop.previtem }}{% endfor %}",
        "{% for a in losses %}{{ loop.cycle }}{% endfor %}",
        "{% for a in losses %}{{ loop.revindex }}{% endfor %}",
        "{{ self._TemplateReference__context }}",
        "{{ self.__class__ }}",
        "{{ caller() }}",
        "{{ namespace(x=1) }}",
        "{{ cycler('a').next() }}",
        "{{ joiner() }}",
        "{{ dict(a=1) }}",
        "{{ range(9) }}",
        "{% trans %}x{% endtrans %}",
        "{{ _('x') }}",
        "{{ gettext('x') }}",
        "{% do losses.append(1) %}",
        "{% set x = 'a' * 1000000000 %}",
        "{% set x %}{{ lr }}{% endset %}",
        "{% with x = lr %}{{ x }}{% endwith %}",
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{% from 'os' import system %}",
        "{% debug %}",
        "{% break %}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * 'a' }}",
        "{{ ('a' ~ 'b') * 1000000000 }}",
        "{{ user|upper * 1000000000 }}",
        "{{ '%1000000000d' % lr }}",
        "{{ 1e308 * 10 }}",
        "{{ 9999999999999 + 1 }}",
        "{{ " + "9" * 3_900 + " }}",
        "{{ (1, 2) }}",
        "{{ [1] }}",
        "{{ {'a': 1} }}",
        "{{ " + "(" * 1_900 + "lr" + ")" * 1_900 + " }}",
        "{{ " + "-" * 3_900 + "lr }}",
        "{{ lr" + ".a" * 1_900 + " }}",
        "{{ lr" + "|abs" * 900 + " }}",
        "{{ lr" + "|abs" * 26 + " }}",
        "{{ '" + "x" * 501 + "' }}",
        "{{ lr" + " + lr" * 700 + " }}",
        "{% if lr %}" * 200 + "{% endif %}" * 200,
        "x" * 4_001,
        "{{ lr }}\0",
        "{{ lr is divisibleby(0) }}",
        "{{ lr is sameas lr }}",
        "{{ lr is eq(other=1) }}",
        "{{ user is in(*losses) }}",
        "{{ user",
        "{% if lr %}",
        "{% raw %}{{ lr }}",
    ],
)
def test_an_attack_of_our_own_is_refused_before_anything_is_compiled(template: str) -> None:
    with effort() as spent, pytest.raises(TemplateRejected):
        templates.check(template)
    assert spent.calls < 300_000
    assert spent.peak < 4_000_000
    assert spent.seconds < 2


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.format }}",
        "{{ user.upper }}",
        "{{ result.items }}",
        "{{ result['keys'] }}",
        "{{ lr.real }}",
        "{{ 'a'['join'] }}",
        "{{ user[0] }}",
        "{{ losses[50] }}",
        "{{ loop.index }}",
        "{{ caller }}{{ varargs }}",
        "{{ namespace }}",
        "{{ range }}",
        "{{ 100000000 * question }}",
        "{{ losses * 100000000 }}",
        "{{ (user if lr else lr) * 100000000 }}",
        "{{ (user or lr) * 100000000 }}",
        "{{ -user }}",
        "{{ huge * huge * huge }}",
        "{{ user < lr }}",
        "{{ lr in user }}",
        "{{ lr is in 5 }}",
        "{% for a in losses %}{% for b in losses %}{{ question }}{% endfor %}{% endfor %}",
        "{{ losses|upper }}",
        "{{ result|join }}",
        "{{ ﬀ }}",
    ],
)
def test_an_attack_that_needs_values_fails_with_a_sentence(template: str) -> None:
    with effort() as spent, pytest.raises(TemplateFailed) as caught:
        templates.render(template, VALUES)
    assert str(caught.value).endswith((".", "?"))
    assert spent.calls < 300_000
    assert spent.peak < 4_000_000
    assert spent.seconds < 2


@pytest.mark.parametrize("template", ["{{ '%4000000d' is odd }}", "{{ pad is even }}", "{{ 'a%d' is odd }}"])
def test_a_text_is_neither_odd_nor_even_and_is_never_formatted(template: str) -> None:
    with effort() as spent, pytest.raises((TemplateRejected, TemplateFailed), match="number"):
        templates.render(template, VALUES)
    assert spent.peak < 1_000_000


@pytest.mark.parametrize("name", ["user", "result"])
def test_a_loop_goes_over_a_list_and_nothing_else(name: str) -> None:
    with pytest.raises(TemplateFailed):
        templates.render(f"{{% for letter in {name} %}}{{{{ letter }}}}{{% endfor %}}", VALUES)


def test_filters_take_texts_of_a_bounded_length() -> None:
    long = "~".join(["question"] * 100)
    loop = f"{{% for a in losses %}}{{% if ({long}){'|title' * 18} == 'x' %}}{{% endif %}}{{% endfor %}}"
    with pytest.raises(TemplateFailed, match="a text of at most 2000 characters was wanted"):
        templates.render(loop, VALUES)


def test_a_loop_variable_called_loop_is_refused() -> None:
    with pytest.raises(TemplateRejected):
        templates.check("{% for loop in losses %}{% endfor %}")


@pytest.mark.parametrize("template", ["{{ self }}", "{% for a in self %}{% endfor %}"])
def test_self_is_not_there(template: str) -> None:
    with pytest.raises((TemplateRejected, TemplateFailed)):
        templates.render(template, VALUES)


def test_a_reader_never_sees_the_name_of_a_python_class() -> None:
    with pytest.raises((TemplateRejected, TemplateFailed)):
        templates.render("{% for a in losses %}{{ loop }}{% endfor %}", VALUES)
