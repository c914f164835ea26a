"""A PostgreSQL of its own for a benchmark, where one is installed and this is a checkout with its tests."""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from bot.storage.location import Location

_SERVER = Path(__file__).parents[2] / "tests" / "postgres_server.py"


@contextmanager
def postgres() -> Generator[Location | None]:
    """Start a server that does not wait for its disk, and stop it afterwards; None where there is none."""
    server = _load()
    folder = Path(tempfile.gettempdir()) / f"bc-bench-{os.getpid()}"
    if server is None:
        yield None
        return
    try:
        socket = server.join(folder)
    except server.NoPostgres:
        server.leave(folder)
        yield None
        return
    try:
        where = {"host": str(socket)}
        url = URL.create("postgresql+asyncpg", username="postgres", database="postgres", query=where)
        yield Location(url=url)
    finally:
        server.leave(folder)


def _load() -> Any:
    """Load what the tests start their server with."""
    if not _SERVER.is_file() or importlib.util.find_spec("asyncpg") is None:
        return None
    spec = importlib.util.spec_from_file_location("postgres_server", _SERVER)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
