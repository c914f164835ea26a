"""What every table holds about a person, why, and for how long; a test fails when a column is not listed.

Students are held under `who`, a keyed hash that is of no use without the server's key; the key is replaced
every term.  Instructors are held by id and name, because a history says who wrote what.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.storage import schema
from bot.storage.people import NOBODY
from bot.storage.retention import INBOX_DAYS, LOG_DAYS


class Erasing(Enum):
    """What becomes of a row when its person asks to be forgotten."""

    DELETE = auto()
    """The row goes."""
    BLANK = auto()
    """The row stays without the person: it is needed by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one table holds."""

    table: type[schema.Base]
    what: str
    """In words for the person it is about."""
    why: str
    how_long: str
    person: str | None = None
    """The column that says who it is about: a `who` or an `author_id`; None: nobody."""
    personal: tuple[str, ...] = ()
    """The columns that are shown to the person; with `person` they hold all that is about them."""
    impersonal: tuple[str, ...] = ()
    """The columns that say nothing about anybody."""
    erasing: Erasing = Erasing.DELETE
    blanks: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the columns say after `Erasing.BLANK`."""

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.__tablename__

    @property
    def hashed(self) -> bool:
        """Whether the person is held under a hash."""
        return self.person == "who"


_BLANK = {"author_id": NOBODY.id, "author_name": NOBODY.name}
_AS_LONG = "As long as the server has answers; your name goes when you ask."

REGISTRY: tuple[Held, ...] = (
    Held(
        table=schema.AnswerRow,
        what="Which answers a server has changed.",
        why="To serve them.",
        how_long="As long as the server has answers.",
        impersonal=("guild", "slug", "head", "search"),
    ),
    Held(
        table=schema.VersionRow,
        what="The answers that you published, disabled or restored, with your name, note and the time.",
        why="An answer's history says who changed what, so that it can be discussed and undone.",
        how_long=_AS_LONG,
        person="author_id",
        personal=("author_name", "slug", "n", "change", "title", "note", "at", "body"),
        impersonal=("guild", "live"),
        erasing=Erasing.BLANK,
        blanks=_BLANK,
    ),
    Held(
        table=schema.DraftRow,
        what="The drafts of answers that you have not published.",
        why="So that you can go on writing.",
        how_long="Until you publish them or throw them away.",
        person="author_id",
        personal=("author_name", "slug", "at", "body"),
        impersonal=("guild", "base", "revision"),
    ),
    Held(
        table=schema.PhrasingRow,
        what="The wordings of questions that you added or accepted, with your name.",
        why="To find the right answer; your name, so that others can ask you why.",
        how_long=_AS_LONG,
        person="author_id",
        personal=("author_name", "slug", "negative", "text", "at"),
        impersonal=("id", "guild", "digest", "scope", "decision_id"),
        erasing=Erasing.BLANK,
        blanks=_BLANK,
    ),
    Held(
        table=schema.SettingRow,
        what="The settings of the server that you changed last, with your name.",
        why="So that others can ask you why.",
        how_long=_AS_LONG,
        person="author_id",
        personal=("author_name", "name", "value", "at"),
        impersonal=("guild",),
        erasing=Erasing.BLANK,
        blanks=_BLANK,
    ),
    Held(
        table=schema.QuestionRow,
        what="That a question was asked in some hour, and which answer it got; not by whom, nor its words.",
        why="To count what students ask, and how often there is no answer.",
        how_long=f"For {LOG_DAYS} days.",
        impersonal=("id", "guild", "week", "outcome", "slug", "asked_at"),
    ),
    Held(
        table=schema.FeedbackRow,
        what="Your votes on replies, under a code in place of your name.",
        why="To learn which answers help; the code, so that everybody has one vote.",
        how_long=f"For {LOG_DAYS} days; they can be traced to you until the end of the term at most.",
        person="who",
        personal=("question_id", "slug", "verdict", "at"),
        impersonal=("guild", "week"),
    ),
    Held(
        table=schema.InboxRow,
        what="The words of questions that got no answer or the wrong one, under a code in place of a name.",
        why="So that instructors can write the answer; only where the server agreed to it.",
        how_long=f"For {INBOX_DAYS} days.",
        person="who",
        personal=("text", "reason", "slug", "asked_at"),
        impersonal=("id", "guild", "decision_id", "digest"),
    ),
    Held(
        table=schema.DecisionRow,
        what="What you did with questions of the inbox, with your name.",
        why="So that it can be undone, and others can ask you why.",
        how_long=f"For {INBOX_DAYS} days, or as long as their questions are kept.",
        person="author_id",
        personal=("author_name", "how", "slug", "at"),
        impersonal=("id", "guild"),
        erasing=Erasing.BLANK,
        blanks=_BLANK,
    ),
    Held(
        table=schema.ChangeRow,
        what="A mark that changes when a server changes its answers or settings.",
        why="So that every process of the bot serves what counts now.",
        how_long="As long as the server has answers.",
        impersonal=("guild", "mark"),
    ),
    Held(
        table=schema.KeyRow,
        what="The server's key, with which codes are made of user ids.",
        why="Without it nobody can tell whose a code is.",
        how_long="One term, then a new key takes its place.",
        impersonal=("guild", "term", "made_at", "secret"),
    ),
)
