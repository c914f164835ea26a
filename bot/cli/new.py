"""`backchat new`: write the first version of an answer."""

import getpass
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from answers.catalog import load
from answers.matching.text import literal
from answers.schema import WORD
from answers.skeleton import skeleton
from bot import config
from bot.errors import BadRequest

_LONGEST = 40
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")


@click.command("new")
@click.argument("id_", metavar="ID")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="Where the file goes.",
)
def command(id_: str, folder: Path) -> None:
    """Write ID.md, a complete answer to change step by step.

    For example:  backchat new why_relu
    """
    if not re.fullmatch(WORD, id_) or "\n" in id_:
        nearest = _NOT_IN_AN_ID.sub("_", id_.lower()).strip("_0123456789")[:_LONGEST]
        way_out = f"try {nearest}" if nearest else "try why_relu"
        wanted = "An id has up to 40 lower-case letters, digits and underscores, a letter first"
        msg = f"{wanted}; got {id_!r}; {way_out}."
        raise BadRequest(msg)
    path = folder / f"{id_}.md"
    catalog = load([folder for folder in config.load().answers if folder.is_dir()])
    taken = {
        literal(text) for entry in catalog if entry.id != id_ for text in (entry.title, *entry.phrasings)
    }
    text = skeleton(id_, _author(), datetime.now(UTC).date(), taken)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        msg = f"{path} exists already and is left as it is; choose another id, or edit it."
        raise BadRequest(msg) from None
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}; choose another folder with --folder."
        raise BadRequest(msg) from None
    click.echo(f"Wrote {path}. Edit it, and check it while you write:  backchat check {path}")
    if id_ in catalog.entries:
        click.echo(
            f"In a folder of BACKCHAT_ANSWERS it replaces the answer {id_}; another id would keep both."
        )


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "Your name"
