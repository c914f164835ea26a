"""A desk on a real database, over the real libraries, whose simulations really run."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from storage_fixtures import fixtures_of_storage

from bot.jobs.cache import FileCache
from bot.jobs.errors import JobFailed
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.service import JobService
from bot.jobs.tasks import resolve
from bot.laboratory import Laboratory
from bot.libraries import Libraries
from bot.storage.opening import Storage
from bot.storage.people import Author
from bot.teaching.desk import Desk
from bot.teaching.office import Office
from bot.teaching.review import Reviewer
from bot.teaching.roles import Person, Role

globals().update(fixtures_of_storage("teaching"))


class InThisProcess(Engine):
    """An engine that runs the real simulations here: a tenth of a second less for each job."""

    capacity = 1
    build = "this"

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.refusing: set[str] = set()
        """Experiments that fail."""

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        self.jobs.append(job)
        if self.refusing & {one["experiment"] for one in job.request.get("runs", [job.request])}:
            raise JobFailed("ZeroDivisionError", "made up")
        task = resolve(job.task)  # imports torch
        data, files = await asyncio.to_thread(task, job.request, lambda _fraction, _text: None)
        del on_progress
        return Result(data=data, files=files)

    async def aclose(self) -> None:
        """Do nothing."""


def person(name: str = "Ada", role: Role = Role.INSTRUCTOR) -> Person:
    return Person(author=Author(id=f"id-{name}", name=name), role=role)


@pytest.fixture
def ada() -> Person:
    return person()


@pytest.fixture
def ben() -> Person:
    return person("Ben")


@pytest.fixture
def tim() -> Person:
    return person("Tim", Role.ASSISTANT)


@pytest.fixture
def eve() -> Person:
    return person("Eve", Role.STUDENT)


@pytest.fixture
def engine() -> InThisProcess:
    return InThisProcess()


@pytest.fixture
async def laboratory(engine: InThisProcess, tmp_path: Path) -> AsyncGenerator[Laboratory]:
    jobs = JobService(engine, FileCache(tmp_path / "results.sqlite3", 64 * 2**20))
    yield Laboratory(jobs=jobs, limits=Limits())
    await jobs.aclose()


OpenDesk = Callable[[], Desk]


@pytest.fixture
def open_desk(storage: Storage, laboratory: Laboratory) -> OpenDesk:
    """Return what begins the program anew on the same database."""

    def opened() -> Desk:
        return Desk(Office(storage, Libraries(storage=storage), Reviewer(laboratory=laboratory)))

    return opened


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk()
