"""The tables; what each holds about people, and for how long, stands in `bot.storage.registry`.

Everything is filed under `guild`, a server's id on its platform.  Long texts stand last in a row, so that
lists need not read over them.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, MetaData, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.storage.columns import ID, UtcTime

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
_NEVER_REUSED = {"sqlite_autoincrement": True}
"""Buttons in old messages carry the numbers of rows that may be gone."""


class Base(DeclarativeBase):
    """All tables."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        str: Text(),
        bytes: LargeBinary(),
        datetime: UtcTime(),
        date: Date(),
    }


class AnswerRow(Base):
    """An answer that a server has changed or added: where its history stands."""

    __tablename__ = "answer"

    guild: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[int]
    search: Mapped[str]


class VersionRow(Base):
    """One change of an answer; they are only ever added."""

    __tablename__ = "answer_version"
    __table_args__ = (ForeignKeyConstraint(["guild", "slug"], ["answer.guild", "answer.slug"]),)

    guild: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[str]
    live: Mapped[bool]
    title: Mapped[str | None]
    author_id: Mapped[str]
    author_name: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[str | None]


class DraftRow(Base):
    """What one author is writing, not yet published."""

    __tablename__ = "draft"

    guild: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str] = mapped_column(primary_key=True)
    author_name: Mapped[str]
    base: Mapped[int]
    revision: Mapped[int]
    at: Mapped[datetime]
    body: Mapped[str]


class SettingRow(Base):
    """One setting of a server that is not the default."""

    __tablename__ = "setting"

    guild: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str]
    author_name: Mapped[str]
    at: Mapped[datetime]
    value: Mapped[str]


class QuestionRow(Base):
    """That something was asked, and what became of it: neither by whom nor in which words."""

    __tablename__ = "question"
    # The sums by week and those by answer each read one index in its order, and no rows.
    __table_args__ = (
        Index(None, "guild", "week", "outcome", "slug"),
        Index(None, "guild", "slug", "outcome", "week"),
        Index(None, "asked_at"),
        _NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    guild: Mapped[str]
    week: Mapped[date]
    outcome: Mapped[str]
    slug: Mapped[str | None]
    asked_at: Mapped[datetime]


class FeedbackRow(Base):
    """What somebody thought of a reply; the question's week and answer are repeated, for the sums."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "guild", "who"), Index(None, "guild", "week", "verdict", "slug"))

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    guild: Mapped[str]
    week: Mapped[date]
    verdict: Mapped[str]
    slug: Mapped[str | None]
    at: Mapped[datetime]


class DecisionRow(Base):
    """What an instructor did with questions of the inbox."""

    __tablename__ = "inbox_decision"
    __table_args__ = (Index(None, "guild", "at"), _NEVER_REUSED)

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    guild: Mapped[str]
    how: Mapped[str]
    slug: Mapped[str | None]
    author_id: Mapped[str]
    author_name: Mapped[str]
    at: Mapped[datetime]


class InboxRow(Base):
    """The words of a question that instructors should see, where the server agreed to keep them."""

    __tablename__ = "inbox_question"
    __table_args__ = (
        Index(None, "guild", "decision_id"),
        Index(None, "asked_at"),
        Index(None, "decision_id"),
        _NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    guild: Mapped[str]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_decision.id", ondelete="SET NULL"))
    digest: Mapped[str]
    reason: Mapped[str]
    slug: Mapped[str | None]
    who: Mapped[str]
    asked_at: Mapped[datetime]
    text: Mapped[str]


class PhrasingRow(Base):
    """A wording that a server added to an answer, or one that means no answer, or not this one."""

    __tablename__ = "phrasing"
    __table_args__ = (Unique("guild", "digest", "scope"), Index(None, "decision_id"), _NEVER_REUSED)

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    guild: Mapped[str]
    slug: Mapped[str | None]
    negative: Mapped[bool]
    digest: Mapped[str]
    scope: Mapped[str]
    """The answer that it does not mean; empty if it says which answer is meant, or that none is."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_decision.id", ondelete="SET NULL"))
    author_id: Mapped[str]
    author_name: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[str]


class ChangeRow(Base):
    """A mark that is another one after every change of a server's answers, wordings or settings."""

    __tablename__ = "change_mark"

    guild: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]


class KeyRow(Base):
    """The secret with which a server's students are made unrecognisable."""

    __tablename__ = "guild_key"

    guild: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[int]
    made_at: Mapped[datetime]
    secret: Mapped[bytes]
