"""Everything that can be wrong with one answer, in the context of one library, and the card it makes."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from answers.checking import FRESH_ROUNDS, Margin, runnable
from answers.draft import Draft
from answers.entry import Entry
from answers.problem import Problem
from bot.jobs.asker import Asker
from bot.jobs.status import OnStatus, ignore
from bot.laboratory import Laboratory
from bot.reply import AnswerReply
from bot.teaching.library import Library
from bot.teaching.looking import Look, draft_text, look, nearness
from bot.teaching.measuring import Measuring
from bot.teaching.replay import card


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review found, so far or in the end."""

    entry: Entry | None
    """The answer, as far as it can be read."""
    problems: tuple[Problem, ...]
    """By line."""
    margins: tuple[Margin, ...] = ()
    """How narrowly each claim held."""
    reply: AnswerReply | None = None
    """What students will see; None until its simulations have run, and where they cannot be."""
    seconds: float = 0.0
    done: bool = False
    """Whether nothing more can be found."""

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What keeps the answer from being published."""
        return tuple(problem for problem in self.problems if not problem.warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What may be meant so."""
        return tuple(problem for problem in self.problems if problem.warning)

    @property
    def passed(self) -> bool:
        """Whether everything was looked at and the answer may be published."""
        return self.done and self.entry is not None and not self.faults


OnFound = Callable[[Review], None]
"""Called in the event loop with what is known so far: at first sight, then with the card."""


def say_nothing(_review: Review) -> None:
    """Wait for the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """For whom a review is made, and how they are told of it."""

    theme: str = "dark"
    """Of the card."""
    asker: Asker = field(default_factory=Asker)
    on_status: OnStatus = ignore
    """Told where the runs stand."""
    on_found: OnFound = say_nothing
    """Told what is known before they have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Reviews answers; `backchat check` and a server's instructors get the same sentences."""

    laboratory: Laboratory
    fresh_rounds: int = FRESH_ROUNDS
    """On how many sets of fresh seeds the claims are tried, besides the answer's own."""

    async def review(self, text: str, slug: str, library: Library, client: Client | None = None) -> Review:
        """Review the text of one answer; cancelling the awaiting task ends its runs.

        Args:
            text: the whole file.
            slug: the id it is to have.
            library: that it is to be part of.
            client: for whom.

        Raises:
            JobError: nothing can be run at present.
        """
        start = time.monotonic()
        seen = await asyncio.to_thread(self._look, text, slug, library)
        return await self.finish(seen, library, client, start=start)

    def look(self, text: str, slug: str, library: Library) -> Review:
        """Return what can be seen at first sight, within milliseconds."""
        start = time.monotonic()
        seen = self._look(text, slug, library)
        return Review(entry=seen.entry, problems=seen.problems, seconds=time.monotonic() - start)

    def look_at(self, drafts: Sequence[Draft], library: Library) -> list[Look]:
        """Look at several answers that come into a library together."""
        return look(drafts, library.catalog, self.laboratory.allowance)

    async def finish(
        self,
        seen: Look,
        library: Library,
        client: Client | None = None,
        *,
        near: Sequence[Problem] | None = None,
        start: float | None = None,
    ) -> Review:
        """Run what was looked at; `near` are the warnings of `nearness`, where they are known already.

        Raises:
            JobError: nothing can be run at present.
        """
        start = time.monotonic() if start is None else start
        client = client or Client()
        found = Review(entry=seen.entry, problems=seen.problems)

        def now(review: Review, problems: Sequence[Problem], *, done: bool = False) -> Review:
            known = [*review.problems, *(one for one in problems if one not in review.problems)]
            ordered = tuple(sorted(known, key=lambda problem: problem.line))
            return replace(review, problems=ordered, seconds=time.monotonic() - start, done=done)

        found = now(found, ())
        if seen.entry is None:
            return replace(found, done=True)
        client.on_found(found)
        nearing = asyncio.create_task(_near(seen.entry, library, near))
        try:
            entry = runnable(seen.entry, self.laboratory.allowance)
            if entry.simulations:
                measuring = Measuring(
                    entry, self.laboratory, client.theme, client.asker, client.on_status, self.fresh_rounds
                )
                try:
                    shipped = await measuring.shipped()
                    found = now(found, shipped.problems)
                    if shipped.results:
                        reply = await card(entry, shipped.results, client.theme, library, self.laboratory)
                        found = replace(found, reply=reply)
                        client.on_found(now(found, ()))
                        tested = await measuring.tested()
                        found = now(replace(found, margins=tested.margins), tested.problems)
                finally:
                    await measuring.aclose()
            return now(found, await nearing, done=True)
        finally:
            nearing.cancel()

    def _look(self, text: str, slug: str, library: Library) -> Look:
        [seen] = self.look_at([draft_text(text, slug, f"{slug}.md")], library)
        return seen


async def _near(entry: Entry, library: Library, known: Sequence[Problem] | None) -> Sequence[Problem]:
    return await asyncio.to_thread(nearness, [entry], library) if known is None else known
