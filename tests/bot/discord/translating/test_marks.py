"""How texts are found in the code, and which ways to give them are refused."""

from pathlib import Path

import pytest

from bot.discord.translating.marks import Mark, marks

HEAD = "from bot.discord.translating import marked, say, say_many\n"


def found(tmp_path: Path, code: str) -> list[Mark]:
    (tmp_path / "cards.py").write_text(HEAD + code, encoding="utf-8")
    return list(marks(tmp_path))


def test_texts_are_found_with_where_they_are(tmp_path: Path) -> None:
    one, other, several = found(
        tmp_path,
        '_A = marked("a {x}")\nsay("b" " c")\nsay_many("{number} run", "{number} runs", n)\nsay(_A, x=1)\n',
    )
    assert (one.text, one.line, one.fault) == ("a {x}", 2, "")
    assert other.text == "b c"
    assert (several.text, several.plural) == ("{number} run", "{number} runs")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ('say(f"a {x}")', "something made up"),
        ('say("a " + b)', "something made up"),
        ('say("a" if b else "c")', "something made up"),
        ("marked(A)", "something made up"),
        ('say("")', "something made up"),
        ('say("a {x}")', "the places ['x'] were wanted; got []"),
        ('say("a", x=1)', "the places [] were wanted; got ['x']"),
        ('say_many("{number} a", "{number} b of {x}", n)', "['number', 'x']"),
        ('say("a {x", x=1)', "do not pair"),
    ],
)
def test_what_no_translator_could_find_or_fill_is_a_fault(tmp_path: Path, code: str, fault: str) -> None:
    [mark] = found(tmp_path, code)
    assert fault in mark.fault
    assert "cards.py:2" in str(mark)


@pytest.mark.parametrize("code", ["say(A)", "say(A[b], x=1)", "say(A if b else C)", "progress.say(text)"])
def test_constants_are_marked_where_they_are_made(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, code) == []


def test_files_that_translate_nothing_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text('say(f"a {x}")', encoding="utf-8")
    assert list(marks(tmp_path)) == []
