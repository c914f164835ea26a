"""Where discord.py would end the bot or fail: events that it cannot read, and a client that ends young."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    import asyncio

_log = logging.getLogger(__name__)

_NEEDED = "READY"
"""Without this one there is no connection that could go on."""
_TOLD = 3


def survive_odd_events(client: discord.Client) -> None:
    """Go on after an event that has a shape nobody knew, as Discord adds kinds of things all the time."""
    state: Any = client._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] there is no other way
    parsers: dict[str, Callable[[Any], None]] = state.parsers
    failed = Counter[str]()
    for name, parse in list(parsers.items()):
        if name != _NEEDED:
            parsers[name] = _survivor(name, parse, failed)


def _survivor(name: str, parse: Callable[[Any], None], failed: Counter[str]) -> Callable[[Any], None]:
    def read(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # noqa: BLE001  whatever it was: everybody else's events follow
            failed[name] += 1
            if failed[name] <= _TOLD:
                _log.exception("an event %s was left out, as discord.py cannot read it", name)

    return read


def stop_waiting_for_servers(client: discord.Client) -> None:
    """End what waits to say that the bot is ready: of a client that was closed meanwhile it would fail."""
    state: Any = client._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    waiting: asyncio.Task[None] | None = state._ready_task  # noqa: SLF001
    if waiting is not None:
        waiting.cancel()
