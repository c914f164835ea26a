"""A process that shares a cache with others: it puts and gets for a while, and counts what it gets wrong."""

import asyncio
import json
import os
import random
import sys
import time
from pathlib import Path

from bot.jobs.cache import FileCache
from bot.jobs.job import Result


def result(number: int) -> Result:
    """Return the one result that belongs to a number, of a size of its own."""
    size = 1 + number * 7919 % 40_000
    data = {"number": number, "text": "ü" * (size // 8)}
    return Result(data=data, files={"a.png": number.to_bytes(4, "big") * (size // 4), "b.png": b""})


def key(number: int) -> str:
    """Return its key."""
    return f"{number:064x}"


async def work(path: Path, limit_bytes: int, seconds: float, seed: int) -> dict[str, int]:
    """Use a cache at random until the time is up."""
    generator = random.Random(seed)  # noqa: S311
    counts = {"found": 0, "wrong": 0, "puts": 0}
    cache = FileCache(path, limit_bytes)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = generator.randrange(400)
        found = await cache.get(key(number))
        if found is None:
            await cache.put(key(number), result(number))
            counts["puts"] += 1
            os.write(2, b".")
        else:
            counts["found"] += 1
            counts["wrong"] += found != result(number)
    await cache.aclose()
    return counts


if __name__ == "__main__":
    outcome = asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
    print(json.dumps(outcome))  # noqa: T201
