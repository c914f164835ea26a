"""The first tables.

A migration never imports the schema: it says what the tables were, not what they are.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them."""
    _answers()
    _questions()
    _inbox()
    op.create_table(
        "setting",
        _text("guild"),
        _text("name"),
        *_signed(),
        _text("value"),
        sa.PrimaryKeyConstraint("guild", "name", name="pk_setting"),
    )
    op.create_table(
        "guild_key",
        _text("guild"),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("guild", name="pk_guild_key"),
    )


def downgrade() -> None:
    """Drop them, those first that refer to others."""
    for table in (
        "guild_key",
        "setting",
        "phrasing",
        "inbox_question",
        "inbox_decision",
        "feedback",
        "question",
        "draft",
        "answer_version",
        "answer",
    ):
        op.drop_table(table)


def _answers() -> None:
    op.create_table(
        "answer",
        _text("guild"),
        _text("slug"),
        sa.Column("head", sa.Integer(), nullable=False),
        _text("search"),
        sa.PrimaryKeyConstraint("guild", "slug", name="pk_answer"),
    )
    op.create_table(
        "answer_version",
        _text("guild"),
        _text("slug"),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        _text("change"),
        sa.Column("live", sa.Boolean(), nullable=False),
        _text("title", nullable=True),
        _text("author_id"),
        _text("author_name"),
        _text("note"),
        sa.Column("at", _TIME, nullable=False),
        _text("body", nullable=True),
        sa.PrimaryKeyConstraint("guild", "slug", "n", name="pk_answer_version"),
        sa.ForeignKeyConstraint(
            ["guild", "slug"], ["answer.guild", "answer.slug"], name="fk_answer_version_guild"
        ),
    )
    op.create_table(
        "draft",
        _text("guild"),
        _text("slug"),
        _text("author_id"),
        _text("author_name"),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        _text("body"),
        sa.PrimaryKeyConstraint("guild", "slug", "author_id", name="pk_draft"),
    )


def _questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", _ID, nullable=False),
        _text("guild"),
        sa.Column("week", sa.Date(), nullable=False),
        _text("outcome"),
        _text("slug", nullable=True),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sqlite_autoincrement=True,
    )
    _index("question", "guild", "week", "outcome", "slug")
    _index("question", "guild", "slug", "outcome", "week")
    _index("question", "asked_at")
    op.create_table(
        "feedback",
        sa.Column("question_id", _ID, nullable=False),
        _text("who"),
        _text("guild"),
        sa.Column("week", sa.Date(), nullable=False),
        _text("verdict"),
        _text("slug", nullable=True),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("question_id", "who", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name="fk_feedback_question_id", ondelete="CASCADE"
        ),
    )
    _index("feedback", "guild", "who")
    _index("feedback", "guild", "week", "verdict", "slug")


def _inbox() -> None:
    op.create_table(
        "inbox_decision",
        sa.Column("id", _ID, nullable=False),
        _text("guild"),
        _text("how"),
        _text("slug", nullable=True),
        *_signed(),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_decision"),
        sqlite_autoincrement=True,
    )
    _index("inbox_decision", "guild", "at")
    op.create_table(
        "inbox_question",
        sa.Column("id", _ID, nullable=False),
        _text("guild"),
        sa.Column("decision_id", _ID, nullable=True),
        _text("digest"),
        _text("reason"),
        _text("slug", nullable=True),
        _text("who"),
        sa.Column("asked_at", _TIME, nullable=False),
        _text("text"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_question"),
        _decision("inbox_question"),
        sqlite_autoincrement=True,
    )
    _index("inbox_question", "guild", "decision_id")
    _index("inbox_question", "asked_at")
    _index("inbox_question", "decision_id")
    op.create_table(
        "phrasing",
        sa.Column("id", _ID, nullable=False),
        _text("guild"),
        _text("slug", nullable=True),
        sa.Column("negative", sa.Boolean(), nullable=False),
        _text("digest"),
        _text("scope"),
        sa.Column("decision_id", _ID, nullable=True),
        *_signed(),
        _text("text"),
        sa.PrimaryKeyConstraint("id", name="pk_phrasing"),
        sa.UniqueConstraint("guild", "digest", "scope", name="uq_phrasing_guild_digest_scope"),
        _decision("phrasing"),
        sqlite_autoincrement=True,
    )
    _index("phrasing", "decision_id")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _signed() -> tuple[sa.Column[str], sa.Column[str], sa.Column[datetime]]:
    return _text("author_id"), _text("author_name"), sa.Column("at", _TIME, nullable=False)


def _decision(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_decision_id"
    return sa.ForeignKeyConstraint(["decision_id"], ["inbox_decision.id"], name=name, ondelete="SET NULL")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
