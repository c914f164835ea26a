"""The same tests on SQLite and on PostgreSQL."""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import NoPostgres, join, leave
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.engines import APPLICATION
from bot.storage.location import Location, at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author, Signed
from bot.storage.schema import Base

NOW = datetime(2026, 11, 21, 15, 30, 12, 345678, tzinfo=UTC)

SignAs = Callable[..., Signed]


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Generator[str]:
    """Return the folder of the socket of a running server, or skip."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{worker_id}-{os.getpid()}"
    folder = Path(tempfile.gettempdir()) / f"bc-pg-{run[:20]}"
    try:
        yield join(folder)
    except NoPostgres as error:
        pytest.skip(str(error))
    finally:
        leave(folder)


def on_postgres(socket: str, name: str) -> Location:
    url = URL.create("postgresql+asyncpg", username="postgres", database=name, query={"host": socket})
    return Location(url=url)


async def in_postgres(socket: str, *statements: str, name: str = "postgres") -> None:
    """Run statements outside transactions."""
    engine = create_async_engine(on_postgres(socket, name).url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def postgres_of_worker(postgres: str, worker_id: str) -> Location:
    asyncio.run(in_postgres(postgres, f"CREATE DATABASE w_{worker_id}"))
    return on_postgres(postgres, f"w_{worker_id}")


@pytest.fixture
def empty_postgres(postgres: str, worker_id: str) -> Generator[Location]:
    """Return a database without tables."""
    name = f"e_{worker_id}"
    asyncio.run(in_postgres(postgres, f"CREATE DATABASE {name}"))
    yield on_postgres(postgres, name)
    asyncio.run(in_postgres(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Location]:
    """Return a database with nothing in it."""
    if request.param == "sqlite":
        yield at_file(tmp_path / "backchat.sqlite")
        return
    found: Location = request.getfixturevalue("postgres_of_worker")
    yield found
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    socket = str(found.url.query["host"])
    asyncio.run(in_postgres(socket, f"TRUNCATE {tables} RESTART IDENTITY", name=found.url.database or ""))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Return a database without tables."""
    if request.param == "sqlite":
        return at_file(tmp_path / "empty.sqlite")
    found: Location = request.getfixturevalue("empty_postgres")
    return found


@pytest.fixture
async def storage(location: Location) -> AsyncGenerator[Storage]:
    async with open_storage(location, now=NOW) as opened:
        yield opened


@pytest.fixture
def sign() -> SignAs:
    def by(name: str = "Ada", note: str = "", *, minutes: float = 0) -> Signed:
        author = Author(id=f"id-{name}", name=name)
        return Signed(author=author, at=NOW + timedelta(minutes=minutes), note=note)

    return by


@pytest.fixture
def cut_off(location: Location) -> Callable[[], Awaitable[None]]:
    """Return what closes the connections of the storage from the server's side."""
    if location.file is not None:
        pytest.skip("SQLite has no connection to lose")
    socket = str(location.url.query["host"])
    close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
    ours = f"application_name = '{APPLICATION}' AND datname = '{location.url.database}'"

    async def cut() -> None:
        await in_postgres(socket, f"{close} {ours}")

    return cut
