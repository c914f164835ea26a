"""`backchat check`: validate answers and run their claims."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from answers.catalog import SHIPPED, Catalog
from answers.checking import (
    Margin,
    check_draft,
    check_ids,
    check_measured,
    check_nearness,
    check_phrasings,
    check_rounds,
    check_trial,
    draft_file,
    rounds,
    runnable,
    trials,
)
from answers.draft import Draft
from answers.entry import Entry
from answers.matching import Matcher
from answers.problem import Problem
from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import end_progress, load_catalog, show_progress
from bot.errors import BadRequest
from bot.jobs.errors import JobError
from bot.jobs.job import Progress
from bot.jobs.local import PRELOAD, PRELOAD_MANY, LocalEngine
from bot.service import Service
from sim.cost import REFERENCE

_T = TypeVar("_T")


@dataclass(slots=True, kw_only=True)
class _Found:
    """What a check of several answers found."""

    ids: list[str] = field(default_factory=list[str])
    problems: list[Problem] = field(default_factory=list[Problem])
    margins: dict[str, list[Margin]] = field(default_factory=dict[str, list[Margin]])

    @property
    def faults(self) -> list[Problem]:
        """The problems that fail the check."""
        return [problem for problem in self.problems if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        """What may be meant so."""
        return [problem for problem in self.problems if problem.warning]


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Validate the answers in PATHS (files or folders; default: the whole library) and run every claim.

    Every claim is run as shipped and on eight sets of fresh seeds, every knob with a smaller and a larger
    value.
    """
    found = asyncio.run(_check(paths))
    click.echo(json.dumps(_to_json(found), ensure_ascii=False) if as_json else _to_text(found))
    if found.faults:
        context.exit(FAILED)


def _to_json(found: _Found) -> dict[str, Any]:
    return {
        "checked": found.ids,
        "problems": [_problem(problem) for problem in found.faults],
        "warnings": [_problem(problem) for problem in found.warnings],
        "claims": {id_: [asdict(margin) for margin in margins] for id_, margins in found.margins.items()},
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "path": problem.path, "line": problem.line, "message": problem.message}


def _to_text(found: _Found) -> str:
    lines = [str(problem) for problem in found.problems]
    if len(found.margins) == 1:
        [margins] = found.margins.values()
        lines += [_describe(margin) for margin in margins]
    counted = f"{_count(len(found.ids), 'answer')} checked, {_count(len(found.faults), 'problem')} found"
    if found.warnings:
        counted += f", {_count(len(found.warnings), 'warning')}"
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
    settings = config.load()
    files = _files(paths or [SHIPPED, *(folder for folder in settings.answers if folder.is_dir())])
    drafts = [draft_file(file) for file in files]
    found = _Found(ids=[one.entry.id for one in drafts if one.entry and not one.problems])
    async with _open(settings, drafts) as service:
        known = service.catalog
        found.problems += [] if paths else [one for one in known.problems if one.code == "folder"]
        catalog = _with(known, drafts)
        # One that replaces a shipped answer is announced as that.
        shipped = {file.stem for file in _files([SHIPPED])}
        added = [entry for entry in _entries(drafts) if entry.id not in shipped]
        matcher = service.matcher.updated(catalog) if added else service.matcher
        together = _together(known, drafts) + check_nearness(added, matcher)
        for number, draft in enumerate(drafts, start=1):
            own = check_draft(draft, catalog, service.allowance)
            if draft.entry is not None:
                own += await _measure(service, runnable(draft.entry, service.allowance), found)
            own += [problem for problem in together if problem.path == str(files[number - 1])]
            found.problems += sorted(own, key=lambda problem: problem.line)
            show_progress(Progress(fraction=number / len(drafts), text=files[number - 1].stem))
        end_progress()
    return found


@contextlib.asynccontextmanager
async def _open(settings: config.Settings, drafts: Sequence[Draft]) -> AsyncGenerator[Service]:
    """Load the library while the jobs' process imports what they need, which takes seconds.

    The machine is the fixed one: a slow moment of this one is no fault of an answer.
    """
    engine = LocalEngine(slots=settings.jobs, preload=_preload(drafts))
    runs = any(entry.simulations for entry in _entries(drafts))
    starting = asyncio.create_task(engine.start()) if runs else None
    try:
        catalog = await asyncio.to_thread(load_catalog, settings)
        matcher = Matcher(catalog)
        if starting is not None:
            await starting
        yield Service(
            catalog=catalog, matcher=matcher, engine=engine, limits=settings.limits, machine=REFERENCE
        )
    finally:
        if starting is not None:
            await asyncio.wait([starting])
        await engine.aclose()


def _entries(drafts: Sequence[Draft]) -> list[Entry]:
    return [draft.entry for draft in drafts if draft.entry is not None]


def _with(catalog: Catalog, drafts: Sequence[Draft]) -> Catalog:
    """Return the library with these answers in it."""
    return Catalog(entries={**catalog.entries, **{entry.id: entry for entry in _entries(drafts) if entry.id}})


def _together(catalog: Catalog, drafts: Sequence[Draft]) -> list[Problem]:
    """Find what keeps these answers from standing beside each other and those of the library."""
    entries = _entries(drafts)
    ids = {entry.id for entry in entries}
    paths = {entry.path for entry in entries}
    others = [entry for entry in catalog if entry.id not in ids]
    found = check_ids([*others, *entries], SHIPPED) + check_phrasings([*others, *entries])
    return [problem for problem in found if problem.path in paths]


def _preload(drafts: Sequence[Draft]) -> Sequence[str]:
    """Prepare what these answers need: differentiation imports a second's worth in every job."""
    experiments = {one.experiment for entry in _entries(drafts) for one in entry.simulations}
    return PRELOAD if "differentiation" in experiments else PRELOAD_MANY


def _files(paths: Sequence[Path]) -> list[Path]:
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
    return files


async def _measure(service: Service, entry: Entry, found: _Found) -> list[Problem]:
    """Run an entry as shipped, where its cards are drawn too, on fresh seeds and with its knobs turned."""
    if not entry.simulations:
        return []
    tried, problems = trials(entry, service.allowance)
    async with asyncio.TaskGroup() as group:
        own = group.create_task(_or_error(service.measure_rounds(rounds(entry))))
        turned = [group.create_task(_or_error(service.measure(one.simulation, draw=False))) for one in tried]
    measured = own.result()
    if isinstance(measured, JobError):
        return [*problems, Problem(code="run", message=str(measured), path=entry.path)]
    failing, found.margins[entry.id] = check_rounds(entry, measured)
    problems += [*check_measured(entry, measured[0]), *failing]
    for trial, task in zip(tried, turned, strict=True):
        result = task.result()
        if isinstance(result, JobError):
            message = f"{trial.simulation.name}, with {trial.words}: {result}"
            line = entry.lines.get(f"knobs {trial.simulation.name}", 1)
            problems.append(Problem(code="run", message=message, line=line, path=entry.path))
        else:
            problems += check_trial(trial, measured[0], result)
    return problems


async def _or_error(run: Coroutine[None, None, _T]) -> _T | JobError:
    """Return what a run found, or how it ended, so that the runs beside it go on."""
    try:
        return await run
    except JobError as error:
        return error
