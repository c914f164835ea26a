"""Work that takes a while: its card is brought up to date at most once a second, and a button ends it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord
from discord import ui

from bot.discord.cards import NOBODY, boxed
from bot.discord.limits import CARD_TEXT, cut
from bot.discord.teaching.at import At
from bot.discord.teaching.buttons import Target, button, row
from bot.discord.teaching.cards import text_card
from bot.discord.telling import tell
from bot.discord.waiting import described
from bot.errors import BackchatError
from bot.jobs.asker import Asker
from bot.jobs.status import Status
from bot.teaching.review import Client, Review

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

_CANCELLED = "Cancelled; nothing is running any more."
_ENDING = "I am restarting, so this was not run to its end; begin it again in a minute."

_TOO_LONG = "This took longer than Discord lets me answer; what was run is remembered: begin again to go on."

_LOOK_SECONDS = 0.1
_FIRST_SECONDS = 0.3
"""What is done sooner needs no card that says to wait."""
_EDIT_SECONDS = 1.1
"""Between two changes of one card."""
_MOST_SECONDS = 13.5 * 60
"""Discord lets a card be changed for fifteen minutes."""


class _News:
    """What is known so far."""

    def __init__(self) -> None:
        self.found: Review | None = None
        self.standing = "Looking at it…"

    def stands(self, status: Status) -> None:
        self.standing = described(status)

    def finds(self, review: Review) -> None:
        self.found = review


class Stopped(BackchatError):
    """Somebody pressed Cancel; nothing runs any more."""


async def watched(
    at: At,
    begin: Callable[[Client], Coroutine[Any, Any, _T]],
    draw: Callable[[Review | None], str],
    *,
    theme: str = "dark",
) -> _T:
    """Do something that takes a while, and show where it stands in the place that was acknowledged.

    Args:
        at: who waits, and where.
        begin: what is done for a client.
        draw: what is known of it so far, above how far it is.
        theme: of the plots.

    Raises:
        Stopped: whoever waits cancelled it.
    """
    news = _News()
    client = Client(
        theme=theme,
        asker=Asker(person=at.interaction.user.id, place=at.interaction.guild_id),
        on_status=news.stands,
        on_found=news.finds,
    )
    work = asyncio.create_task(begin(client))
    at.keeping.add_running(at.interaction, work)
    loop = asyncio.get_running_loop()
    shown, due = "", loop.time() + _FIRST_SECONDS
    drawn: tuple[Review | None, str] | None = None
    deadline, late = loop.time() + _MOST_SECONDS, False
    try:
        while True:
            await asyncio.wait({work}, timeout=_LOOK_SECONDS)
            if work.done():
                break
            if loop.time() > deadline and not late:
                late = work.cancel()
                continue
            if drawn is None or drawn[0] is not news.found:  # of a long answer it takes a while
                drawn = (news.found, draw(news.found))
            text = f"{drawn[1]}\n\n{news.standing}"
            if text != shown and loop.time() >= due:
                shown = text
                await _show(at, text)
                due = loop.time() + _EDIT_SECONDS
        if work.cancelled():
            if late:
                raise Stopped(_TOO_LONG)
            raise Stopped(_ENDING if at.client.requests.closing else _CANCELLED)
        return work.result()
    finally:
        at.keeping.drop_running(at.interaction)
        if not work.done():
            work.cancel()
            await asyncio.wait([work])


async def stop(at: At, target: Target) -> None:
    """End what a card says is running."""
    running = at.keeping.running.get(int(target.id(0)))
    if running is None and at.keeping.ended.get((target.id(0),)):
        await at.interaction.response.defer()  # its result is on its way to this very card
    elif running is None:
        await at.go_on()
        text = "This is not running any more; perhaps the bot was restarted. Drafts are kept: `/answer list`."
        await at.finish(text_card(text))
    elif running.user != at.interaction.user.id:
        await tell(at.interaction, "Only who began this can cancel it.")
    else:
        await at.interaction.response.defer()  # what came of it is said in the card itself
        running.task.cancel()


async def _show(at: At, text: str) -> None:
    view = boxed([ui.TextDisplay(cut(text, CARD_TEXT)), row(button("Cancel", "stop", at.interaction.id))])
    try:
        await at.interaction.edit_original_response(view=view, allowed_mentions=NOBODY)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.info("progress could not be shown: %r", error)  # the work goes on all the same
