"""One fault never hides another: what can be checked without the broken part is checked."""

from pathlib import Path

import pytest
from answer_samples import SAMPLE, changed, library_of, measured, sample

from answers.checking import check_draft, check_measured, draft_file, runnable
from answers.checking.rendering import check_names
from answers.draft import Draft
from answers.reading import draft, read
from sim.cost import Allowance

FOLDED = """\
short: >-   # on three lines
  The kettle is warm
  enough {{ wram.factor_per_layer | num }} in this room.

  It has {{ cold.factor_per_layer | numm }} degrees."""


def found(text: str) -> list[tuple[str, int]]:
    problems = check_draft(draft(text, "sample.md"), library_of(sample()), Allowance())
    return [(problem.code, problem.line) for problem in problems]


def test_a_whole_file_is_its_own_entry() -> None:
    assert draft(SAMPLE, "sample.md") == Draft(entry=read(SAMPLE, "sample.md"))
    assert found(SAMPLE) == []


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (("title: A sample answer for tests", "title: Hm"), ("schema", 3)),
        (("title: A sample answer for tests", "title: Kettles: warm"), ("yaml", 3)),
        (("4x8 sigmoid", "4x8 sigmoit"), ("spec", 14)),
        (("experiment: gradients", "experiment: [a]"), ("schema", 12)),
        (("experiment: gradients", "experiment: gradient"), ("experiment", 12)),
        (("    variants:", "    knobs: depth\n    variants:"), ("schema", 13)),
        (("year: 1999", "year: 2999"), ("schema", 26)),
        (("year: 1999", "year: " + "9" * 5_000), ("schema", 26)),
        (("    holds: warm.factor_per_layer < 0.5\n", ""), ("schema", 17)),
    ],
)
def test_a_broken_part_does_not_hide_what_is_wrong_elsewhere(
    change: tuple[str, str], first: tuple[str, int]
) -> None:
    text = changed(change, ("The body.", "It has 7 lines, {{ wram.x }} and TODO."))
    body = text[: text.index("It has 7")].count("\n") + 1
    assert found(text) == [first, *((code, body) for code in ("template", "typed-number", "unfinished"))]


def test_a_wrong_list_of_knobs_does_not_hide_a_wrong_spec() -> None:
    text = changed(("    variants:", "    knobs: depth\n    variants:"), ("4x8 sigmoid", "4x8 sigmoit"))
    assert found(text) == [("schema", 13), ("spec", 15)]


def test_the_names_of_a_simulation_that_cannot_be_read_are_names_all_the_same() -> None:
    assert found(changed(("4x8 sigmoid", "4x8 sigmoit"))) == [("spec", 14)]
    assert found(changed(("simulations:\n", "simulation:\n"))) == [("schema", 2), ("schema", 10)]


def test_what_can_be_run_is_run_and_the_rest_is_passed_over() -> None:
    other = "  other:\n    experiment: gradients\n    spec: dpeth=3\nclaims:"
    entry = draft(changed(("claims:", other), ("The body.", "{{ other.x }} and {{ warm.x }}"))).entry
    assert entry is not None
    able = runnable(entry, Allowance())
    assert [simulation.name for simulation in able.simulations] == ["main"]
    [problem] = check_measured(able, measured(able))
    assert problem.message.startswith("body: warm.x was not measured; ")


def test_a_simulation_that_shares_its_names_is_not_run() -> None:
    other = "  other:\n    experiment: gradients\n    variants:\n      warm: relu\nclaims:"
    assert runnable(sample(("claims:", other)), Allowance()).simulations == ()


def test_every_fault_of_a_text_in_several_lines_has_its_own_line() -> None:
    text = changed(("short: The kettle is warm enough in this room.", FOLDED))
    assert found(text) == [("template", 10), ("template", 12)]


@pytest.mark.parametrize("style", [">-", "|", '"', "'", ""])
def test_lines_are_those_of_the_file_however_a_text_is_quoted(style: str) -> None:
    quote = style if style in {'"', "'"} else ""
    opening = f"{style}\n      " if style in {">-", "|"} else quote
    more = "{{ cold.factor_per_layer }}"
    written = f"    text: {opening}It grows\n      to {more}, that is\n      7 times.{quote}\n"
    text = changed(("    text: It grows to {{ cold.factor_per_layer | num }}.\n", written))
    [(code, line)] = found(text)
    assert (code, text.split("\n")[line - 1].strip(quote)) == ("typed-number", "      7 times.")


def test_every_name_that_was_not_measured_is_found_with_the_nearest_in_full() -> None:
    body = "{{ warm.factor_per_leyer }}\n\n{% if cold.loss.lats > 1 %}{{ cold.facts_per_layer }}{% endif %}"
    entry = sample(("The body.", body), ("holds: cold.factor_per_layer", "holds: cold.factor_per_lair"))
    facts = {"factor_per_layer": 0.25, "loss": {"first": 1.0, "last": 0.5}}
    problems = check_names(entry, measured(entry, (facts, facts)))
    assert [(problem.line, problem.message) for problem in problems] == [
        (32, "body: warm.factor_per_leyer was not measured; did you mean 'warm.factor_per_layer'?"),
        (34, "body: cold.loss.lats was not measured; did you mean 'cold.loss.last'?"),
        (34, "body: cold.facts_per_layer was not measured; did you mean 'cold.factor_per_layer'?"),
        (22, "claim grows: cold.factor_per_lair was not measured; did you mean 'cold.factor_per_layer'?"),
    ]


def test_a_fact_that_lies_deeper_is_found() -> None:
    entry = sample(("The body.", "{{ warm.lost }} {{ warm.last }} {{ warm.factor_per_layer.more }}"))
    facts = {"factor_per_layer": 0.25, "loss": {"last": 0.5}}
    assert [problem.message for problem in check_names(entry, measured(entry, (facts, facts)))] == [
        "body: warm.lost was not measured; did you mean 'warm.loss'?",
        "body: warm.last was not measured; did you mean 'warm.loss.last'?",
        "body: warm.factor_per_layer has no parts; got warm.factor_per_layer.more; leave the rest out.",
    ]


def test_a_name_that_a_template_asks_for_may_be_missing() -> None:
    entry = sample(
        ("The body.", "{% if warm.x is defined %}yes{% endif %}{% for a in warm.b %}{{ a }}{% endfor %}")
    )
    facts = {"factor_per_layer": 0.25, "b": [1, 2]}
    assert check_names(entry, measured(entry, (facts, facts))) == []


def test_a_file_that_cannot_be_read_is_a_draft_without_an_entry(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff")
    [problem] = draft_file(tmp_path / "a.md").problems
    assert (problem.code, problem.message) == ("file", "The file cannot be read: it is not UTF-8 text.")


def test_a_file_with_another_name_is_checked_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text(changed(("title: A sample answer for tests", "title: Hm")))
    assert [problem.code for problem in draft_file(tmp_path / "other.md").problems] == ["schema", "file-name"]


def test_a_wrong_spec_hides_neither_its_other_words_nor_the_experiment_nor_the_knobs() -> None:
    text = changed(
        ("experiment: gradients", "experiment: gradient"),
        ("    variants:", "    knobs: [dept]\n    variants:"),
        ("4x8 sigmoid", "4x8 sigmoit glorott"),
    )
    assert found(text) == [("experiment", 12), ("knobs", 13), ("spec", 15), ("spec", 15)]


def test_a_wrong_experiment_does_not_hide_a_wrong_knob() -> None:
    text = changed(
        ("experiment: gradients", "experiment: gradient"),
        ("    variants:", "    knobs: [dept]\n    variants:"),
    )
    assert found(text) == [("experiment", 12), ("knobs", 13)]
