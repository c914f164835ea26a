"""How many requests one person, one place and everybody together may have under way."""

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from bot.jobs.asker import Asker
from bot.jobs.errors import JobError


class TooManyRequests(JobError):
    """A request that would be one too many."""

    @classmethod
    def of_person(cls, most: int) -> Self:
        """Say how many one person may have under way."""
        return cls(
            f"You have {most} requests under way, and that is as many as one person may have; "
            "wait for one of them, or cancel one."
        )

    @classmethod
    def of_place(cls, most: int) -> Self:
        """Say how many one server may have under way."""
        return cls(
            f"This server has {most} requests under way, and that is as many as one may have; "
            "ask again in a minute."
        )

    @classmethod
    def in_all(cls) -> Self:
        """Say that everybody waits."""
        return cls("More people are asking than I can answer at once; ask again in a few minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """The limits; what the cache answers counts towards none of them."""

    per_person: int = 5
    per_place: int = 500
    in_all: int = 2_000


class Admissions:
    """Who has which requests under way."""

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas
        self._jobs = Counter[Asker]()
        self._by_person = defaultdict[Hashable, set[Asker]](set)
        self._by_place = defaultdict[Hashable, set[Asker]](set)

    def admit(self, asker: Asker) -> None:
        """Count one more job of a request.

        Raises:
            TooManyRequests: If it is the first of a request that is one too many.
        """
        if asker not in self._jobs and not asker.warming:
            if asker.person is not None and self._count(self._by_person, asker.person) >= (
                most := self._quotas.per_person
            ):
                raise TooManyRequests.of_person(most)
            if asker.place is not None and self._count(self._by_place, asker.place) >= (
                most := self._quotas.per_place
            ):
                raise TooManyRequests.of_place(most)
            if asker.person is not None and len(self._jobs) >= self._quotas.in_all:
                raise TooManyRequests.in_all()
        self._jobs[asker] += 1
        if asker.person is not None:
            self._by_person[asker.person].add(asker)
        if asker.place is not None:
            self._by_place[asker.place].add(asker)

    def release(self, asker: Asker) -> None:
        """Count one job less."""
        self._jobs[asker] -= 1
        if self._jobs[asker]:
            return
        del self._jobs[asker]
        for counted, whose in ((self._by_person, asker.person), (self._by_place, asker.place)):
            if whose is not None:
                counted[whose].discard(asker)
                if not counted[whose]:
                    del counted[whose]

    @staticmethod
    def _count(counted: dict[Hashable, set[Asker]], whose: Hashable) -> int:
        return len(counted.get(whose, ()))
