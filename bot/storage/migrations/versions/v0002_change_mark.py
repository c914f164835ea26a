"""A mark for every server, by which processes that share a database notice each other's changes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; a server without a row has changed nothing since."""
    op.create_table(
        "change_mark",
        sa.Column("guild", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild", name="pk_change_mark"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("change_mark")
