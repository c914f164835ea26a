"""From what is kept to groups: the same rows give the same groups, in whatever order they arrived."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from answers.matching import Matcher
from bot.inbox.group import Group, GroupId, People
from bot.inbox.grouping import THRESHOLDS, group
from bot.inbox.readings import Readings
from bot.storage.inbox import Asked, Reason
from bot.storage.text import folded

MOST = 4_000
"""Texts that are grouped; of more, those that were asked most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text, whatever it is in the inbox for."""

    text: str
    rows: list[Asked] = field(default_factory=list[Asked])

    @property
    def asked(self) -> int:
        """How often it was asked; a choice among offered answers is no second question."""
        return sum(len(row.ids) for row in self.rows if not _is_choice(row)) or 1


def collect(
    asked: Sequence[Asked], matcher: Matcher, readings: Readings, horizon: int | None = None
) -> tuple[Group, ...]:
    """Group what is open, the most asked first.

    Args:
        asked: what the storage has.
        matcher: of the server's library; its encoder compares the texts.
        readings: the vectors that are known already.
        horizon: the newest question to look at; None is the newest there is.
    """
    newest = max((id_ for one in asked for id_ in one.ids), default=0)
    horizon = newest if horizon is None else horizon
    wordings = _wordings(asked, horizon)
    if not wordings:
        return ()
    texts = [wording.text for wording in wordings]
    vectors = readings.vectors(matcher.tools.reader, texts)
    places = group(texts, [wording.asked for wording in wordings], vectors, THRESHOLDS[matcher.method])
    groups = [_group([wordings[place] for place in members], horizon) for members in places]
    return tuple(sorted(groups, key=lambda one: (-one.asked, -one.last.toordinal(), one.question)))


def _wordings(asked: Sequence[Asked], horizon: int) -> list[Wording]:
    """Put together what differs in nothing but case and blanks, up to the horizon."""
    found: dict[str, Wording] = {}
    for one in sorted(asked, key=lambda one: (one.text, one.reason, one.slug or "")):
        ids = tuple(id_ for id_ in one.ids if id_ <= horizon)
        if ids:
            wording = found.setdefault(folded(one.text), Wording(text=one.text))
            wording.rows.append(replace(one, ids=ids))
    return sorted(found.values(), key=lambda wording: (-wording.asked, wording.text))[:MOST]


def _group(wordings: Sequence[Wording], horizon: int) -> Group:
    rows = [row for wording in wordings for row in wording.rows]
    ids = tuple(sorted(id_ for row in rows for id_ in row.ids))
    reasons: Counter[Reason] = Counter()
    wrong: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    for row in rows:
        if _is_choice(row):
            chosen[row.slug or ""] += len(row.ids)
            continue
        reasons[row.reason] += len(row.ids)
        if row.reason is Reason.MISMATCH and row.slug is not None:
            wrong[row.slug] += len(row.ids)
    return Group(
        id=GroupId(anchor=ids[0], horizon=horizon),
        wordings=tuple(wording.text for wording in wordings),
        asked=sum(wording.asked for wording in wordings),
        people=_people(rows),
        last=max(row.last_at for row in rows).date(),
        reasons=dict(reasons),
        wrong=dict(wrong.most_common()),
        chosen=dict(chosen.most_common()),
        ids=ids,
    )


def _is_choice(row: Asked) -> bool:
    """Tell whether a row says which of several offered answers was chosen: unanswered, and yet an answer."""
    return row.reason is Reason.UNANSWERED and row.slug is not None


def _people(rows: Sequence[Asked]) -> People:
    if any(row.people > 1 for row in rows):
        return People.SEVERAL
    return People.ONE if len(rows) == 1 else People.UNKNOWN
