"""What the tests of libraries share: answers to publish, who publishes them, and what is reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from answer_samples import changed

from answers.problem import Problem
from bot.libraries import Library
from bot.storage.answers import Text
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.phrasings import Wording

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
BY = Signed(author=Author(id="1", name="Ada"), at=NOW)


def written(id_: str, title: str, *phrasings: str) -> str:
    """The text of an answer that leads to nothing but its own questions."""
    text = changed(("id: sample", f"id: {id_}"), ("A sample answer for tests", title))
    before, after = text.split("  - how warm is the kettle\n")
    lines = "".join(f"  - {phrasing}\n" for phrasing in phrasings)
    return f"{before}{lines}{after[after.index('short:') :]}"


KETTLE = written(
    "kettle", "How hot is the kettle?", "is the kettle hot", "temperature of the kettle", "is the water hot"
)
COFFEE = written(
    "coffee",
    "Who makes the coffee?",
    "who makes coffee",
    "is there any coffee",
    "where is coffee",
)


@dataclass(frozen=True, slots=True)
class Teacher:
    """Publishes answers of a server."""

    storage: Storage

    async def publish(self, guild: str, slug: str, body: str) -> None:
        text = Text(title=slug, body=body)
        await self.storage.answers.publish(guild, slug, text, base=await self._head(guild, slug), by=BY)

    async def disable(self, guild: str, slug: str) -> None:
        await self.storage.answers.disable(guild, slug, base=await self._head(guild, slug), by=BY)

    async def enable(self, guild: str, slug: str) -> None:
        await self.storage.answers.enable(guild, slug, base=await self._head(guild, slug), by=BY)

    async def teach(self, guild: str, text: str, slug: str | None, *, negative: bool = False) -> None:
        await self.storage.phrasings.add(guild, Wording(slug=slug, negative=negative, text=text), by=BY)

    async def _head(self, guild: str, slug: str) -> int:
        head = await self.storage.answers.head(guild, slug)
        return head.n if head else 0


class Reports(list[tuple[str | None, Problem]]):
    """What was reported, in order."""

    def __call__(self, guild: str | None, problems: Sequence[Problem]) -> None:
        self.extend((guild, problem) for problem in problems)

    @property
    def codes(self) -> list[str]:
        return [problem.code for _, problem in self]


Ask = Callable[[Library, str], str | None]
