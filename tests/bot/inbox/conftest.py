"""A post office on a real database, over the real libraries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from storage_fixtures import fixtures_of_storage

from bot.inbox.post import Post
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.libraries import Libraries
from bot.storage.guild_settings import GuildSettings
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.teaching.desk import Desk
from bot.teaching.office import Office
from bot.teaching.review import Reviewer
from bot.teaching.roles import Person, Role

globals().update(fixtures_of_storage("inbox"))

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that is put forward by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def person(name: str, role: Role) -> Person:
    return Person(author=Author(id=f"id-{name}", name=name), role=role)


@pytest.fixture
def ada() -> Person:
    return person("Ada", Role.INSTRUCTOR)


@pytest.fixture
def ben() -> Person:
    return person("Ben", Role.INSTRUCTOR)


@pytest.fixture
def tim() -> Person:
    return person("Tim", Role.ASSISTANT)


@pytest.fixture
def eve() -> Person:
    return person("Eve", Role.STUDENT)


@pytest.fixture
async def keeping(storage: Storage, ada: Person) -> Storage:
    """A storage in which the server "g" has agreed to keep the words of questions."""
    by = Signed(author=ada.author, at=NOW)
    await storage.settings.change("g", {"keep_questions": True}, seen=GuildSettings(), by=by)
    return storage


OpenPost = Callable[..., Post]


class NoEngine(Engine):
    """An engine that nothing is run on."""

    capacity = 1
    build = "none"

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        raise AssertionError(job, on_progress)

    async def aclose(self) -> None:
        """Do nothing."""


@pytest.fixture
def open_post(storage: Storage, clock: Clock) -> OpenPost:
    """Return what begins the program anew on the same database."""

    def opened(patience: float = 10) -> Post:
        libraries = Libraries(storage=storage)
        laboratory = Laboratory(jobs=JobService(NoEngine()), limits=Limits())
        desk = Desk(Office(storage, libraries, Reviewer(laboratory=laboratory), clock=clock))
        return Post(storage, libraries, desk.drafting, clock=clock, patience=patience)

    return opened


@pytest.fixture
def post(open_post: OpenPost) -> Post:
    return open_post()
