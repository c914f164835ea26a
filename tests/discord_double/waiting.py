"""Waiting for something to become true, woken by every change and never by a clock."""

# The timeouts are part of the double's interface: every wait of a test says how long it may last.
# ruff: noqa: ASYNC109

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Changes:
    """Wakes everyone who waits whenever the double's state has changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Let every waiter look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, look: Callable[[], T | None], timeout: float, wanted: Callable[[], str]) -> T:
        """Return the first result of `look` that is not None; a TimeoutError says what was `wanted`."""
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    try:
                        await future
                    finally:
                        self._waiting.discard(future)
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s for {wanted()}") from None
        return found
