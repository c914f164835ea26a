"""`backchat new` writes an answer that only waits to be written, and never overwrites one."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answers.catalog import load, read_file
from answers.checking import check_entry, check_phrasings, runnable
from bot.cli import new
from bot.errors import BadRequest
from sim.cost import Allowance


def run(*arguments: str, folder: Path) -> Result:
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(new.command, list(arguments))
    finally:
        os.chdir(before)


def test_the_first_version_is_valid_and_says_what_is_still_to_be_written(tmp_path: Path) -> None:
    done = run("why_relu", folder=tmp_path)
    assert done.exit_code == 0, done.output
    assert done.output == (
        "Wrote why_relu.md. Edit it, and check it while you write:  backchat check why_relu.md\n"
    )
    entry = read_file(tmp_path / "why_relu.md")
    assert (entry.title, entry.phrasings[1]) == ("Why relu?", "why relu")
    problems = check_entry(entry, load(), Allowance())
    assert {problem.code for problem in problems} == {"unfinished"}
    assert runnable(entry, Allowance()) == entry


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("precious", encoding="utf-8")
    done = run("mine", folder=tmp_path)
    assert isinstance(done.exception, BadRequest)
    assert str(done.exception) == (
        "mine.md exists already and is left as it is; choose another id, or edit it."
    )
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("id_", "way_out"), [("Why ReLU?", "try why_relu"), ("42", "try why_relu"), ("../etc", "try etc")]
)
def test_an_id_that_is_none_gets_the_nearest(id_: str, way_out: str, tmp_path: Path) -> None:
    done = run(id_, folder=tmp_path)
    assert isinstance(done.exception, BadRequest)
    assert str(done.exception) == (
        "An id has up to 40 lower-case letters, digits and underscores, a letter first; "
        f"got {id_!r}; {way_out}."
    )
    assert list(tmp_path.iterdir()) == []


SHIPPED_IDS = ("relu", "rnn", "cnn", "backprop_not_cause", "local_minima", "depth")


@pytest.mark.parametrize(
    "id_", ["gnn", "no", "on", "yes", "null", "true", "y", "e1", "nan", "a" * 40, "x_", *SHIPPED_IDS]
)
def test_whatever_the_id_only_the_words_are_missing(
    id_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "1234")
    done = run(id_, folder=tmp_path)
    assert done.exit_code == 0, done.output
    assert ("replaces the answer" in done.output) == (id_ in SHIPPED_IDS)
    entry = read_file(tmp_path / f"{id_}.md")
    assert (entry.id, entry.author) == (id_, "1234")
    library = load()
    assert {problem.code for problem in check_entry(entry, library, Allowance())} == {"unfinished"}
    others = [one for one in library if one.id != id_]
    assert check_phrasings([*others, entry]) == []


@pytest.mark.parametrize(
    ("user", "author"),
    [
        ("1e3", "1e3"),
        ("Ada: L", "Ada: L"),
        ("#ada", "#ada"),
        ('"q"', '"q"'),
        ("no", "no"),
        ("2026-01-01", "2026-01-01"),
        ("Ünal O'Neil", "Ünal O'Neil"),
        ("a\x07b\udcff", "ab"),
        ("  ", "Your name"),
        ("x" * 300, "x" * 200),
    ],
)
def test_whoever_writes_is_the_author(
    user: str, author: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: user)
    assert run("mine", folder=tmp_path).exit_code == 0
    assert read_file(tmp_path / "mine.md").author == author
