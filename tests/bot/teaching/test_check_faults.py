"""Faults that used to pass, or to be said in a way that helped nobody."""

from pathlib import Path

import pytest
from answer_samples import changed as sample_with
from click.testing import CliRunner

from answers.catalog import Catalog, load, read_file
from answers.checking import check_draft, draft_file
from answers.errors import EntryRejected
from answers.problem import Problem
from answers.reading import draft
from bot.cli import check, gallery
from bot.errors import BadRequest
from sim.cost import Allowance

NOTHING = Catalog(entries={})


def found(*changes: tuple[str, str]) -> list[Problem]:
    text = sample_with(("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3"), *changes)
    return check_draft(draft(text), NOTHING, Allowance())


def said(*changes: tuple[str, str]) -> list[tuple[str, int, str]]:
    return [(one.code, one.line, one.message) for one in found(*changes)]


def test_the_sample_is_right() -> None:
    assert found() == []


@pytest.mark.parametrize("name", ["if", "not", "in", "lambda", "true", "none", "max", "loop"])
def test_a_word_of_the_language_is_no_name(name: str) -> None:
    text = [("warm: 4x8", f'"{name}": 4x8'), ("warm.factor_per_layer <", "cold.factor_per_layer <")]
    problems = said(*text, ("It shrinks to {{ warm.factor_per_layer | num }}.", "It shrinks."))
    message = f"The name {name} is a word of the language of claims and templates; rename it, "
    message += f"for example to {name}_net."
    assert ("names", 11, message) in problems


def test_a_comma_in_a_number_is_named() -> None:
    [(code, line, message)] = said(("warm.factor_per_layer < 0.5", "warm.factor_per_layer < 0,5"))
    assert (code, line) == ("claim", 19)
    assert "a point, as in 0.3" in message
    assert "tuple" not in message


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "    variants:",
            "    knobs: [depth, width, depth]\n    variants:",
            13,
            "main: knobs gives 'depth' twice; remove one.",
        ),
        (
            "author: Someone",
            "try_next: [relu vs tanh, tanh, relu vs tanh]\nauthor: Someone",
            28,
            "try_next gives 'relu vs tanh' twice; remove one.",
        ),
    ],
)
def test_what_is_listed_twice_is_named(old: str, new: str, line: int, message: str) -> None:
    assert ("duplicate", line, message) in said((old, new))


def test_a_title_and_a_phrasing_are_no_templates() -> None:
    problems = said(
        ("title: A sample answer for tests", 'title: "Is it {{ warm.depth }}?"'),
        ("kettle temperature", "kettle {% if warm %}hot{% endif %}"),
    )
    assert [(code, line) for code, line, _ in problems] == [("template", 3), ("template", 7)]
    assert problems[0][2] == (
        "title: nothing is measured for it, so it takes no {{ … }}; got 'Is it {{ warm.depth }}?'; "
        "say it in words."
    )


@pytest.mark.parametrize(
    ("body", "place", "name"),
    [
        ("One.\n\n| a | b |\n|---|---|\n| c | d |", (34, 1), "tables"),
        ("a | b\n--|--\nc | d", (33, 1), "tables"),
        ("It is $x^2$ here.", (32, 7), "LaTeX"),
        (r"It is \(x\) here.", (32, 7), "LaTeX"),
        (r"So \frac{a}{b}.", (32, 4), "LaTeX"),
        ("See ![a plot](https://example.org/a.png).", (32, 5), "images in a text"),
        ("One<br>two.", (32, 4), "HTML"),
        ("A <span class='x'>b</span>.", (32, 3), "HTML"),
        ("a &lt; b", (32, 3), "HTML"),
        ("<!-- later -->", (32, 1), "HTML"),
        ("#### Small", (32, 1), "headings below ###"),
        ("One.\n\n---\n\nTwo.", (34, 1), "rules"),
        ("So it is[^1].", (32, 9), "footnotes"),
        ("See [there](javascript:alert).", (32, 5), "links to other places"),
    ],
)
def test_what_discord_does_not_show_is_refused_with_its_place(
    body: str, place: tuple[int, int], name: str
) -> None:
    problem = next(one for one in found(("The body.", body)) if one.code == "markdown")
    assert (problem.line, problem.column) == place
    assert problem.message.startswith(f"body: Discord shows no {name}; got ")


@pytest.mark.parametrize(
    "mention", ["@everyone", "@here", "<@123456>", "<@!123456>", "<@&123456>", "<#123456>"]
)
@pytest.mark.parametrize("part", ["The body.", "Kettles are cold.", "It grows to"])
def test_an_answer_calls_nobody(mention: str, part: str) -> None:
    [problem] = [one for one in found((part, f"Oh {mention} {part}")) if one.code == "markdown"]
    assert problem.message.endswith(f"an answer calls nobody; got {mention!r}; leave it out.")


@pytest.mark.parametrize(
    "body",
    [
        "`$x$` and `<br>` and `@everyone`",
        "```\n| a | b |\n|---|---|\n```",
        "It costs $5 and $6.",
        "a < b and c > d, 1 <2> 3",
        "See [there](https://example.org/a_(b)) and <https://example.org>.",
        "- one\n- two\n\n> quoted\n\n## Head\n\n**bold** *it* ~~no~~ || spoiler ||",
        "me@here.org writes to a@everyonesmail.org",
        "AT&T; R&D",
        "One.\n\n<!-- more -->\n\nTwo.",
    ],
)
def test_what_discord_shows_is_left_alone(body: str) -> None:
    assert [one for one in said(("The body.", body)) if one[0] == "markdown"] == []


def test_a_second_line_of_more_is_named() -> None:
    [(code, line, message)] = said(("The body.", "One.\n<!-- more -->\nTwo.\n\n<!-- more -->\nThree."))
    assert (code, line) == ("markdown", 36)
    assert message == (
        "An answer has one line <!-- more -->; got another; one line parts the text; remove this one."
    )


def test_a_mark_in_a_comment_is_still_to_be_done() -> None:
    problems = said(("claims:", "claims:  # TODO: mine"), ("sources:", "# TODO: better ones\nsources:"))
    assert [(code, line) for code, line, _ in problems] == [("unfinished", 16), ("unfinished", 23)]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.truncate(400 * 2**20)
    [problem] = draft_file(path).problems
    assert problem.message == "The file cannot be read: it has more than 160000 bytes, which no answer needs."
    with pytest.raises(EntryRejected, match="160000 bytes"):
        read_file(path)


def test_what_a_folder_says_of_itself_is_no_broken_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BACKCHAT_ANSWERS", raising=False)
    for name in ("README.md", "Contributing.md", ".hidden.md", "._relu.md"):
        (tmp_path / name).write_text("Our answers.", encoding="utf-8")
    assert load([tmp_path]).problems == ()
    done = CliRunner().invoke(check.command, [str(tmp_path)])
    assert isinstance(done.exception, BadRequest)
    assert "with none" in str(done.exception)


def test_names_that_are_too_long_and_pages_in_other_letters_get_a_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(check.command, ["x" * 300])
    assert isinstance(done.exception, BadRequest)
    assert str(done.exception).startswith("check takes files and folders that exist; got xxx")
    page = tmp_path / "page.md"
    page.write_bytes("Ärger".encode("latin-1"))
    done = CliRunner().invoke(gallery.command, [str(page)])
    assert isinstance(done.exception, BadRequest)
    assert "is no gallery" in str(done.exception)
