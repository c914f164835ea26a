"""Photographs of pages, by a Chromium without a window."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from PIL import Image, ImageChops

from .page import WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome")
_TALLEST = 5_000
_SCALES = (2.0, 1.5, 1.25)
"""How many pixels stand for one of CSS: the most with which a picture does not weigh too much."""
_COLOURS = 32
_BYTES = 150_000
"""What a picture may weigh: many of them lie in the repository."""
_SECONDS, _MARGIN = 60, 12
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    f"--window-size={WIDTH},{_TALLEST}",
)


def find() -> str | None:
    """Return the program that takes the pictures, where there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def photograph(program: str, page: str) -> bytes:
    """Return the PNG of a page, as tall as what is on it."""
    return lightest(lambda scale: trimmed(_shot(program, page, scale), scale))


def lightest(shoot: Callable[[float], Image.Image]) -> bytes:
    """Write a PNG, with fewer pixels if it would weigh too much."""
    written = b""
    for scale in _SCALES:
        file = io.BytesIO()
        reduced(shoot(scale)).save(file, "PNG", optimize=True)
        written = file.getvalue()
        if len(written) <= _BYTES:
            break
    return written


def trimmed(image: Image.Image, scale: float) -> Image.Image:
    """Cut off the empty paper at the end; raise ValueError if there is none, as then something is missing."""
    width, height = round(WIDTH * scale), image.height
    paper = Image.new("RGB", image.size, image.getpixel((0, 0)))  # pyright: ignore[reportArgumentType]
    box = ImageChops.difference(image, paper).getbbox()
    if box is None or box[2] > width:
        raise ValueError(
            f"a page has something on it, all of it within the width of a phone; got {box} of {image.size}"
        )
    if box[3] == height:
        raise ValueError(f"a page is at most {_TALLEST} pixels tall; this one is taller")
    return image.crop((0, 0, width, min(height, box[3] + round(_MARGIN * scale))))


def reduced(image: Image.Image) -> Image.Image:
    """Give a picture a palette: its most frequent colours, and the rare ones that are like no other."""
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    frequent = [part for _, colour in counted[:_COLOURS] for part in cast("tuple[int, ...]", colour)]
    rare = image.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE).getpalette("RGB") or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*frequent, *rare[: 3 * _COLOURS]])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def _shot(program: str, page: str, scale: float) -> Image.Image:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8")
        shot = folder / "shot.png"
        options = (
            f"--force-device-scale-factor={scale}",
            f"--user-data-dir={folder / 'profile'}",
            f"--screenshot={shot}",
        )
        done = subprocess.run(
            [program, *_OPTIONS, *options, (folder / "page.html").as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        if not shot.exists():
            raise RuntimeError(f"{program} took no picture: {done.stderr.strip()[-300:]}")
        with Image.open(shot) as image:
            return image.convert("RGB")
