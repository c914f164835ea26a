"""`backchat check`: validate answers and run their claims."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from answers.catalog import SHIPPED, answer_files
from answers.checking import FRESH_ROUNDS, Margin
from answers.draft import Draft
from answers.matching import Matcher
from answers.problem import Problem
from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import at, end_progress, load_catalog, show_progress
from bot.errors import BadRequest
from bot.jobs.local import PRELOAD, PRELOAD_MANY, LocalEngine
from bot.jobs.service import JobService
from bot.jobs.status import OnStatus, Running, Status
from bot.laboratory import Laboratory
from bot.teaching.library import Shelf
from bot.teaching.looking import draft_file, look, nearness
from bot.teaching.review import Client, Reviewer
from sim.cost import REFERENCE

_SHOWN = 100
"""Characters of a path that are repeated."""
_IMPORT_MUCH = frozenset({"differentiation", "convexity"})
"""Experiments that need a second's worth of imports in every job, unless these are there already."""


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
@click.option(
    "--seeds",
    type=click.IntRange(0, FRESH_ROUNDS),
    default=FRESH_ROUNDS,
    show_default=True,
    help="Sets of fresh seeds on which every claim is tried.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, seeds: int, as_json: bool) -> None:
    """Validate the answers in PATHS (files or folders; default: the whole library) and run every claim.

    Every claim is run as shipped and on sets of fresh seeds, every knob with a smaller and a larger value.
    """
    found = asyncio.run(_check(paths, seeds))
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


async def _check(paths: Sequence[Path], seeds: int) -> _Found:
    settings = config.load()
    files = _files(paths or [SHIPPED, *(folder for folder in settings.answers if folder.is_dir())])
    drafts = [draft_file(file) for file in files]
    found = _Found(ids=[one.entry.id for one in drafts if one.entry and not one.problems])
    async with _open(settings, drafts) as (library, laboratory):
        found.problems += [] if paths else [one for one in library.catalog.problems if one.code == "folder"]
        seen = look(drafts, library.catalog, laboratory.allowance, shipped=SHIPPED)
        # One that replaces a shipped answer is announced as that.
        shipped = {file.stem for file in answer_files(SHIPPED)}
        near = nearness([one.entry for one in drafts if one.entry and one.entry.id not in shipped], library)
        reviewer = Reviewer(laboratory=laboratory, fresh_rounds=seeds)
        for number, (file, one) in enumerate(zip(files, seen, strict=True)):
            review = await reviewer.finish(
                one,
                library,
                Client(on_status=_share(number, len(files), file.stem)),
                near=[problem for problem in near if problem.path == str(file)],
            )
            found.problems += review.problems
            if one.entry is not None and review.margins:
                found.margins[one.entry.id] = list(review.margins)
        end_progress()
    return found


def _share(number: int, of: int, name: str) -> OnStatus:
    """Show where the runs of one file stand as a share of all files."""

    def show(status: Status) -> None:
        if isinstance(status, Running):
            show_progress(at((number + status.fraction) / of, name))

    return show


@contextlib.asynccontextmanager
async def _open(
    settings: config.Settings, drafts: Sequence[Draft]
) -> AsyncGenerator[tuple[Shelf, Laboratory]]:
    """Load the library while the jobs' process imports what they need, which takes seconds.

    The machine is the fixed one: a slow moment of this one is no fault of an answer.
    """
    engine = LocalEngine(slots=settings.jobs, preload=_preload(drafts))
    runs = any(draft.entry.simulations for draft in drafts if draft.entry is not None)
    starting = asyncio.create_task(engine.start()) if runs else None
    try:
        catalog = await asyncio.to_thread(load_catalog, settings)
        matcher = Matcher(catalog)
        if starting is not None:
            await starting
        laboratory = Laboratory(jobs=JobService(engine), limits=settings.limits, machine=REFERENCE)
        yield Shelf(catalog=catalog, matcher=matcher), laboratory
    finally:
        if starting is not None:
            await asyncio.wait([starting])
        await engine.aclose()


def _preload(drafts: Sequence[Draft]) -> Sequence[str]:
    """Prepare what these answers need."""
    entries = [draft.entry for draft in drafts if draft.entry is not None]
    experiments = {one.experiment for entry in entries for one in entry.simulations}
    return PRELOAD if experiments & _IMPORT_MUCH else PRELOAD_MANY


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        shown = f"{path!s:.{_SHOWN}}{'…' * (len(str(path)) > _SHOWN)}"
        if not _exists(path):
            msg = f"check takes files and folders that exist; got {shown}; name another."
            raise BadRequest(msg)
        found = answer_files(path) if path.is_dir() else [path]
        if not found:
            msg = f"check takes folders with answers (.md files); got {shown} with none; name another."
            raise BadRequest(msg)
        files += found
    return files


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long for a file
        return False
