"""What all deliveries share: the connections, and how often each may be used for what is not an answer."""

import asyncio
from collections import OrderedDict

import discord

from bot.discord.one_try import OneTry, Outcome
from bot.discord.pace import Pace, Paces, Ranking, detail

_TYPING_SECONDS = 8.0
"""Discord shows typing for ten seconds."""
_CHANNELS = 1_000


class Courier:
    """Brings progress to Discord; answers go by discord.py."""

    def __init__(self, client: discord.Client) -> None:
        self.client = client
        self._once = OneTry(client.http)
        self._paces = Paces()
        self._typed: OrderedDict[int, float] = OrderedDict()

    def lane(self, channel: int) -> Pace:
        """Return the pace of a channel."""
        return self._paces.lane(channel)

    async def turn(self, lane: Pace | None, rank: Ranking = detail) -> None:
        """Wait until progress may be shown, in a lane and altogether."""
        if lane is not None:
            await lane.turn(rank)
        await self._paces.all.turn(rank)

    async def show(self, method: str, path: str, card: dict[str, object], *, signed: bool) -> Outcome:
        """Make one request that shows progress."""
        outcome = await self._once.send(method, path, card, signed=signed)
        if outcome.body.get("global"):
            self._paces.all.pause(outcome.retry_after)
        return outcome

    async def type(self, channel: int) -> None:
        """Show in a channel that somebody is being answered, and wait until that fades."""
        now = asyncio.get_running_loop().time()
        if now >= self._typed.get(channel, 0.0) + _TYPING_SECONDS:
            self._typed[channel] = now
            self._typed.move_to_end(channel)
            if len(self._typed) > _CHANNELS:
                self._typed.popitem(last=False)
            await self._once.send("POST", f"/channels/{channel}/typing", signed=True)
        await asyncio.sleep(_TYPING_SECONDS)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._once.aclose()
