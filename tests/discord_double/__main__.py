"""The double in a process of its own, moved by lines of JSON: `python -m discord_double [--judge]`.

It prints one line with its addresses, then one line for each line that it reads:

    {"do": "ready", "seconds": 60,              a client has connected
     "identified": 2}                           and so many logins there were at least
    {"do": "play", "acts": [ACT, …]}            people act; it answers when all have
    {"do": "settle", "seconds": 60,             everybody has an answer, and none that shows a control whose
     "unfinished": "backchat:1:cancel:"}        id begins so; {"open": N} counts those who have not
    {"do": "report"}                            what everybody saw and when, and all requests

    ACT = {"do": "slash", "name": "ask", "options": {…}, "at": 0.5, "user": 7}
        | {"do": "autocomplete", "name": "ask", "options": {…}, "focused": "question", "at": 0.5, "user": 7}
        | {"do": "mention", "text": "why?", "at": 0.5, "user": 7, "private": false}
        | {"do": "press", "of": 3, "control": "backchat:1:cancel:", "at": 1.0, "user": 7}

An act's `at` is in seconds from the beginning of its play; `of` counts all acts so far, from 0.  All times in
the report are those of the monotonic clock.  The end of the input ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING

from .judge import Judge
from .play import Play
from .server import DiscordDouble

if TYPE_CHECKING:
    from .payloads import Json


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="discord_double")
    parser.add_argument("--judge", action="store_true", help="judge every request, which takes time")
    asyncio.run(_serve(Judge.load_or_none() if parser.parse_args().judge else None))


async def _serve(judge: Judge | None) -> None:
    async with DiscordDouble(judge=judge) as double:
        _say({"api": double.api, "gateway": double.gateway_url, "token": double.token})
        play = Play(double)
        while line := await asyncio.to_thread(sys.stdin.readline):
            try:
                _say(await _do(play, json.loads(line)))
            except Exception as error:  # noqa: BLE001 - whoever moves it decides what to do
                _say({"error": f"{type(error).__name__}: {error}"})


async def _do(play: Play, order: Json) -> Json:
    match order["do"]:
        case "ready":
            logins, seconds = order.get("identified", 1), order.get("seconds", 60)
            logged_in = lambda: play.double.sessions["IDENTIFY"] >= logins  # noqa: E731 - shorter so
            await play.double.until(logged_in, seconds, "a client to become ready")
            await play.double.ready(timeout=seconds)
        case "play":
            await play.perform(order["acts"])
        case "settle":
            return {"open": await play.settle(order.get("unfinished", "\0"), order.get("seconds", 60))}
        case "report":
            return play.report()
        case unknown:
            raise ValueError(f"ready, play, settle or report is known; got {unknown!r}")
    return {"done": order["do"]}


def _say(what: Json) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
