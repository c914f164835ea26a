"""Trying out what an instructor wants to teach, before it is taught."""

import asyncio

from answers.matching import Lessons
from answers.matching.harm import Harm, find_harm
from bot.libraries.library import Library


async def would_harm(library: Library, proposed: Lessons) -> Harm | None:
    """Say why some wordings must not be taught to a server: they would let unrelated messages through."""
    return await asyncio.to_thread(find_harm, library.matcher, library.catalog, proposed, library.caution)
