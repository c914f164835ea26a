"""`backchat papers`: measure the numbers of published papers again."""

import asyncio
import json
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import end_progress, open_service, show_progress
from bot.errors import BadRequest
from bot.jobs.asker import Asker
from bot.jobs.job import Job, Result
from bot.jobs.status import Running, Status
from sim.knobs import nearest
from sim.papers import NAMES
from sim.papers.finding import Finding, Reproduction

_WIDTH = 100
_NUMBER = 8
_MARKS = {True: "✓", False: "✗"}


@click.command("papers")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--plot", "folder", type=click.Path(path_type=Path), help="A folder for one plot per paper.")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the plots.")
@click.pass_context
def command(
    context: click.Context, names: tuple[str, ...], folder: Path | None, theme: str, *, as_json: bool
) -> None:
    """Measure the numbers of published papers again, of all of them or of those with a NAME.

    A NAME is a first author: glorot he saxe schoenholz yang klambauer pascanu jozefowicz xiong. The exit code
    is 1 if one number is not as close as its tolerance asks.
    """
    wanted = _wanted(names)
    if folder and not folder.is_dir():
        msg = f"Plots go to an existing folder; got {folder}; name another."
        raise BadRequest(msg)
    results = asyncio.run(_reproduce(wanted, theme if folder else None))
    found = [Reproduction.from_json(result.data) for result in results]
    if folder:
        _write([result.files for result in results], folder)
    if as_json:
        click.echo(json.dumps(_document(results), ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n\n".join([*(_table(one) for one in found), _summary(found)]))
    if not all(one.agrees for one in found):
        context.exit(FAILED)


def _wanted(names: Sequence[str]) -> list[str]:
    """Return the names in the order of the papers, each once; all of them if none is given."""
    given = [name.lower() for name in names]
    for name in given:
        if name not in NAMES:
            msg = f"A paper is named by its first author; got {name!r}; {nearest(name, list(NAMES))}"
            raise BadRequest(msg)
    return [name for name in NAMES if not given or name in given]


async def _reproduce(names: Sequence[str], theme: str | None) -> list[Result]:
    async with open_service(config.load()) as service:
        results: list[Result] = []
        try:
            for number, name in enumerate(names):

                def show(status: Status, number: int = number, name: str = name) -> None:
                    if isinstance(status, Running):
                        done = (number + status.fraction) / len(names)
                        show_progress(replace(status, fraction=done, text=f"{name}: {status.text}"))

                request = {"name": name, "theme": theme}
                job = Job(task="papers", request=request, limits=service.laboratory.limits)
                results.append(await service.jobs.run(job, Asker(), show))
        finally:
            end_progress()
        return results


def _write(all_files: Sequence[Any], folder: Path) -> None:
    for files in all_files:
        for name, png in files.items():
            path = folder / name
            try:
                path.write_bytes(png)
            except OSError as error:
                msg = f"Plots go to a folder that can be written to; got {path} ({error.strerror})."
                raise BadRequest(msg) from None


def _document(results: Sequence[Result]) -> dict[str, Any]:
    machine = ("torch", "threads")  # the same for all papers
    papers = [{key: value for key, value in result.data.items() if key not in machine} for result in results]
    return {
        "version": metadata.version("backchat"),
        **{key: results[0].data[key] for key in machine},
        "agrees": all(paper["agrees"] for paper in papers),
        "papers": papers,
    }


def _table(found: Reproduction) -> str:
    paper = found.paper
    lines = [
        click.style(f"{found.name}: {paper.authors} {paper.year}", bold=True),
        paper.title,
        f"{paper.link}  ({found.seconds:.1f} s)",
        "",
        _row(" ", "", ["paper", "theory", "measured"], "10–90 % of the networks"),
    ]
    for finding in found.findings:
        lines += _lines(finding)
    runs = [f'    backchat simulate "{run}"' for run in found.runs]
    return "\n".join([*lines, "  See it by layer:", *runs])


def _lines(finding: Finding) -> list[str]:
    low, high = finding.spread
    numbers = [_number(value) for value in (finding.paper, finding.theory, finding.measured)]
    row = _row(_MARKS[finding.agrees], finding.what, numbers, f"{_number(low)} – {_number(high)}")
    lines = [row, *_wrap(f"{finding.place}: {finding.says}")]
    lines += _wrap(f"tolerance: {finding.why}")
    return lines + (_wrap(f"≠ {finding.differs}") if finding.differs else [])


def _row(mark: str, what: str, numbers: Sequence[str], spread: str) -> str:
    cells = "".join(f"{number:>{_NUMBER + 1}}" for number in numbers)
    return f"{mark} {what:<66}{cells}  {spread}".rstrip()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(
        text, width=_WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )


def _summary(found: Sequence[Reproduction]) -> str:
    findings = [finding for one in found for finding in one.findings]
    agreeing = sum(finding.agrees for finding in findings)
    differing = sum(bool(finding.differs) for finding in findings)
    seconds = sum(one.seconds for one in found)
    text = f"{agreeing} of {len(findings)} numbers agree, measured in {seconds:.0f} s."
    if differing:
        text += f" Marked with ≠, {differing} times: these networks do something else than the paper's words"
        text += " say, or more, as theory predicts here."
    return "\n".join(textwrap.wrap(text, width=_WIDTH))
