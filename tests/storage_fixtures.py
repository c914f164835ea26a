"""The databases of the tests of `bot.storage`, for the tests of other folders."""

import asyncio
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.storage.location import Location

_NAMES = ("postgres", "location", "storage", "cut_off")


def fixtures_of_storage(folder: str) -> dict[str, Any]:
    """Return the fixtures by name, to be put among those of a folder.

    pytest makes the fixtures of every folder anew, also those of a session: each has a database of its own.
    """
    path = Path(__file__).parent / "bot" / "storage" / "conftest.py"
    spec = importlib.util.spec_from_file_location(f"fixtures_of_storage_for_{folder}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    @pytest.fixture(scope="session")
    def postgres_of_worker(postgres: str, worker_id: str) -> Location:
        name = f"w_{worker_id}_{folder}"
        asyncio.run(module.in_postgres(postgres, f"CREATE DATABASE {name}"))
        return module.on_postgres(postgres, name)

    return {name: getattr(module, name) for name in _NAMES} | {"postgres_of_worker": postgres_of_worker}
