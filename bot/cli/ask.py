"""`backchat ask`: answer a question in the terminal."""

import asyncio
import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Any

import click

from answers.markdown import without_emphasis
from answers.pipeline import HOLDING, INSTEAD
from bot import config
from bot.cli.files import PlotFile, require_target, write_images
from bot.cli.session import end_progress, open_service, show_progress
from bot.reply import AnswerReply, AskReply, OfferReply, PartReply, RemarkReply, Script

_WIDTH = 88


@click.command("ask")
@click.argument("question", nargs=-1, required=True, metavar="QUESTION")
@click.option("--plot", type=PlotFile(path_type=Path), help="Where the plot goes. [default: ANSWER.png]")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the plot.")
@click.option(
    "--after", metavar="QUESTION", help='A question asked before, to follow up as in "and with tanh?".'
)
@click.option("--fresh", is_flag=True, help="Measure again what was measured before.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(  # noqa: PLR0913  one parameter per option
    question: tuple[str, ...],
    plot: Path | None,
    theme: str,
    after: str | None,
    *,
    fresh: bool,
    as_json: bool,
) -> None:
    """Answer QUESTION with measured numbers, and write the plot."""
    if plot:
        require_target(plot)
    reply = asyncio.run(_ask(" ".join(question), after, theme, fresh=fresh))
    written = _write(reply, plot)
    if as_json:
        click.echo(json.dumps(to_json(reply, written), ensure_ascii=False, allow_nan=False))
    else:
        click.echo(to_text(reply, written))
    if isinstance(reply, AnswerReply):
        for problem in reply.problems:
            click.echo(f"backchat: {reply.id}: {problem}", err=True)


async def _ask(question: str, after: str | None, theme: str, *, fresh: bool) -> AskReply:
    async with open_service(config.load(), remember=not fresh) as service:
        previous = None if after is None else service.turn(after)
        try:
            return await service.ask(question, previous=previous, theme=theme, on_status=show_progress)
        finally:
            end_progress()


def _write(reply: AskReply, plot: Path | None) -> list[Path]:
    if not isinstance(reply, AnswerReply):
        return []
    return write_images(reply.images, plot or Path(f"{reply.id}.png"))


def to_json(reply: AskReply, written: list[Path]) -> dict[str, Any]:
    """Return the document of the public interface."""
    candidates = [{"id": c.id, "title": c.title, "score": c.score} for c in reply.candidates]
    document: dict[str, Any] = {
        "decision": "silent", "answer": None, "title": None, "markdown": None, "more": None, "note": None,
        "claims": [],
        "plot": None, "alt": None, "sources": [], "see_also": [], "candidates": candidates, "seconds": 0.0,
    }  # fmt: skip
    if isinstance(reply, AnswerReply):
        document |= {
            "decision": "answer",
            "answer": reply.id,
            "title": reply.title,
            "markdown": reply.markdown,
            "more": reply.more,
            "note": reply.note,
            "claims": [{"text": v.text, "measured": v.measured, "holds": v.holds} for v in reply.verdicts],
            "plot": str(written[0]) if written else None,
            "alt": reply.images[0].alt if reply.images else None,
            "sources": [str(source) for source in reply.sources],
            "see_also": [pointer.id for pointer in reply.see_also],
            "seconds": round(reply.seconds, 3),
        }
    elif isinstance(reply, PartReply):
        document |= {
            "decision": "answer",
            "answer": reply.id,
            "title": reply.title,
            "markdown": "\n\n".join([reply.text, *(_fenced(script) for script in reply.scripts)]),
            "sources": [str(source) for source in reply.sources],
            "seconds": round(reply.seconds, 3),
        }
    elif isinstance(reply, RemarkReply):
        document["note"] = reply.text
    elif isinstance(reply, OfferReply):
        document["decision"] = "offer"
    return document


def to_text(reply: AskReply, written: list[Path]) -> str:
    """Return what a person reads in a terminal."""
    if isinstance(reply, AnswerReply):
        return _answer(reply, written)
    if isinstance(reply, PartReply):
        return _part(reply)
    if isinstance(reply, RemarkReply):
        return _wrap(reply.text)
    if isinstance(reply, OfferReply):
        lines = ["Did you mean one of these? Ask it in these words:"]
        return "\n".join([*lines, *(f'  {_program()} ask "{c.title}"' for c in reply.candidates)])
    lines = ["I have no answer to that. Some questions I can answer:"]
    return "\n".join([*lines, *(f"  {title}" for title in reply.known)])


def _answer(reply: AnswerReply, written: list[Path]) -> str:
    parts = [click.style(reply.title, bold=True), _wrap(reply.short)]
    if reply.closer:
        parts.append(f'More exactly about this: {_program()} ask "{reply.closer.title}"')
    if reply.note:
        parts.append(_wrap(reply.note))
    for title, bullet, verdicts in ((HOLDING, "✓ ", reply.holding), (INSTEAD, "✗ ", reply.failing)):
        if verdicts:
            parts.append("\n".join([title, *(_wrap(verdict.text, bullet) for verdict in verdicts)]))
    parts += [_wrap(paragraph) for paragraph in reply.body.split("\n\n")]
    if reply.misconception:
        parts.append(_wrap(f"A common misconception: {reply.misconception}"))
    if reply.more:
        parts.append(click.style("More", bold=True))
        parts += [_wrap(paragraph) for paragraph in reply.more.split("\n\n")]
    if written:
        parts.append(f"Plot: {', '.join(str(path) for path in written)}\n{_wrap(reply.finding, bullet='  ')}")
    if reply.try_next:
        tries = [f'  {_program()} simulate "{spec}" --plot try.png' for spec in reply.try_next]
        parts.append("\n".join(["Try next:", *tries]))
    if reply.see_also:
        asks = [f'  {_program()} ask "{pointer.title}"' for pointer in reply.see_also]
        parts.append("\n".join(["See also:", *asks]))
    parts.append("\n".join(["Sources:", *(_wrap(str(source), bullet="  ") for source in reply.sources)]))
    return "\n\n".join(parts)


def _part(reply: PartReply) -> str:
    parts = [
        click.style(reply.title, bold=True),
        *(_wrap(paragraph) for paragraph in reply.text.split("\n\n")),
    ]
    parts += [f"# {script.name}\n{script.text.rstrip()}" for script in reply.scripts]
    if reply.sources:
        parts.append("\n".join(_wrap(str(source), bullet="  ") for source in reply.sources))
    return "\n\n".join(parts)


def _fenced(script: Script) -> str:
    return f"```python\n# {script.name}\n{script.text.rstrip()}\n```"


def _program() -> str:
    """Name the command as the person can type it: in an environment that is not active it has a path."""
    return "backchat" if shutil.which("backchat") else sys.argv[0]


def _wrap(text: str, bullet: str = "") -> str:
    if text.startswith(("```", "~~~", "|")):
        return text
    # Items, quotes and headings have lines of their own.
    if "\n" in text:
        return "\n".join(_wrap(line, bullet) for line in text.split("\n"))
    return textwrap.fill(
        without_emphasis(text),
        width=_WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
