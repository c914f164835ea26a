"""A database of instructors' answers, and who teaches and asks."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from libraries_samples import NOW, Ask, Reports, Teacher
from storage_fixtures import fixtures_of_storage

from answers.matching import Answer
from bot.libraries import Library
from bot.storage.location import at_file
from bot.storage.opening import Storage, open_storage

_FIXTURES = fixtures_of_storage("libraries")
globals().update({name: _FIXTURES[name] for name in ("postgres", "postgres_of_worker", "location")})


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncGenerator[Storage]:
    async with open_storage(at_file(tmp_path / "backchat.sqlite"), now=NOW) as opened:
        yield opened


@pytest.fixture
def teacher(storage: Storage) -> Teacher:
    return Teacher(storage)


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def ask() -> Ask:
    """Return which answer a library gives."""

    def answer(library: Library, text: str) -> str | None:
        found = library.matcher.match(text, caution=library.caution)
        return found.id if isinstance(found, Answer) else None

    return answer
