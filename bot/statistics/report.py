"""What students asked, week by week and answer by answer, as one value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from answers.catalog import Catalog
from bot.inbox.group import Group
from bot.statistics.privacy import FEW, hidden, votes
from bot.storage.inbox import Reason
from bot.storage.opening import Storage
from bot.storage.questions import week
from bot.storage.stats import Tally

WEEKS = 16
"""Unless told otherwise: a term and its exams."""
MOST_WEEKS = 57
"""As long as questions are counted."""
_TOP = 10
_ALL = 100_000
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """What was thought of replies."""

    helpful: int = 0
    unhelpful: int = 0
    mismatch: int = 0
    """They were not what was asked."""

    @property
    def all(self) -> int:
        """How many voted."""
        return self.helpful + self.unhelpful + self.mismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Questions by what became of them; `votes` is None where there are too few to be shown."""

    answered: int = 0
    offered: int = 0
    silent: int = 0
    votes: Votes | None = None

    @property
    def asked(self) -> int:
        """All questions."""
        return self.answered + self.offered + self.silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week."""

    monday: date
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """One answer; it was never silent."""

    id: str
    title: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question that nobody answers."""

    question: str
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is counted of one server; nobody is in it."""

    since: date
    """The first Monday that was looked at."""
    today: date
    weeks: tuple[Week, ...]
    """Every week from the first question to now, also those without any."""
    total: Counts
    answers: tuple[Used, ...]
    """Those that were given or offered most, these first."""
    unanswered: tuple[Unanswered, ...] | None
    """Of what is open in the inbox, what was asked most; None where the server keeps no words."""


async def report(  # noqa: PLR0913  what of whose, as of when
    storage: Storage,
    guild: str,
    catalog: Catalog,
    groups: Sequence[Group],
    *,
    now: datetime,
    weeks: int = WEEKS,
) -> Report:
    """Put together what was counted in the last weeks.

    Args:
        storage: where it was counted.
        guild: the server.
        catalog: its answers, for their titles.
        groups: what is open in its inbox.
        now: the last week is the one of this moment.
        weeks: how many.

    Raises:
        StorageError: the storage did not answer.
    """
    since = week(now) - _WEEK * (min(max(weeks, 1), MOST_WEEKS) - 1)
    settings = await storage.settings.get(guild)
    by_week = await storage.stats.weeks(guild, since=since)
    by_answer = await storage.stats.answers(guild, since=since, limit=_ALL)
    mondays = _mondays(by_week, week(now))
    tallies = [by_week.get(monday, Tally()) for monday in mondays]
    used = _counts(list(by_answer.values()))
    titles = {id_: entry.title for id_, entry in catalog.entries.items()}
    return Report(
        since=since,
        today=now.date(),
        weeks=tuple(
            Week(monday=monday, counts=counts)
            for monday, counts in zip(mondays, _counts(tallies), strict=True)
        ),
        total=_total(tallies),
        answers=tuple(
            Used(id=id_, title=titles.get(id_, id_), counts=counts)
            for id_, counts in list(zip(by_answer, used, strict=True))[:_TOP]
        ),
        unanswered=_unanswered(groups) if settings.keep_questions else None,
    )


def _mondays(known: Iterable[date], last: date) -> list[date]:
    first = min(known, default=None)
    if first is None:
        return []
    return [first + _WEEK * number for number in range((max(last, first) - first) // _WEEK + 1)]


def _counts(tallies: Sequence[Tally]) -> list[Counts]:
    secret = hidden(tallies)
    return [_of(tally, shown=place not in secret) for place, tally in enumerate(tallies)]


def _total(tallies: Sequence[Tally]) -> Counts:
    names = ("answered", "offered", "silent", "helpful", "unhelpful", "mismatch")
    sums = {name: sum(getattr(tally, name) for tally in tallies) for name in names}
    tally = Tally(**sums)
    return _of(tally, shown=votes(tally) >= FEW and tally.asked >= FEW)


def _of(tally: Tally, *, shown: bool) -> Counts:
    found = Votes(helpful=tally.helpful, unhelpful=tally.unhelpful, mismatch=tally.mismatch)
    return Counts(
        answered=tally.answered, offered=tally.offered, silent=tally.silent, votes=found if shown else None
    )


def _unanswered(groups: Sequence[Group]) -> tuple[Unanswered, ...]:
    """Return what got no answer; a wrong one or one that does not help is another matter."""
    found = [(one.reasons.get(Reason.UNANSWERED, 0), one.question) for one in groups]
    return tuple(
        Unanswered(question=question, asked=asked)
        for asked, question in sorted(found, key=lambda one: (-one[0], one[1]))[:_TOP]
        if asked
    )
