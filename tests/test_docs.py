"""What the documentation says is what the project does."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from answers.catalog import Catalog, load
from answers.checking import check_entry
from answers.entry import Entry
from answers.reading import read
from answers.schema import EntryForm
from answers.templates.filters import FILTERS
from bot.cli import cli
from bot.config import VARIABLES
from sim.cost import Allowance, require_affordable
from sim.knobs import Choice
from sim.papers import NAMES
from sim.spec import Spec, parse_variants
from sim.support import EXPERIMENTS, natural, require_runnable
from sim.vocabulary import KNOBS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in ("ask", "test"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", README)
        assert block, name
        assert len(block[1].splitlines()) == 1
        assert f'eval "$(readme_command {name})"' in script


def test_every_simulation_in_the_readme_can_be_run() -> None:
    specs = re.findall(r'backchat simulate "([^"]+)"', README)
    assert len(specs) >= 4
    for text in specs:
        require_runnable(natural(parse_variants(text)), parse_variants(text))


def test_the_readme_names_only_commands_that_exist() -> None:
    names = CliRunner().invoke(cli, ["--help"]).output
    for command in re.findall(r"backchat (\w+)", README):
        assert re.search(rf"^  {command}\s", names, re.MULTILINE) or command == "ask", command


def test_the_table_of_words_names_every_knob_that_this_version_runs() -> None:
    page = (ROOT / "docs" / "simulations.md").read_text(encoding="utf-8")
    for knob in KNOBS:
        assert f"`{knob.key}`" in page, knob.key
        for word in knob.words if isinstance(knob, Choice) else ():
            assert re.search(rf"\b{word}\b", page), word
    for experiment in EXPERIMENTS:
        assert f"| `{experiment}` |" in page, experiment
    assert Spec().depth == 20


def test_every_simulation_of_the_page_on_simulations_can_be_run() -> None:
    page = (ROOT / "docs" / "simulations.md").read_text(encoding="utf-8")
    found = re.findall(r'^backchat simulate "([^"]+)"(?: --experiment (\w+))?', page, re.MULTILINE)
    assert len(found) >= 6
    for text, experiment in found:
        specs = parse_variants(text)
        require_runnable(experiment or natural(specs), specs)
        require_affordable(experiment or natural(specs), specs, Allowance())


def test_the_page_on_simulations_has_a_row_for_every_paper_and_names_its_command() -> None:
    page = (ROOT / "docs" / "simulations.md").read_text(encoding="utf-8")
    table = re.search(r"<!-- papers -->\n(.*)<!-- /papers -->", page, re.DOTALL)
    assert table
    rows = [row for row in table[1].splitlines() if re.match(r"\| [A-Z]", row)]
    assert len(rows) == len(NAMES)
    for name, row in zip(NAMES, rows, strict=True):
        assert row.lower().startswith(f"| {name} "), row
    assert "\nbackchat papers " in page


def test_every_setting_is_in_the_example_and_the_other_way_round() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == set(VARIABLES)


def test_the_guide_names_every_key_filter_and_experiment() -> None:
    guide = (ROOT / "docs" / "writing-an-answer.md").read_text(encoding="utf-8")
    for word in (*EntryForm.model_fields, *FILTERS, *EXPERIMENTS):
        assert f"`{word}`" in guide, word
    assert set(EntryForm.model_fields) <= set(Entry.__dataclass_fields__)


def test_the_example_of_the_guide_is_a_valid_entry() -> None:
    guide = (ROOT / "docs" / "writing-an-answer.md").read_text(encoding="utf-8")
    example = re.search(r"```markdown\n(.*?)```", guide, re.DOTALL)
    assert example
    entry = read(example[1])
    catalog = load()
    assert check_entry(entry, Catalog(entries={**catalog.entries, entry.id: entry}), Allowance()) == []
