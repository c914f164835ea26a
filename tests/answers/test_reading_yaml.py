"""Front matter is plain data: YAML's traps are refused, each with its line."""

from pathlib import Path

import pytest
from answer_samples import SAMPLE, changed, effort, problems_of

from answers.errors import EntryRejected
from answers.reading import read

AUTHOR = "author: Someone"
AUTHOR_LINE = 28


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "Just Markdown.\n",
        "---\n",
        "---\nid: a\n",
        "\n" + SAMPLE,
        " " + SAMPLE,
        SAMPLE.replace("\n", "\r"),
        "---\n" * 3_000 + "x",
        "--- \n" * 3_000,
        "\0",
    ],
)
def test_a_file_without_front_matter_is_told_what_an_answer_looks_like(text: str) -> None:
    with effort() as spent:
        found = problems_of(text)
    assert found
    if not text.startswith("---\n---"):
        [problem] = found
        assert problem.code == "front-matter"
        assert problem.line == 1
        assert problem.message == (
            "An answer starts with a line ---, front matter in YAML, a line ---, then Markdown."
        )
    assert spent.seconds < 2


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (
            AUTHOR,
            "author: X\nauthor: Someone",
            AUTHOR_LINE + 1,
            "A key is given once; got 'author' twice; remove one.",
        ),
        (
            "    year: 1999",
            "    year: 1700\n    year: 1999",
            27,
            "A key is given once; got 'year' twice; remove one.",
        ),
        (
            AUTHOR,
            "author: *a",
            AUTHOR_LINE,
            'A text that begins with * stands in quotes; write author: "*a".',
        ),
        (
            AUTHOR,
            "author: Some: one",
            AUTHOR_LINE,
            'A text with a colon and a space in it stands in quotes; write author: "Some: one".',
        ),
        (
            AUTHOR,
            "author: {{ warm.x }} is it",
            AUTHOR_LINE,
            'A text that begins with {{ stands in quotes; write author: "{{ warm.x }} is it".',
        ),
        (
            AUTHOR,
            'author: {{ warm.x | num("a") }}',
            AUTHOR_LINE,
            "A text that begins with {{ stands in quotes; write author: '{{ warm.x | num(\"a\") }}'.",
        ),
        (
            "  - title: A paper",
            "  - title: A paper: on kettles",
            24,
            'A text with a colon and a space in it stands in quotes; write - title: "A paper: on kettles".',
        ),
        (
            AUTHOR,
            "author: Some: one\n  and another",
            AUTHOR_LINE,
            (
                "A text with a colon and a space in it stands in quotes; got 'author: Some: one'; "
                "put >- behind its key and the text below, indented."
            ),
        ),
        (
            "    experiment:",
            "\texperiment:",
            12,
            "Front matter is indented with spaces; got a tab; replace it by spaces.",
        ),
        (
            AUTHOR,
            "author: 'It's me'",
            AUTHOR_LINE,
            'A text in quotes ends at its closing quote; write author: "It\'s me".',
        ),
        (
            AUTHOR,
            'author: "Me',
            AUTHOR_LINE,
            "A quote is opened and not closed; got 'author: \"Me'; close it.",
        ),
        (
            AUTHOR,
            "author: [Me, you",
            AUTHOR_LINE,
            "A list in brackets is closed; got 'author: [Me, you'; close it, as in [depth, width].",
        ),
        (
            AUTHOR,
            "author Someone",
            AUTHOR_LINE,
            "A line is key: value; got 'author Someone' without a colon; add it.",
        ),
        (
            "short: The",
            "short: >-\nThe",
            9,
            (
                "A text below >- is indented; got 'The kettle is warm enough in this room.'; "
                "indent it more than its key."
            ),
        ),
        (
            "short: The",
            "short: > The",
            8,
            (
                "A text behind > or | starts on the next line, indented; "
                "got 'short: > The kettle is warm enough in this room.'; move it there."
            ),
        ),
        (
            "    holds: warm",
            "     holds: warm",
            19,
            (
                "Keys that belong together have the same indentation; got 5 spaces before "
                "'holds: warm.factor_per_layer < 0.5'; indent it like its neighbours, or, where a text goes "
                "on, put >- behind its key."
            ),
        ),
        (
            "    year: 1999",
            "   year: 1999",
            26,
            (
                "Lines that belong together have the same indentation; got 3 spaces before 'year: 1999'; "
                "indent it like its neighbours, by 2."
            ),
        ),
        (
            AUTHOR,
            "...\n--- x\n" + AUTHOR,
            AUTHOR_LINE + 1,
            "Front matter is one document; got '--- x'; remove the line of dots or dashes above.",
        ),
    ],
)
def test_a_trap_of_yaml_is_one_problem_on_its_line_with_its_cure(
    old: str, new: str, line: int, sentence: str
) -> None:
    [problem] = problems_of(changed((old, new)))
    assert (problem.code, problem.line, problem.message) == ("yaml", line, sentence)


def test_one_fault_of_yaml_does_not_hide_the_next_nor_what_the_schema_refuses() -> None:
    found = problems_of(
        changed(
            ("title: A sample", "title: Kettles: a sample"),
            ("    text: It grows", "    text: {{ cold.x }}: it grows"),
            (AUTHOR, "\tautor: Someone"),
            ("year: 1999", "year: soon"),
        )
    )
    assert [(problem.code, problem.line) for problem in found] == [
        *(("schema", 2), ("yaml", 3), ("yaml", 21), ("schema", 26), ("yaml", 28), ("schema", 28)),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['touch {marker}']",
        "!!python/object/new:os.system ['touch {marker}']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/object:answers.entry.Entry {{}}",
        "!unknown x",
        "!<tag:yaml.org,2002:python/none> ''",
    ],
)
def test_a_tag_builds_nothing_and_is_refused_on_its_line(value: str, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    [problem] = problems_of(changed((AUTHOR, f"author: {value.format(marker=marker)}")))
    assert (problem.code, problem.line) == ("yaml", AUTHOR_LINE)
    assert problem.message.startswith("A text that begins with ! stands in quotes; write author: ")
    assert not marker.exists()


def test_a_merge_key_is_refused() -> None:
    problem, *_ = problems_of(changed((AUTHOR, "<<: {author: Someone}")))
    assert (problem.code, problem.line) == ("yaml", AUTHOR_LINE)


def test_a_billion_laughs_end_at_the_first_alias() -> None:
    layers = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with effort() as spent:
        found = problems_of("---\n" + "\n".join(layers) + "\n---\nbody\n")
    assert next(problem.line for problem in found if problem.code == "yaml") == 3
    assert spent.peak < 2_000_000


@pytest.mark.parametrize("text", ["- a", "hello", "~", "5", "[1, 2]"])
def test_front_matter_that_is_no_mapping_is_one_problem(text: str) -> None:
    [problem] = problems_of(f"---\n{text}\n---\nbody\n")
    assert (problem.code, problem.line) == ("schema", 2)
    assert problem.message.startswith("front matter: ")


def test_empty_front_matter_misses_every_key_that_has_to_be_there() -> None:
    needed = (
        "id",
        "title",
        "phrasings",
        "short",
        "simulations",
        "claims",
        "sources",
        "author",
        "license",
        "date",
    )
    messages = [problem.message for problem in problems_of("---\n---\nbody\n")]
    assert [message.partition("; add it")[0] for message in messages] == [
        f"{key} is missing" for key in needed
    ]


@pytest.mark.parametrize(
    "value",
    [
        "[" * 2_000 + "]" * 2_000,
        "{a: " * 5_000 + "}" * 5_000,
        "[" * 300 + "]" * 300,
        "- " * 10_000,
        "9" * 5_000,
        "0x" + "f" * 3_000,
        "'" + "x" * 30_000 + "'",
        "Some\0one",
        "Some\x07one",
        "\ud800",
        '"unclosed',
        "[unclosed",
        "{a: b",
        "? [a]\n: b",
        "%TAG ! x",
        "@x",
        "`x`",
    ],
)
def test_a_monstrous_value_is_refused_with_sentences(value: str) -> None:
    with effort(memory=False) as spent:
        found = problems_of(changed((AUTHOR, f"author: {value}")))
    assert found
    assert all(len(problem.message) < 400 and problem.message.endswith(".") for problem in found)
    assert spent.seconds < 30  # a bound on hanging, not on speed


@pytest.mark.parametrize(
    "year",
    ["0x" + "f" * 5_000, "1:" * 3_000 + "1", "1" + ":59" * 300 + ".5"],
    ids=["hex", "base60", "float60"],
)
def test_a_number_with_thousands_of_digits_is_a_problem_and_not_a_crash(year: str) -> None:
    with pytest.raises(EntryRejected):
        read(changed(("year: 1999", f"year: {year}")))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("date: 2026-01-02", "date: 2026-13-02", 30),
        ("year: 1999", "year: " + "9" * 5_000, 26),
    ],
)
def test_a_value_that_cannot_be_built_is_reported_on_its_line(old: str, new: str, line: int) -> None:
    [problem] = problems_of(changed((old, new)))
    assert problem.line == line


@pytest.mark.parametrize("new", ["? [a, b]\n: 1", "yes: 2\nauthor: Someone"])
def test_a_key_that_is_no_word_is_reported_on_its_line(new: str) -> None:
    [problem] = problems_of(changed((AUTHOR, new)))
    assert problem.line == AUTHOR_LINE
