"""`backchat papers`, run as a user runs it, and what it prints of results that are given."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import cli, papers
from bot.jobs.job import Engine, Job, OnProgress, Progress, Result
from sim.papers import NAMES
from sim.papers.finding import Finding, Paper, Reproduction, within


def backchat(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    script = Path(sys.executable).with_name("backchat")
    return subprocess.run(
        [str(script), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.long
def test_papers_prints_a_table_in_words(tmp_path: Path) -> None:
    done = backchat("papers", "pascanu", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Pascanu, Mikolov & Bengio 2013" in done.stdout
    assert "✓ gradient per step, linear, orthogonal" in done.stdout
    assert 'backchat simulate "rnn ' in done.stdout
    assert "5 of 5 numbers agree" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_papers_prints_one_json_document_and_writes_plots(tmp_path: Path) -> None:
    done = backchat("papers", "Jozefowicz", "pascanu", "--json", "--plot", ".", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document) == {"version", "torch", "threads", "agrees", "papers"}
    assert document["threads"] == 1
    assert document["agrees"] is True
    assert [paper["name"] for paper in document["papers"]] == ["pascanu", "jozefowicz"]
    for finding in document["papers"][0]["findings"]:
        assert finding["bounds"]["least"] <= finding["measured"] <= finding["bounds"]["most"]
        assert finding["p10"] <= finding["measured"] <= finding["p90"]
    for name in ("pascanu", "jozefowicz"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("glorott",), "A paper is named by its first author; got 'glorott'; did you mean 'glorot'?"),
        (("he", "--plot", "nowhere"), "Plots go to an existing folder; got nowhere; name another."),
    ],
)
def test_a_mistake_gets_one_sentence(arguments: Sequence[str], message: str, tmp_path: Path) -> None:
    done = backchat("papers", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"backchat: {message}\n"


class Given(Engine):
    """An engine that has measured already: every paper the same number, except those that are off."""

    capacity = 1
    build = "any"

    def __init__(self, off: Sequence[str] = ()) -> None:
        self.off = off
        self.jobs: list[Job] = []

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        self.jobs.append(job)
        name = job.request["name"]
        on_progress(Progress(fraction=0.5, text="half"))
        found = reproduction(name, 3.0 if name in self.off else 2.0)
        return Result(data=found.to_json() | {"torch": "2", "threads": 1}, files={})

    async def aclose(self) -> None:
        """Do nothing."""


def reproduction(name: str, value: float) -> Reproduction:
    return Reproduction(
        name=name,
        paper=Paper(authors="Somebody", year=1999, title="On twos", link="https://example.org"),
        findings=(
            Finding(
                what="two", place="eq. 2", says="it is two", paper=2.0, values=(value,),
                bounds=within(2.0, 0.1), why="10 %: why not", differs="it is three" if value > 2 else "",
            ),
        ),
        runs=("mlp 3x8",),
        seconds=1.0,
    )  # fmt: skip


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Given:
    engine = Given()

    def local(**_options: Any) -> Given:
        return engine

    monkeypatch.setattr("bot.cli.session.LocalEngine", local)
    return engine


def test_without_a_name_every_paper_is_measured_in_a_job_of_its_own(engine: Given) -> None:
    done = CliRunner().invoke(cli, ["papers"])
    assert done.exit_code == 0, done.output
    assert [job.request["name"] for job in engine.jobs] == list(NAMES)
    assert {job.task for job in engine.jobs} == {"papers"}
    assert {job.request["theme"] for job in engine.jobs} == {None}
    assert f"{len(NAMES)} of {len(NAMES)} numbers agree, measured in {len(NAMES)} s." in done.output
    assert "≠" not in done.output


def test_a_number_that_does_not_agree_fails_the_command(engine: Given) -> None:
    engine.off = ["saxe"]
    done = CliRunner().invoke(cli, ["papers", "saxe", "he"])
    assert done.exit_code == 1
    assert "✓ two" in done.output
    assert "✗ two" in done.output
    assert "≠ it is three" in done.output
    assert "1 of 2 numbers agree" in done.output
    as_json = json.loads(CliRunner().invoke(cli, ["papers", "saxe", "--json"]).stdout)
    assert as_json["agrees"] is False


def test_the_help_names_every_paper() -> None:
    text = CliRunner().invoke(papers.command, ["--help"]).output
    assert all(f" {name}" in text for name in NAMES)
    assert "papers " in CliRunner().invoke(cli, ["--help"]).output


def test_the_command_loads_no_torch() -> None:
    program = "import bot.cli.papers, sys; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.strip() == "False False", done.stderr
