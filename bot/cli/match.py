"""`backchat match`: questions in, decisions out, one JSON line each."""

import json
import sys
from typing import Any, cast

import click

from answers.matching import Answer, Match, Matcher, Offer
from bot import config
from bot.cli.exits import BAD_INPUT
from bot.cli.session import load_catalog


@click.command("match")
@click.pass_context
def command(context: click.Context) -> None:
    """Read {"text": …} lines from stdin and write one decision per line, in order."""
    matcher = Matcher(load_catalog(config.load()))
    wrong = 0
    for number, line in enumerate(sys.stdin, start=1):
        fault = ""
        try:
            text = _read(line)
        except ValueError as error:
            text, fault = "", f"line {number}: {error}"
            wrong += 1
            click.echo(f"backchat: {fault}", err=True)
        document = to_json(matcher.match(text))
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
