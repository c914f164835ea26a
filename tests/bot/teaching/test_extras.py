"""The second form, of sources and links, says what the file says; nothing else of the file changes."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.catalog import SHIPPED
from answers.reading import draft, read
from answers.skeleton import skeleton
from bot.teaching.form import Extras, NotInForm, extras_of, line_of, with_extras

BASE = skeleton("why_relu", "Ada", dt.date(2026, 1, 31))
FILES = sorted(SHIPPED.glob("*.md"))
GIVEN = Extras(
    sources="A. Author | 1999 | A paper: and more | https://example.org/paper\n"
    "K. He | 2015 | Delving | arxiv:1502.01852\nD. Rumelhart | 1986 | Learning | https://doi.org/10.1038/323533a0",
    try_next="depth=30 sigmoid vs relu he\n\n12x64 tanh",
    related="cnn, depth",
)


@pytest.mark.parametrize("path", FILES[::3], ids=lambda path: path.stem)
def test_every_shipped_answer_means_the_same_afterwards(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before, after = read(text), read(with_extras(extras_of(text), text))
    assert replace(after, lines=before.lines) == before


def test_what_is_typed_stands_in_the_file_and_the_marks_of_the_skeleton_go() -> None:
    text = with_extras(GIVEN, BASE)
    entry = read(text.replace("TODO", "Done"))
    assert [str(one) for one in entry.sources] == [
        str(one) for one in read(with_extras(extras_of(text), text).replace("TODO", "Done")).sources
    ]
    assert [(one.authors, one.year, one.title, one.arxiv, one.doi, one.url) for one in entry.sources] == [
        ("A. Author", 1999, "A paper: and more", None, None, "https://example.org/paper"),
        ("K. He", 2015, "Delving", "1502.01852", None, None),
        ("D. Rumelhart", 1986, "Learning", None, "10.1038/323533a0", None),
    ]
    assert entry.try_next == ("depth=30 sigmoid vs relu he", "12x64 tanh")
    assert entry.related == ("cnn", "depth")
    lines = text.splitlines()
    assert not [
        line for line in lines if "TODO" in line and line.startswith(("sources", "try_next", "related"))
    ]
    assert lines[: lines.index("try_next:")] == BASE.splitlines()[: lines.index("try_next:")]


def test_what_is_left_empty_goes() -> None:
    entry = draft(with_extras(replace(GIVEN, try_next="", related=" "), BASE)).entry
    assert entry is not None
    assert (entry.try_next, entry.related) == ((), ())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("A paper, 1999", "sources, line 1: got 'A paper, 1999'; write authors | year | title | address"),
        ("\nA | 99 | T | https://x.org", "sources, line 2: got"),
        ("A | 1999 | T | http://x.org", "'http://x.org' says nowhere to find it"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(typed: str, sentence: str) -> None:
    with pytest.raises(NotInForm) as error:
        with_extras(replace(GIVEN, sources=typed), BASE)
    assert sentence in str(error.value)


def test_a_line_of_the_file_is_found_in_the_form() -> None:
    lines = BASE.splitlines()
    numbers = {
        key: next(n for n, one in enumerate(lines, 1) if one.startswith(key))
        for key in ("sources", "related")
    }
    assert {line_of(BASE, number) for number in numbers.values()} == {"sources", "related"}
    assert line_of(BASE, numbers["sources"] + 1) == "sources"
    assert line_of(BASE, 1) is None
    assert line_of("no file", 1) is None


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: "|" not in text
)


@settings(max_examples=60, deadline=None)
@given(authors=WORDS, title=WORDS, year=st.integers(1600, 2100), tries=st.lists(WORDS, max_size=4))
def test_any_words_come_back(authors: str, title: str, year: int, tries: list[str]) -> None:
    typed = Extras(
        sources=f"{authors} | {year} | {title} | https://example.org/x", try_next="\n".join(tries), related=""
    )
    assert extras_of(with_extras(typed, BASE)) == typed
