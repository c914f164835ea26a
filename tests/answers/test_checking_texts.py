"""Numbers typed by hand, unfinished parts and hard prose are found, on their lines."""

from dataclasses import replace

import pytest
from answer_samples import sample, with_body

from answers.checking.digits import check_digits, typed_digits
from answers.checking.prose import HARDEST, check_prose, lix


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("It shrinks 4 times.", ["4"]),
        ("By 10× or 3.5 %, see (1e-3).", ["10×", "3.5", "1e-3"]),
        ("A 100x speed-up over 30-layer nets", ["100x", "30-layer"]),
        ("One, two, h₁ and k² are words and names.", []),
        ("float16, L2, ResNet-50, CIFAR-10 and float32's range are names.", []),
        ("Measured: {{ main.factor | num(2) }}{% if main.depth > 3 %} deep{% endif %}.", []),
        ("A formula `1/√3`, a spec `30x64 lr=0.1` and ``a `2` b``.", []),
        ("```python\nx = 1\n```\nthen 2", ["2"]),
        ("1. First\n2. Second, 3 times", ["3"]),
        ("A slope of 1, a mean of 0, inputs of ±1, but 10 or 0.5.", ["10", "0.5"]),
        ("Glorot and Bengio (2010) and in 2011.", ["2011"]),
        ("A 3 × 3 kernel and 13 × 3 others", ["13", "3"]),
    ],
)
def test_numbers_typed_by_hand_are_told_from_names_formulas_and_sources(text: str, typed: list[str]) -> None:
    assert [word for _, word in typed_digits(text, ["2010", "3 × 3"])] == typed


def test_a_typed_number_is_reported_on_its_line_of_the_body() -> None:
    [problem] = check_digits(with_body("The body.\n\nIt has 7 lines,\n`8` of them code."))
    assert (problem.line, problem.code) == (34, "typed-number")
    assert problem.message == (
        "body: numbers come from a measurement; got '7' typed by hand; write {{ name.fact | num(2) }}, "
        "put a formula into `…`, or list it under constants with a reason."
    )


def test_the_year_of_a_source_and_a_constant_may_be_typed() -> None:
    constants = 'author: Someone\nconstants:\n  "3 × 3": the usual kernel'
    entry = sample(("The body.", "A 3 × 3 kernel (1999)."), ("author: Someone", constants))
    assert check_digits(entry) == []


def test_a_constant_that_is_not_used_is_reported() -> None:
    [problem] = check_digits(sample(("author: Someone", 'author: Someone\nconstants:\n  "42": no reason')))
    assert (problem.line, problem.message) == (29, "constants: '42' stands nowhere in the texts; remove it.")


def test_what_is_still_to_be_written_is_reported_on_its_line() -> None:
    entry = with_body("The body.\n\n<!-- more -->\n\nFine.\nTODO: more.")
    [problem] = check_prose(entry)
    assert (problem.code, problem.line) == ("unfinished", 37)


def test_long_sentences_of_long_words_are_hard_to_read() -> None:
    hard = (
        "Notwithstanding preliminary considerations, normalisation characteristics predominantly determine "
    )
    [problem] = check_prose(with_body(f"{hard}. " * 12))
    assert problem.code == "reading-level"
    assert problem.message.startswith("The texts are hard to read: 96 on the LIX scale")
    easy = "The sun is up. The cat sat on a mat and saw a dog. "
    assert check_prose(with_body(easy * 12)) == []


def test_lix_is_words_per_sentence_and_the_share_of_long_words() -> None:
    text = "We measured a network today. " * 20  # five words, two of more than six letters
    assert lix(text) == pytest.approx(5 + 40)
    assert lix("{% if a %}" + text + "{% endif %} `code with longer words`") == pytest.approx(5 + 40, abs=2)
    assert lix("Too short.") is None
    assert HARDEST > 40


def test_a_long_sentence_is_named_by_its_beginning_on_its_line() -> None:
    words = "one two three four five six seven eight nine ten"
    body = f"Short.\n\nHere it\n{'{{ warm.x }} '}goes: {words}, {words}, {words}, {words}, {words}."
    [problem] = check_prose(with_body(body))
    assert (problem.code, problem.line) == ("reading-level", 35)
    assert problem.message == (
        "body: at most 45 words in a sentence; got 50 in the one that begins "
        "'one two three four five six seven eight'; split it."
    )
    branches = (
        f"{{% if claims.grows %}}It {words}, {words}, {words}{{% else %}}It {words}, {words}{{% endif %}}."
    )
    assert check_prose(with_body(branches)) == []
    assert check_prose(with_body(f"- {words}, {words}, {words}\n- {words}, {words}")) == []


def test_every_part_that_is_still_to_be_written_is_reported() -> None:
    entry = sample(("The body.", "TODO one\n\nTODO two"), ("  - kettle temperature", "  - TODO kettle"))
    assert [(problem.code, problem.line) for problem in check_prose(entry)] == [
        *(("unfinished", 32), ("unfinished", 34), ("unfinished", 7)),
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("It is {{ 0.35 | num }} of it.", ["0.35 | num"]),
        ('Of {{ "4 million" }}.', ['"4 million"']),
        ("A stray ` tick.\n\nIt has 42 layers.\n\nUse `x`.", ["42"]),
        ("Formula `2 * x` and {{ main.factor | num(2) }}.", []),
        ("{{ 5 if main.learnt else 3 }}", []),
    ],
)
def test_numbers_typed_into_a_template_or_behind_a_stray_backtick_are_found(
    source: str, words: list[str]
) -> None:
    assert [word for _, word in typed_digits(source, [])] == words


def test_an_answer_without_an_explanation_and_code_without_an_end_are_problems() -> None:
    empty = replace(sample(), body="")
    assert "unfinished" in {problem.code for problem in check_prose(empty)}
    open_fence = replace(sample(), body="Look:\n\n```python\nx = 1\n")
    (problem,) = [one for one in check_prose(open_fence) if one.code == "markdown"]
    assert problem.message == "body: a block of code ends with ``` as it begins; got one that does not end."
