"""Steps that are not taken by half: what was saved is served, too, whenever somebody presses Cancel."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


async def to_the_end(step: Coroutine[Any, Any, _T]) -> _T:
    """Return what a step returns; who cancels meanwhile is too late, and gets to know what came of it."""
    task = asyncio.create_task(step)
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            if (waiting := asyncio.current_task()) is not None:
                waiting.uncancel()
    return task.result()
