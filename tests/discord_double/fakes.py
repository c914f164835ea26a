"""Stand-ins for what brings cards to Discord, for tests of what comes before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import MagicMock

import discord
from discord import ui

from bot.discord.one_try import Outcome
from bot.discord.pace import Pace, Ranking, detail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.discord.cards import Card
    from bot.discord.courier import Courier


def refusal(status: int, code: int = 0) -> discord.HTTPException:
    """Return what discord.py raises for such an answer."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    return kind(MagicMock(status=status, reason="injected"), {"code": code, "message": "injected"})


def text_of(card: Card) -> str:
    """Return everything a reader sees as text."""
    return "\n".join(item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay))


class FakeCourier:
    """Gives turns at once, and notes with what rank they were asked for."""

    def __init__(self) -> None:
        self.ranks: list[int] = []

    async def turn(self, _lane: Pace | None, rank: Ranking = detail) -> None:
        self.ranks.append(rank())

    def as_courier(self) -> Courier:
        """Return itself under the name of what it stands for."""
        return cast("Courier", self)


class FakeDelivery:
    """Notes what is shown; `failures` come before the answer is taken, and gates hold everything back."""

    lane: Pace | None = None

    def __init__(self, failures: Iterable[Exception] = (), outcomes: Iterable[Outcome] = ()) -> None:
        self.message: int | None = None
        self.shown: list[str] = []
        self.tried: list[str] = []
        self.finished: list[str] = []
        self.arriving, self.delivering = asyncio.Event(), asyncio.Event()
        self.may_arrive, self.may_finish = asyncio.Event(), asyncio.Event()
        self.may_arrive.set()
        self.may_finish.set()
        self.typing = False
        self._failures = iter(failures)
        self._outcomes = iter(outcomes)

    async def type(self) -> None:
        self.typing = True
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.typing = False

    async def show(self, card: Card) -> Outcome:
        self.arriving.set()
        await self.may_arrive.wait()
        outcome = next(self._outcomes, Outcome(status=200))
        if outcome.done:
            self.shown.append(text_of(card))
            self.message = 99
        return outcome

    async def finish(self, card: Card) -> Any:
        self.tried.append(text_of(card))
        self.delivering.set()
        await self.may_finish.wait()
        if (error := next(self._failures, None)) is not None:
            raise error
        self.finished.append(text_of(card))
        return MagicMock(discord.Message, id=99)
