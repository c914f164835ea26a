"""`backchat new` writes an answer that only waits to be written, and never overwrites one."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answers.catalog import load, read_file
from answers.checking import can_run, check_entry
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
    assert (entry.title, entry.phrasings[0]) == ("Why relu?", "why relu")
    problems = check_entry(entry, load(), Allowance())
    assert {problem.code for problem in problems} == {"unfinished"}
    assert can_run(problems)


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
