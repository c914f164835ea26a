"""What several files here begin with."""

import asyncio
from collections.abc import AsyncIterator, Generator

import pytest
from discord_double import DiscordDouble, Judge
from discord_place import Place
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from storage_fixtures import fixtures_of_storage

from bot.storage.location import Location, at_file
from bot.storage.schema import Base

globals().update(fixtures_of_storage("discord"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    """Return a place without anything in it."""
    folder = tmp_path_factory.mktemp("bot")
    (folder / "data").mkdir()
    if request.param == "sqlite":
        yield Place(folder, at_file(folder / "data" / "backchat.sqlite"))
        return
    database: Location = request.getfixturevalue("postgres_of_worker")
    yield Place(folder, database)
    asyncio.run(_empty(database))


async def _empty(database: Location) -> None:
    engine = create_async_engine(database.url)
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    await engine.dispose()


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        yield made
