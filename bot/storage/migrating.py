"""From any older database, or none, to the tables of this version.

Alembic finds and runs the files in `migrations/versions`; there is no alembic.ini and no env.py, since this
file says in twenty lines what they would.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.storage.errors import NewerDatabase
from bot.storage.revisions import revisions
from bot.storage.schema import Base

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6261636B63686174
"""Of PostgreSQL, so that of several bots that start together one migrates; the word is "backchat"."""


def newest(scripts: Path = MIGRATIONS) -> str:
    """Return the revision that this version needs."""
    return revisions(scripts)[-1]


def revision(connection: Connection) -> str | None:
    """Return the revision of a database; None if it has no tables of ours."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  see `revisions`

    return MigrationContext.configure(connection).get_current_revision()


def require_known(found: str | None, place: object, scripts: Path = MIGRATIONS) -> None:
    """Check that a revision is not newer than this version.

    Raises:
        NewerDatabase: it is.
    """
    if found is not None and found not in revisions(scripts):
        raise NewerDatabase(
            f"A newer version of backchat has written {place} (its tables are of {found}, this version knows "
            f"{newest(scripts)}); install that one, or restore an older backup with: backchat db restore FILE"
        )


def migrate(connection: Connection, target: str = "head", scripts: Path = MIGRATIONS) -> None:
    """Bring a database to a revision, inside the transaction that is open: all of it or nothing.

    Args:
        connection: to the database.
        target: a revision, newer or older; `head` is the newest, `base` is no tables at all.
        scripts: the migrations.
    """
    from alembic.config import Config  # noqa: PLC0415  see `revisions`
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    directory = ScriptDirectory(scripts)
    newest_first = [script.revision for script in directory.walk_revisions()]
    order = [*newest_first, "base"]
    target = newest_first[0] if target == "head" else target

    def steps(found: Any, _context: Any) -> Any:
        if order.index(target) > order.index(found[0] if found else "base"):
            return directory._downgrade_revs(target, found)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return directory._upgrade_revs(target, found)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    with EnvironmentContext(Config(), directory, fn=steps) as environment:
        environment.configure(
            connection=connection, target_metadata=Base.metadata, transactional_ddl=True, render_as_batch=True
        )
        environment.run_migrations()
