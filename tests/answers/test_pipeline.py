"""An answer says what was measured and nothing that was not."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from answer_samples import COLD, WARM, measured, sample, with_body

from answers.pipeline import INSTEAD, Rendered, facts_by_name, finish, plan
from sim.spec import Spec


def body_of(text: str, **of_run: Any) -> str:
    entry = with_body(text)
    return finish(entry, measured(entry, **of_run)).body


def finished(warm: Mapping[str, Any] = WARM, cold: Mapping[str, Any] = COLD) -> Rendered:
    return finish(sample(), measured(sample(), (warm, cold)))


def test_the_plan_of_an_entry_is_its_simulations_in_order() -> None:
    other = "  other:\n    experiment: gradients\n    spec: 2x2\nclaims:"
    assert [simulation.name for simulation in plan(sample(("claims:", other)))] == ["main", "other"]


def test_the_whole_answer_is_short_then_measured_then_body_then_misconception() -> None:
    rendered = finished()
    assert rendered.markdown == (
        "**The kettle is warm enough in this room.**\n\n"
        "Measured by running it:\n- It shrinks to 0.25.\n- It grows to 2.\n\n"
        "The body.\n\n"
        "**A common misconception.** Kettles are cold."
    )
    assert rendered.problems == ()


def test_a_claim_that_fails_is_a_problem_and_its_sentence_is_not_shown() -> None:
    rendered = finished(cold={"factor_per_layer": 0.5})
    assert "It grows" not in rendered.markdown
    assert "It shrinks to 0.25." in rendered.markdown
    [problem] = rendered.problems
    assert problem.code == "claim-fails"
    assert problem.message == "claim grows does not hold: cold.factor_per_layer = 0.5."
    assert [(verdict.id, verdict.holds) for verdict in rendered.verdicts] == [
        ("shrinks", True),
        ("grows", False),
    ]
    assert [verdict.id for verdict in rendered.holding] == ["shrinks"]


@pytest.mark.parametrize("value", [None, math.nan, "2", [2]])
def test_a_claim_about_what_could_not_be_measured_is_neither_shown_nor_called_different(
    value: object,
) -> None:
    rendered = finished(cold={"factor_per_layer": value})
    assert "It grows" not in rendered.markdown
    assert INSTEAD not in rendered.markdown
    assert [verdict.id for verdict in rendered.holding] == ["shrinks"]
    assert rendered.failing == ()
    assert (rendered.verdicts[1].holds, rendered.verdicts[1].text) == (None, "")
    [problem] = rendered.problems
    assert problem.code == "claim-fails"  # an answer whose claim cannot be decided does not pass the check
    assert problem.message.startswith("claim grows could not be decided: cold.factor_per_layer = ")


@pytest.mark.parametrize("value", [None, math.nan])
def test_a_verdict_says_of_what_was_not_measured_that_it_was_not(value: object) -> None:
    rendered = finished(cold={"factor_per_layer": value})
    assert rendered.verdicts[1].measured == "cold.factor_per_layer = n/a"


@pytest.mark.parametrize("said", ["{% if claims.grows %}", "{% if not claims.grows %}"])
def test_a_text_can_neither_say_that_an_undecided_claim_holds_nor_that_it_does_not(said: str) -> None:
    entry = with_body(said + "shown{% endif %}")
    assert finish(entry, measured(entry, (WARM, {"factor_per_layer": None}))).body == ""
    assert finish(entry, measured(entry)).body == ("" if "not" in said else "shown")


def test_a_claim_that_names_nothing_is_not_shown_and_says_what_exists() -> None:
    rendered = finished(cold={"factor_per_lyer": 2.0})
    assert "It grows" not in rendered.markdown
    assert rendered.verdicts[1].holds is None
    assert rendered.verdicts[1].measured == (
        "could not be decided: cold.factor_per_layer was not measured; did you mean 'cold.factor_per_lyer'?"
    )


def test_without_a_claim_that_holds_nothing_is_said_to_be_measured() -> None:
    assert "Measured by running it" not in finished(warm={"factor_per_layer": 1.0}, cold=WARM).markdown


def test_a_verdict_says_what_it_looked_at() -> None:
    assert (
        finished(warm={"factor_per_layer": 1 / 3}).verdicts[0].measured == "warm.factor_per_layer = 0.333333"
    )


def test_texts_can_ask_which_claims_hold() -> None:
    text = "{% if claims.shrinks %}s{% endif %}{% if claims.grows %}g{% else %}n{% endif %}"
    entry = with_body(text)
    assert finish(entry, measured(entry)).body == "sg"
    assert finish(entry, measured(entry, (WARM, WARM))).body == "sn"


@pytest.mark.parametrize(
    ("old", "part"),
    [("The body.", "body"), ("Kettles are cold.", "misconception"), ("It grows", "claim grows")],
)
def test_a_template_that_fails_in_use_costs_its_own_text_only(old: str, part: str) -> None:
    entry = sample((old, "It {{ warm.missing }}"))
    rendered = finish(entry, measured(entry))
    assert any(problem.message.startswith(f"{part}: ") for problem in rendered.problems)
    kept = {"The body.", "Kettles are cold.", "It grows to 2.", "It shrinks to 0.25.", "The kettle is warm"}
    lost = {text for text in kept if text not in rendered.markdown}
    assert len(lost) == 1
    assert lost.pop().startswith(old)
    assert "missing" not in rendered.markdown


def test_a_short_answer_that_fails_in_use_becomes_the_title() -> None:
    entry = sample(("The kettle is warm", "The {{ warm.missing }} is warm"))
    rendered = finish(entry, measured(entry))
    assert rendered.short == "A sample answer for tests"
    assert rendered.markdown.startswith("**A sample answer for tests**\n\nMeasured by running it:")


@pytest.mark.parametrize("old", ["The kettle is warm", "Kettles are cold.", "The body."])
def test_a_template_that_is_not_allowed_costs_its_own_text_only(old: str) -> None:
    entry = sample((old, "A {{ warm.__class__ }} kettle"))
    rendered = finish(entry, measured(entry))
    assert "It shrinks to 0.25." in rendered.markdown
    assert any("underscore" in problem.message for problem in rendered.problems)


def test_facts_are_those_of_the_run_and_of_each_variant_by_name() -> None:
    entry = sample()
    specs = entry.simulations[0].variants
    named = {
        "arch": "MLP", "activation": "sigmoid", "init": "Glorot", "norm": "no norm", "optimizer": "SGD",
        "precision": "float32",
    }  # fmt: skip
    cold = named | {"activation": "tanh"}
    assert facts_by_name(entry, measured(entry, agree=True)) == {
        "main": {"agree": True, "seconds_of_run": 0.5},
        "warm": {**WARM, "label": "network 0", "spec": specs["warm"].to_json(), "named": named},
        "cold": {**COLD, "label": "network 1", "spec": specs["cold"].to_json(), "named": cold},
    }


def test_the_facts_of_a_single_spec_are_found_under_the_name_of_its_simulation() -> None:
    entry = sample()
    alone = replace(entry, simulations=(replace(entry.simulations[0], variants={"main": Spec()}),))
    facts = facts_by_name(alone, measured(alone, (WARM,), agree=True))
    assert set(facts) == {"main"}
    assert facts["main"] == {
        **WARM, "agree": True, "seconds_of_run": 0.5, "label": "network 0", "spec": Spec().to_json(),
        "named": facts["main"]["named"],
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 2])
def test_a_result_too_few_or_too_many_is_a_mistake_of_the_caller(count: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        finish(sample(), measured(sample()) * count)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree\nfour", "one two\n\nthree four"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("a  {{ 1 }}\n  b", "a 1 b"),
        ("- one\n- two", "- one\n- two"),
        ("Three:\n* one\n* two", "Three:\n* one\n* two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("# Heading\n\ntext\nmore", "# Heading\n\ntext more"),
        ("> quoted\n> more", "> quoted\n> more"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("```\nx = 1\n\n\n    y = 2\n```", "```\nx = 1\n\n\n    y = 2\n```"),
        ("See\nthis:\n```py\na\n  b\n```\nand\nthat", "See this:\n\n```py\na\n  b\n```\n\nand that"),
        ("`code` first\nthen text", "`code` first then text"),
        ("", ""),
    ],
)
def test_paragraphs_are_joined_and_blocks_keep_their_lines(text: str, expected: str) -> None:
    assert body_of(text) == expected


@pytest.mark.parametrize(
    "text",
    ["the gradient\n*is* small", "**Three** things\nto know", "less than\n-0.5 is\nsmall", "#3\nis this"],
)
def test_a_line_that_begins_with_emphasis_or_a_sign_is_joined(text: str) -> None:
    assert body_of(text) == text.replace("\n", " ")


@pytest.mark.parametrize("text", ["~~~\na\n  b\n~~~", "- see\n\n  ```\n  a\n    b\n  ```"])
def test_other_forms_of_code_blocks_keep_their_lines_too(text: str) -> None:
    assert body_of(text) == text


def test_short_misconception_and_claims_are_one_line_each() -> None:
    rendered = finish(
        entry := sample(
            ("short: The kettle", "short: |\n  The\n  kettle"),
            ("text: It grows to", "text: |\n      It\n      grows to"),
        ),
        measured(entry),
    )
    assert rendered.short == "The kettle is warm enough in this room."
    assert rendered.verdicts[1].text == "It grows to 2."


def test_a_claim_that_does_not_hold_says_what_was_measured_instead() -> None:
    entry = sample(
        ("    holds: warm.factor_per_layer < 0.5\n", "    holds: warm.factor_per_layer < 0.1\n"),
        (
            "    holds: cold.factor_per_layer > 1\n",
            """    holds: cold.factor_per_layer > 9
    otherwise: It only grows to {{ cold.factor_per_layer | num }}.
""",
        ),
    )
    rendered = finish(entry, measured(entry))
    assert [verdict.text for verdict in rendered.failing] == [
        "Measured: warm.factor_per_layer = 0.25; the answer speaks of `warm.factor_per_layer < 0.1`.",
        "It only grows to 2.",
    ]
    assert "Different in this run:\n- Measured: warm" in rendered.markdown
    assert "It shrinks" not in rendered.markdown


def test_what_stands_below_the_mark_is_kept_for_who_asks_for_more() -> None:
    entry = with_body("The body.\n\n<!-- more -->\n\nMore {{ warm.factor_per_layer | num }}.\n")
    rendered = finish(entry, measured(entry))
    assert rendered.more == "More 0.25."
    assert "More" not in rendered.markdown


def test_the_lines_of_an_item_are_joined_and_items_stay_apart() -> None:
    entry = with_body("Do this:\n\n- one thing\n  and more of it\n- another\n  - nested\n    too\n")
    assert finish(entry, measured(entry)).body == (
        "Do this:\n\n- one thing and more of it\n- another\n  - nested too"
    )
