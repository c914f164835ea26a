"""How late an event loop is."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

EVERY_SECONDS = 0.005


@asynccontextmanager
async def watched() -> AsyncGenerator[list[float]]:
    """Sleep again and again, and note by how many seconds each sleep was too long."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            due = time.perf_counter() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            late.append(time.perf_counter() - due)

    watcher = asyncio.create_task(watch())
    try:
        yield late
    finally:
        watcher.cancel()
        await asyncio.wait([watcher])
