"""Some milliseconds of computing for each question, in one thread beside the event loop.

One, because the interpreter runs one thread at a time anyway: of several the event loop would have to wait
for each before it could acknowledge the next question.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

SWITCH_SECONDS = 0.001
"""How long a bot's event loop may have to wait for the interpreter, instead of Python's 5 ms."""

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")

_THREAD = ThreadPoolExecutor(1, thread_name_prefix="thinking")


async def think(function: Callable[[*_Arguments], _Result], *arguments: *_Arguments) -> _Result:
    """Call a function when it is its turn, and let the event loop go on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, function, *arguments)
