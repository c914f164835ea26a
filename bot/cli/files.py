"""Writing what a command produced."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from bot.errors import BadRequest
from bot.reply import Image


class PlotFile(click.Path):
    """The place of a plot on the command line, which cannot be empty."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; an empty one would be the current folder."""
        if not str(value):
            msg = "--plot needs the name of a file; got an empty one; for example --plot plot.png."
            raise BadRequest(msg)
        return super().convert(value, param, ctx)


def require_target(target: Path) -> None:
    """Check before a run that its plot can be written; raise BadRequest if not."""
    if target.suffix.lower() not in {"", ".png"}:
        msg = f"A plot is a PNG file; got {target.name}; name it {target.stem}.png."
        raise BadRequest(msg)
    if not target.parent.is_dir() or target.is_dir():
        msg = f"A plot goes to a file in an existing folder; got {target}; name another."
        raise BadRequest(msg)


def write_images(images: Sequence[Image], target: Path) -> list[Path]:
    """Write the images: the first to `target`, further ones beside it with a number.

    Raises:
        BadRequest: the place cannot be written to.
    """
    written: list[Path] = []
    for number, image in enumerate(images, start=1):
        path = target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
        try:
            path.write_bytes(image.png)
        except OSError as error:
            msg = f"A plot goes to a file in an existing folder; got {path} ({error.strerror}); name another."
            raise BadRequest(msg) from None
        written.append(path)
    return written
