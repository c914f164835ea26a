"""After a restart: what was under way is answered, or its asker is told."""

import asyncio
import logging
from collections.abc import Sequence

from bot.discord.cards import text_card
from bot.discord.courier import Courier
from bot.discord.delivery import Undelivered, deliver, delivery_of
from bot.discord.playing.in_place import in_place
from bot.discord.requests import Requests
from bot.pending import Pending

_log = logging.getLogger(__name__)

_SORRY = "I was restarted while I worked on this, so there is no answer; please ask again."
_FRESH_SECONDS = 14 * 60
"""Discord lets us answer a command for 15 minutes."""
_AT_ONCE = 64
_ATTEMPTS = 1
"""A question may be what killed the bot: so often it is run again, and no more."""


async def recover(
    leftovers: Sequence[Pending], requests: Requests, courier: Courier, at_once: int = _AT_ONCE
) -> None:
    """Run again what is fresh, in the order in which it was asked, and tell the others.

    They take turns with who asks now, as they did before.  So many are read at once: should one of them be
    what killed the bot, only these may count as begun twice.
    """
    again = asyncio.Semaphore(at_once)
    fresh = [one for one in leftovers if one.age < _FRESH_SECONDS and one.attempts <= _ATTEMPTS]
    kept = {one.id for one in fresh}
    late = [one for one in leftovers if one.id not in kept]
    if leftovers:
        _log.info("requests under way at the last end: run again %d, told %d", len(fresh), len(late))
    telling = asyncio.Semaphore(at_once)
    await asyncio.gather(
        *(requests.serve(one, again=again) for one in fresh),
        *(_tell(one, requests, courier, telling) for one in late),
        return_exceptions=True,
    )


async def _tell(pending: Pending, requests: Requests, courier: Courier, turn: asyncio.Semaphore) -> None:
    delivery = in_place(delivery_of(pending, courier), pending, courier)
    try:
        async with turn:
            await deliver(delivery, text_card(_SORRY))
    except Undelivered:
        _log.warning("could not tell somebody of the restart; the next start tries again")
    else:
        requests.drop(pending)
