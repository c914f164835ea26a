"""`backchat check`: validate answers and run their claims."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from answers.catalog import Catalog, read_file
from answers.checking import (
    Margin,
    can_run,
    check_entry,
    check_measured,
    check_phrasings,
    check_rounds,
    rounds,
)
from answers.entry import Entry, Simulation
from answers.errors import EntryRejected
from answers.problem import Problem
from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import end_progress, open_service, show_progress
from bot.errors import BadRequest
from bot.jobs.errors import JobError
from bot.jobs.job import Progress
from bot.jobs.local import PRELOAD, PRELOAD_MANY
from bot.service import Service
from sim.measurements import Measurements


@dataclass(slots=True, kw_only=True)
class _Found:
    """What a check of several answers found."""

    ids: list[str] = field(default_factory=list[str])
    problems: list[Problem] = field(default_factory=list[Problem])
    margins: dict[str, list[Margin]] = field(default_factory=dict[str, list[Margin]])


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Validate the answers in PATHS (files or folders; default: the whole library) and run every claim.

    Every claim is run as shipped and on eight sets of fresh seeds.
    """
    found = asyncio.run(_check(paths))
    click.echo(json.dumps(_to_json(found), ensure_ascii=False) if as_json else _to_text(found))
    if found.problems:
        context.exit(FAILED)


def _to_json(found: _Found) -> dict[str, Any]:
    return {
        "checked": found.ids,
        "problems": [
            {"code": p.code, "path": p.path, "line": p.line, "message": p.message} for p in found.problems
        ],
        "claims": {id_: [asdict(margin) for margin in margins] for id_, margins in found.margins.items()},
    }


def _to_text(found: _Found) -> str:
    lines = [str(problem) for problem in found.problems]
    if len(found.margins) == 1:
        [margins] = found.margins.values()
        lines += [_describe(margin) for margin in margins]
    counted = f"{_count(len(found.ids), 'answer')} checked, {_count(len(found.problems), 'problem')} found"
    closest = min(
        (
            (margin.least, id_, margin.claim)
            for id_, margins in found.margins.items()
            for margin in margins
            if margin.least is not None
        ),
        default=None,
    )
    if closest is not None and len(found.margins) > 1:
        least, id_, claim = closest
        counted += f"; the narrowest claim is {claim} of {id_}, by {least:.0%}"
    return "\n".join([*lines, f"{counted}."])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _describe(margin: Margin) -> str:
    held = margin.held == margin.rounds and margin.least is not None
    room = f", by at least {margin.least:.0%}" if held else ""
    return f"claim {margin.claim} held in {margin.held} of {margin.rounds} runs{room}"


async def _check(paths: Sequence[Path]) -> _Found:
    named, problems = _read(paths)
    settings = config.load()
    async with open_service(settings, _preload(named) if paths else PRELOAD) as service:
        entries = named if paths else list(service.catalog)
        problems += [] if paths else service.catalog.problems
        catalog = Catalog(entries={**service.catalog.entries, **{entry.id: entry for entry in entries}})
        checked = {entry.path for entry in entries}
        problems += [problem for problem in check_phrasings(catalog) if not paths or problem.path in checked]
        found = _Found(ids=[entry.id for entry in entries], problems=problems)
        done = 0

        async def one(entry: Entry) -> None:
            nonlocal done
            own = check_entry(entry, catalog, service.allowance)
            if can_run(own):
                measured, margins = await _measure(service, entry)
                own += measured
                found.margins[entry.id] = margins
            problems.extend(sorted(own, key=lambda problem: problem.line))
            done += 1
            show_progress(Progress(fraction=done / len(entries), text=entry.id))

        for entry in entries:
            await one(entry)
        end_progress()
    return found


def _preload(entries: Sequence[Entry]) -> Sequence[str]:
    """Prepare what these entries need: differentiation imports a second's worth in every job."""
    experiments = {simulation.experiment for entry in entries for simulation in entry.simulations}
    return PRELOAD if "differentiation" in experiments else PRELOAD_MANY


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


async def _measure(service: Service, entry: Entry) -> tuple[list[Problem], list[Margin]]:
    """Run the entry as shipped, where its cards are drawn too, and on sets of fresh seeds."""
    try:
        measured = await _run(service, rounds(entry))
    except JobError as error:
        return [Problem(code="run", message=str(error), path=entry.path)], []
    problems, margins = check_rounds(entry, measured)
    return [*check_measured(entry, measured[0]), *problems], margins


async def _run(service: Service, wanted: Sequence[Sequence[Simulation]]) -> list[list[Measurements]]:
    """Run every round at once: the engine has as many slots as there are cores."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                [group.create_task(service.measure(one, draw=not number)) for one in round_]
                for number, round_ in enumerate(wanted)
            ]
    except* JobError as errors:
        raise errors.exceptions[0] from None
    return [[task.result() for task in round_] for round_ in tasks]
