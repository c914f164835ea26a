"""What is read of a message: the person's own words, of a long post its questions first."""

from pathlib import Path

import pytest

from answers.matching.glossary import Glossary, load_glossary, parse
from answers.matching.text import MAX_TEXT, essence, is_question, strip_markup, words


def test_code_blocks_quotes_links_and_mentions_are_left_out() -> None:
    text = "> he said relu\n<@42> why does `tanh` vanish? https://example.org/relu\n```python\nrelu(x)\n```"
    assert strip_markup(text) == "why does tanh vanish?"


def test_of_a_long_post_its_questions_are_read_first() -> None:
    story = "We trained a network on our own pictures and it took a while to set everything up. " * 10
    read = essence(f"{story} Why does the gradient vanish in the first layers? {story}")
    assert read.startswith("Why does the gradient vanish in the first layers?")
    assert len(read.split()) <= 120


def test_of_a_short_post_everything_is_read() -> None:
    assert essence("I use sigmoid.  Why\nis it slow?") == "I use sigmoid. Why is it slow?"


@pytest.mark.parametrize(
    "text",
    [
        "why does it vanish",
        "hi all, how do cnns avoid it",
        "I don't get why the gradient is small",
        "relu better than sigmoid?",
        "can somebody explain batch norm",
        "Is the loss convex",
        "so what is the point of relu then",
        "was wondering what clipping does",
    ],
)
def test_questions_are_recognised_by_their_form(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "my gradients vanished like my weekend",
        "relu fixed it, thanks",
        "batch norm is the best thing since sliced bread",
        "I think the loss is convex.",
        "see you at the tutorial",
        "",
    ],
)
def test_statements_are_no_questions(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize(
    "text", [" " * MAX_TEXT, "so " * 600, "so - " * 400 + "x", "?" * MAX_TEXT, "(" * MAX_TEXT]
)
@pytest.mark.timeout(5)
def test_no_text_makes_the_patterns_slow(text: str) -> None:
    is_question(text)
    essence(text)
    words(text)


def test_abbreviations_are_spelled_out_as_whole_words_only() -> None:
    expand = load_glossary().expand
    assert expand("why lr w/ BN") == "why learning rate with batch normalization"
    assert expand("back  prop in convnets") == "backpropagation in convolutional network"
    assert expand("ablr resnets50 diffuse") == "ablr resnets50 diffuse"


def test_a_glossary_of_nothing_changes_nothing() -> None:
    assert Glossary({}).expand("lr and bn") == "lr and bn"


def test_lines_that_are_no_entry_are_left_out() -> None:
    text = "# a comment\nlr, learnrate = learning rate # why not\nnothing here\n = no short form\nbn =\n"
    assert parse(text) == {"lr": "learning rate", "learnrate": "learning rate"}


def test_an_instructor_adds_to_the_glossary(tmp_path: Path) -> None:
    (tmp_path / "glossary.txt").write_text(
        "hw3 = third homework on vanishing gradients\nlr = low resolution\n"
    )
    expand = load_glossary([tmp_path]).expand
    assert expand("HW3 and the lr of bn") == (
        "third homework on vanishing gradients and the low resolution of batch normalization"
    )
