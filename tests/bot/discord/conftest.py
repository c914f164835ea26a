"""What several files here begin with."""

from collections.abc import AsyncIterator

import pytest
from discord_double import DiscordDouble, Judge


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        yield made
