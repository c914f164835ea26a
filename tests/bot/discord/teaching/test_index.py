"""What is offered while an id is typed comes from memory, likeliest first."""

import asyncio
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bot.discord.teaching.index import Index
from bot.storage.errors import StorageUnavailable
from bot.storage.people import Author
from bot.teaching.outcomes import Item, State, Waiting
from bot.teaching.roles import Person, Role

if TYPE_CHECKING:
    from bot.hub import Hub

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ADA = Person(author=Author(id="1", name="Ada"), role=Role.INSTRUCTOR)
TIM = Person(author=Author(id="2", name="Tim"), role=Role.ASSISTANT)


class Books:
    """A hub whose database can be slow or away."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.error: Exception | None = None
        self.reads = 0
        self.desk = SimpleNamespace(reading=self)
        self.libraries = self

    def of(self, _guild: str) -> Any:
        return SimpleNamespace(catalog=[SimpleNamespace(id="relu", title="Why ReLU?")])

    async def list(self, _guild: str, _person: Person) -> tuple[Item, ...]:
        self.reads += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return tuple(self.items)

    @property
    def index(self) -> Index:
        return Index(cast("Hub", cast("Any", self)))


def item(slug: str, title: str, *authors: Person) -> Item:
    drafts = tuple(Waiting(author=one.author, at=NOW, mine=False) for one in authors)
    return Item(slug=slug, title=title, state=State.OWN, n=1, changed=None, drafts=drafts)


async def loaded(books: Books) -> Index:
    index = books.index
    index.renew("g")
    await asyncio.sleep(0.01)
    return index


def values(found: list[Any]) -> list[str]:
    return [one.value for one in found]


async def test_before_anything_was_read_the_library_in_memory_is_offered() -> None:
    books = Books([item("mine", "My own answer")])
    index = books.index
    assert values(index.answers("g", "")) == ["relu"]
    await asyncio.sleep(0.01)
    assert values(index.answers("g", "")) == ["mine"]
    await index.aclose()


async def test_words_of_title_and_id_are_found_and_an_id_that_begins_so_is_first() -> None:
    books = Books([item("deep_relu", "Depth and ReLU"), item("relu", "Why RELU?"), item("cnn", "Filters")])
    index = await loaded(books)
    assert values(index.answers("g", "relu")) == ["relu", "deep_relu"]
    assert values(index.answers("g", "depth relu")) == ["deep_relu"]
    assert values(index.answers("g", "nothing")) == []


async def test_drafts_come_first_and_assistants_see_only_their_own() -> None:
    index = await loaded(Books([item("relu", "Why ReLU?", ADA, TIM)]))
    assert values(index.with_drafts("g", ADA, "")) == ["relu", "relu@2"]
    assert values(index.with_drafts("g", TIM, "")) == ["relu"]


async def test_while_the_database_is_away_what_was_known_is_offered() -> None:
    books = Books([item("relu", "Why ReLU?")])
    index = await loaded(books)
    books.error, books.items = StorageUnavailable("away"), []
    index.renew("g")
    await asyncio.sleep(0.01)
    assert books.reads == 2
    assert values(index.answers("g", "")) == ["relu"]


async def test_a_thousand_answers_are_searched_in_fifty_milliseconds() -> None:
    index = await loaded(Books([item(f"answer_{n}", f"A question of number {n}", TIM) for n in range(1_000)]))
    index.with_drafts("g", ADA, "warm up")
    took = [0.0] * 5
    for number in range(len(took)):
        start = time.perf_counter()
        found = index.with_drafts("g", ADA, "question 99")
        took[number] = time.perf_counter() - start
        assert found
    assert min(took) < 0.05
