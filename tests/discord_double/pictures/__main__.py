"""Draw the bot's cards: `PYTHONPATH=tests python -m discord_double.pictures OUT [NAME …]`.

It starts the real bot on a server with a past, has it say what `scenes` lists, and writes OUT/NAME-dark.png
and OUT/NAME-light.png; `--html` keeps the pages too, `--texts` prints the alternative texts of the pictures
in a card.  Without Chromium it says so and ends.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from discord_double import DiscordDouble
from discord_double.bot_process import BotProcess

from . import chromium
from .course import furnish
from .page import THEMES
from .scenes import Scene, scenes


def main() -> None:
    """Take all the pictures, or those that are named."""
    parser = argparse.ArgumentParser(prog="discord_double.pictures")
    parser.add_argument("out", type=Path, help="the folder for the pictures")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--html", action="store_true", help="keep the pages as well")
    parser.add_argument("--texts", action="store_true", help="print what somebody hears who does not see")
    said = parser.parse_args()
    program = chromium.find()
    if program is None:
        _say(f"No picture was drawn: that takes one of {', '.join(chromium.NAMES)}, and none is installed.")
        return
    said.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_draw(program, said))


async def _draw(program: str, said: argparse.Namespace) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        await furnish(folder)
        # The picture of somebody who waits takes a run that nobody waits for to its end.
        async with DiscordDouble() as double, BotProcess.for_long_runs(folder, double, jobs=2):
            async for scene in scenes(double):
                if not said.names or scene.name in said.names:
                    await asyncio.to_thread(_take, program, scene, said)


def _take(program: str, scene: Scene, said: argparse.Namespace) -> None:
    for theme in THEMES:
        page = scene.page(theme)
        path = said.out / f"{scene.name}-{theme}.png"
        path.write_bytes(chromium.photograph(program, page))
        if said.html:
            path.with_suffix(".html").write_text(page, encoding="utf-8")
        _say(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    if said.texts:
        for alternative in scene.alternatives:
            _say(f"  {alternative}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
