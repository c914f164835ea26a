"""A file that breaks the rules is a list of everything that is wrong with it, line by line."""

import pytest
from answer_samples import SAMPLE, changed, problems_of

from answers.errors import EntryRejected
from answers.reading import MAX_SOURCE, read

VARIANTS = "    variants:\n      warm: 4x8 sigmoid batch=4 seeds=2\n      cold: activation=tanh\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("license: CC-BY-4.0\n", "", 2, "license is missing; add it, for example license: CC-BY-4.0."),
        (
            "author: Someone",
            "author: Someone\nautor: x",
            29,
            "autor is not a key of an answer; did you mean 'author'?",
        ),
        (
            "    year: 1999",
            "    year: 1999\n    ulr: x",
            27,
            "sources.0.ulr is not a key of an answer; did you mean 'url'?",
        ),
        (
            "  - id: shrinks",
            "  - id: shrinks\n    tekst: x",
            18,
            "claims.0.tekst is not a key of an answer; did you mean 'text'?",
        ),
        (
            "    holds: warm.factor_per_layer < 0.5\n",
            "",
            17,
            ("claims.0.holds is missing; add it, for example holds: sigmoid.factor_per_layer < 0.3."),
        ),
        (
            "    variants:\n",
            "    specs: x\n    variants:\n",
            13,
            "simulations.main.specs is not a key of an answer; did you mean 'spec'?",
        ),
        (
            ". Author\n    year: 1999\n    url: https://example.org/paper\n",
            ". A\n    year: 1999\n",
            24,
            "sources.0: give arxiv, doi or url; got title, authors, year.",
        ),
        (
            VARIANTS,
            "",
            11,
            "simulations.main: give either spec or variants; got experiment.",
        ),
        (
            "year: 1999",
            "year: soon",
            26,
            "sources.0.year: a whole number; got 'soon'; for example year: 2015.",
        ),
        (
            "date: 2026-01-02",
            "date: 2026-13-02",
            30,
            "date: a date: year, month and day; got '2026-13-02'; for example date: 2026-01-31.",
        ),
        ("id: sample", "id: 5", 2, "id: a text; got 5; put it into quotes."),
        (
            "url: https://example.org/paper",
            "arxiv: 1502.05767",
            27,
            'sources.0.arxiv: a text; got 1502.05767; put it into quotes: arxiv: "1502.01852".',
        ),
        (
            "    variants:\n",
            "    knobs: depth\n    variants:\n",
            13,
            (
                "simulations.main.knobs: a list, each item on a line of its own behind a dash or all in "
                "brackets; got 'depth'; for example knobs: [depth, width]."
            ),
        ),
        (
            "  - kettle temperature",
            "  - kettle: temperature",
            7,
            "phrasings.2: a text; got a colon with a space behind it; put all of it into quotes.",
        ),
    ],
)
def test_a_fault_is_one_sentence_with_its_line(old: str, new: str, line: int, sentence: str) -> None:
    [problem] = problems_of(changed((old, new)))
    assert (problem.code, problem.line, problem.message) == ("schema", line, sentence)
    assert str(problem) == f"p.md:{line}: {sentence} [schema]"


@pytest.mark.parametrize(
    ("old", "new", "line", "start"),
    [
        ("id: sample", "id: Sample!", 2, "id: "),
        ("id: sample", 'id: "sample\\n"', 2, "id: "),
        ("id: sample", "id: " + "a" * 41, 2, "id: "),
        ("title: A sample answer for tests", "title: Hm", 3, "title: "),
        ("title: A sample answer for tests", 'title: "two\\n\\nlines"', 3, "title: "),
        ("  - kettle temperature\n", "", 4, "phrasings: "),
        ("  - kettle temperature", "  - 3", 7, "phrasings.2: "),
        ("  - kettle temperature", "  -", 7, "phrasings.2: "),
        ("  - kettle temperature", "  - [a]", 7, "phrasings.2: "),
        ("short: The kettle is warm enough in this room.", "short: Warm.", 8, "short: "),
        ("  main:", "  Main-1:", 11, "simulations.Main-1: "),
        ("experiment: gradients", "experiment: [gradients]", 12, "simulations.main.experiment: "),
        ("warm: 4x8", "warm:\n      hot: 4x8", 14, "simulations.main.variants.warm: "),
        ("year: 1999", "year: 1599", 26, "sources.0.year: "),
        ("year: 1999", "year: 1999.5", 26, "sources.0.year: "),
        ("year: 1999", "year: .nan", 26, "sources.0.year: "),
        ("url: https", "url: http", 27, "sources.0.url: "),
        ("url: https://example.org/paper", "arxiv: 1502.05767", 27, "sources.0.arxiv: "),
        ("url: https://example.org/paper", "doi: 11.1/2", 27, "sources.0.doi: "),
        ("author: Someone", "author: Someone\nrelated: [a, b, c, d, e, f, g]", 29, "related: "),
        ("author: Someone", "author: Someone\ntry_next: relu", 29, "try_next: "),
        ("author: Someone", "author: !!binary aGVsbG8=", 28, "author: "),
        ("date: 2026-01-02", "date: 2026-01-02 10:00:00", 30, "date: "),
    ],
)
def test_a_wrong_value_is_one_problem_on_its_line(old: str, new: str, line: int, start: str) -> None:
    [problem] = problems_of(changed((old, new)))
    assert (problem.code, problem.line, problem.path) == ("schema", line, "p.md")
    assert problem.message.startswith(start)
    assert problem.message.endswith(".")
    assert len(problem.message) < 300


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title: A sample answer for tests", "title: " + "x" * 101, "title: at most 100 characters; got 101"),
        (
            "misconception: Kettles are cold.",
            "misconception: " + "x" * 601,
            "misconception: at most 600 characters; got 601",
        ),
        (
            "short: The kettle is warm enough in this room.",
            "short: " + "x" * 1234,
            "short: at most 1000 characters; got 1234",
        ),
    ],
)
def test_a_text_that_is_too_long_is_told_both_lengths(old: str, new: str, sentence: str) -> None:
    [problem] = problems_of(changed((old, new)))
    assert (problem.code, problem.message) == ("too-long", f"{sentence}; say less.")


def test_all_faults_of_the_schema_are_reported_at_once() -> None:
    text = changed(
        ("id: sample", "id: S"),
        ("  - kettle temperature\n", ""),
        ("year: 1999", "year: 3"),
        ("author: Someone", "auhtor: Someone"),
    )
    assert {problem.message.split(" ")[0].rstrip(":") for problem in problems_of(text)} == {
        *("id", "phrasings", "sources.0.year", "author", "auhtor"),
    }


def test_a_wrong_word_in_a_spec_names_the_nearest() -> None:
    [problem] = problems_of(changed(("4x8 sigmoid", "4x8 sigmoit")))
    assert problem.code == "spec"
    assert problem.message == (
        "main: A word is key=value or a known value; got 'sigmoit'; did you mean 'sigmoid'?"
    )


def test_every_simulation_with_a_wrong_spec_is_reported_with_its_line() -> None:
    other = "  other:\n    experiment: gradients\n    spec: dpeth=3\nclaims:"
    found = problems_of(changed(("4x8 sigmoid", "4x8 sigmoit"), ("claims:", other)))
    assert [(problem.code, problem.line) for problem in found] == [("spec", 14), ("spec", 18)]


def test_every_variant_that_is_wrong_by_itself_is_reported() -> None:
    found = problems_of(changed(("4x8 sigmoid", "4x8 sigmoit"), ("=tanh", "=tahn")))
    assert [(problem.code, problem.line) for problem in found] == [("spec", 14), ("spec", 15)]


def test_a_wrong_spec_and_a_wrong_year_are_reported_at_once() -> None:
    found = problems_of(changed(("4x8 sigmoid", "4x8 sigmoit"), ("year: 1999", "year: 3")))
    assert [problem.code for problem in found] == ["spec", "schema"]


def test_a_wrong_word_in_a_variant_has_the_line_of_the_variant() -> None:
    [problem] = problems_of(changed(("activation=tanh", "activation=tahn")))
    assert problem.line == 15


@pytest.mark.parametrize(
    "text", ["x" * (MAX_SOURCE + 1), "---\n" + "x" * MAX_SOURCE, SAMPLE + "x" * MAX_SOURCE, "\0" * 10**6]
)
def test_a_huge_file_is_refused_by_its_length(text: str) -> None:
    with pytest.raises(EntryRejected) as caught:
        read(text)
    [problem] = caught.value.problems
    assert problem.code == "too-long"
    assert problem.message == f"An answer has at most 40000 characters; got {len(text)}; shorten it."
