"""`backchat match`: questions in, decisions out, one JSON line each."""

import json
import sys
from typing import Any, cast

import click

from answers.errors import NoWeights
from answers.matching import Answer, Match, Matcher, Mode, Offer
from answers.matching.explaining import explain
from answers.matching.glossary import load_glossary
from answers.matching.methods import MEANING, WORDS
from bot import config
from bot.cli.exits import BAD_INPUT
from bot.cli.session import load_catalog


@click.command("match")
@click.option("--explain", "explained", is_flag=True, help="Add what was read, and why it was decided so.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.ADDRESSED.value,
    show_default=True,
    help="Whether the bot was asked, or people talk to each other in a channel.",
)
@click.option(
    "--method",
    type=click.Choice([MEANING, WORDS]),
    help="How texts are compared: by meaning, or by words; by itself the first if its weights are there.",
)
@click.pass_context
def command(context: click.Context, *, explained: bool, mode: str, method: str | None) -> None:
    """Read {"text": …} lines from stdin and write one decision per line, in order."""
    settings = config.load()
    try:
        glossary = load_glossary(settings.answers)
        matcher = Matcher(load_catalog(settings), method=method, glossary=glossary)
    except NoWeights as error:
        msg = f"{method} was asked for, but {error}; leave --method out to compare by words."
        raise click.UsageError(msg) from None
    wrong = 0
    for number, line in enumerate(sys.stdin, start=1):
        fault = ""
        try:
            text = _read(line.removeprefix("\ufeff"))
        except ValueError as error:
            text, fault = "", f"line {number}: {error}"
            wrong += 1
            click.echo(f"backchat: {fault}", err=True)
        document = to_json(matcher.match(text, mode=Mode(mode)))
        if explained:
            document |= {"why": explain(matcher, text, Mode(mode))}
        click.echo(json.dumps(document | ({"error": fault} if fault else {}), ensure_ascii=False))
    if wrong:
        context.exit(BAD_INPUT)


def to_json(found: Match) -> dict[str, Any]:
    """Return the document of the public interface."""
    decision = "answer" if isinstance(found, Answer) else "offer" if isinstance(found, Offer) else "silent"
    return {
        "decision": decision,
        "answer": found.id if isinstance(found, Answer) else None,
        "confidence": round(found.confidence, 4),
        "candidates": [{"id": c.id, "score": c.score} for c in found.candidates],
    }


def _read(line: str) -> str:
    wanted = 'a JSON object with a "text" was wanted, as in {"text": "why do gradients vanish?"}'
    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError):
        msg = f"{wanted}; got {line.strip()!r:.60}."
        raise ValueError(msg) from None
    text = cast("dict[str, Any]", data).get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        msg = f"{wanted}; got {line.strip()!r:.60}."
        raise ValueError(msg)  # noqa: TRY004  the caller reports both alike
    return text
