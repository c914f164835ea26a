"""`backchat check`: validate answers and run their claims."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import click

from answers.catalog import Catalog, read_file
from answers.checking import check_entry, check_measured, check_phrasings, with_fresh_seeds
from answers.entry import Entry
from answers.errors import EntryRejected
from answers.pipeline import plan
from answers.problem import Problem
from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import end_progress, open_service, show_progress
from bot.errors import BadRequest
from bot.jobs.errors import JobError
from bot.jobs.job import Progress
from bot.service import Service


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Validate the answers in PATHS (files or folders; default: the whole library) and run every claim."""
    checked, problems = asyncio.run(_check(paths))
    if as_json:
        document = {
            "checked": checked,
            "problems": [
                {"code": p.code, "path": p.path, "line": p.line, "message": p.message} for p in problems
            ],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(checked)} answers checked, {len(problems)} problems found.")
    if problems:
        context.exit(FAILED)


async def _check(paths: Sequence[Path]) -> tuple[list[str], list[Problem]]:
    async with open_service(config.load()) as service:
        entries, problems = _read(paths) if paths else (list(service.catalog), list(service.catalog.problems))
        catalog = Catalog(entries={**service.catalog.entries, **{entry.id: entry for entry in entries}})
        problems += check_phrasings(catalog)
        for number, entry in enumerate(entries):
            show_progress(Progress(fraction=number / len(entries), text=entry.id))
            found = check_entry(entry, catalog, service.allowance)
            problems += found or await _measure(service, entry)
        end_progress()
    return [entry.id for entry in entries], problems


def _read(paths: Sequence[Path]) -> tuple[list[Entry], list[Problem]]:
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            msg = f"check takes files and folders that exist; got {path}; name another."
            raise BadRequest(msg)
        found = sorted(path.glob("*.md")) if path.is_dir() else [path]
        if not found:
            msg = f"check takes folders with answers (.md files); got {path} with none; name another."
            raise BadRequest(msg)
        files += found
    entries: list[Entry] = []
    problems: list[Problem] = []
    for file in files:
        try:
            entries.append(read_file(file))
        except EntryRejected as error:
            problems += error.problems
    return entries, problems


async def _measure(service: Service, entry: Entry) -> list[Problem]:
    """Run the entry twice, as shipped and on fresh seeds; a claim has to hold in both."""
    problems: list[Problem] = []
    for simulations in (plan(entry), [with_fresh_seeds(simulation) for simulation in plan(entry)]):
        try:
            measured = [await service.measure(simulation) for simulation in simulations]
        except JobError as error:
            problems.append(Problem(code="run", message=str(error), path=entry.path))
            continue
        problems += [found for found in check_measured(entry, measured) if found not in problems]
    return problems
