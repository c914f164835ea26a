"""`backchat check` finds everything in one run, and tells a warning from a problem."""

import json
from pathlib import Path

import pytest
from answer_samples import changed
from click.testing import CliRunner, Result

from answers.catalog import SHIPPED
from bot.cli import check
from sim.cost import Machine


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check.command, list(arguments))


def problems(*arguments: str) -> list[tuple[str, str, int]]:
    document = json.loads(run("--json", *arguments).stdout)
    return [(one["code"], Path(one["path"]).name, one["line"]) for one in document["problems"]]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKCHAT_ANSWERS", raising=False)


def test_faults_of_the_file_of_its_parts_and_of_what_it_measures_are_found_in_one_run(tmp_path: Path) -> None:
    text = changed(
        ("title: A sample answer for tests", "title: Kettles: a sample"),
        ("year: 1999", "year: soon"),
        ("    variants:", "    knobs: [depth, lr]\n    variants:"),
        ("holds: warm.factor_per_layer < 0.5", "holds: warm.factor_per_layer > 0.5"),
        ("holds: cold.factor_per_layer > 1", "holds: cold.factor_per_lair > 1"),
        ("The body.", "{{ warm.facter_per_layer }}\n\n{{ cold.facter_per_layer }}\n\n{{ clod.x }} is 7."),
    )
    (tmp_path / "sample.md").write_text(text, encoding="utf-8")
    assert problems("sample.md") == [
        ("yaml", "sample.md", 3),
        ("knobs", "sample.md", 13),
        ("claim-fails", "sample.md", 20),
        ("claim", "sample.md", 23),
        ("schema", "sample.md", 27),
        ("template", "sample.md", 33),
        ("template", "sample.md", 35),
        ("template", "sample.md", 37),
        ("typed-number", "sample.md", 37),
    ]


def test_an_answer_that_replaces_a_shipped_one_is_a_warning_and_no_failure(tmp_path: Path) -> None:
    shipped = (SHIPPED / "what_is_vanishing.md").read_text(encoding="utf-8")
    (tmp_path / "what_is_vanishing.md").write_text(shipped, encoding="utf-8")
    done = run("--json", "what_is_vanishing.md")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["problems"] == []
    [warning] = document["warnings"]
    assert (warning["code"], warning["line"]) == ("replaces", 2)


def test_an_answer_with_the_phrasings_of_a_shipped_one_and_two_with_one_id_fail(tmp_path: Path) -> None:
    shipped = (SHIPPED / "relu.md").read_text(encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    broken = shipped.replace("experiment: ", "experiment: not_", 1).replace("id: relu", "id: mine", 1)
    for folder in ("a", "b"):
        (tmp_path / folder / "mine.md").write_text(broken, encoding="utf-8")
    done = run("a", "b", "--seeds", "0", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["problems"]
    assert any(
        one["code"] == "collision" and f"relu ({SHIPPED / 'relu.md'})" in one["message"] for one in found
    )
    [twice] = [one for one in found if one["code"] == "duplicate"]
    assert (twice["path"], twice["message"]) == (
        "b/mine.md",
        "An id belongs to one file; got 'mine' in a/mine.md as well; rename one.",
    )


def test_a_slow_moment_of_the_machine_refuses_no_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ten seconds on the reference machine, forty on the slowest; the shared name keeps it from being run.
    big = "  big:\n    experiment: training\n    variants:\n      warm: 30x64 sigmoid steps=800\nclaims:"
    (tmp_path / "sample.md").write_text(changed(("claims:", big)), encoding="utf-8")
    monkeypatch.setattr("bot.cli.session.this_machine", lambda: Machine(arithmetic=0.25, calls=0.25))
    assert problems("sample.md") == [("names", "sample.md", 16)]
