"""What happens to a database before it is used: is it whole, is it ours, is it up to date."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from bot.storage import engines, sqlite_files
from bot.storage.errors import DamagedDatabase, StorageUnavailable
from bot.storage.failures import sentences
from bot.storage.location import Location
from bot.storage.migrating import MIGRATIONS, migrate, newest, require_known, revision

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What became of a database."""

    before: str | None
    """The revision of its tables; None if it had none."""
    after: str
    backup: Path | None = None
    """The copy that was made before."""


async def upgrade(location: Location, now: datetime, scripts: Path = MIGRATIONS) -> Upgraded:
    """Check a database and bring it up to date, with a backup before if it holds anything.

    Raises:
        DamagedDatabase: the file is not whole; it is left as it is.
        NewerDatabase: a newer version has written it; it is left as it is.
        StorageUnavailable: it cannot be reached, or belongs to another program.
    """
    file = location.file
    before: str | None = None
    backup: Path | None = None
    if file is not None:
        await asyncio.to_thread(sqlite_files.create, file)
        before = await asyncio.to_thread(_revision_of, file)
        require_known(before, location, scripts)
        if before == newest(scripts):
            return Upgraded(before=before, after=newest(scripts))
        if before is not None:
            backup = await asyncio.to_thread(sqlite_files.copy_before_migration, file, now)
    engine = engines.connect_to_migrate(location)
    try:
        with sentences(location):
            async with engine.begin() as connection:
                before = await connection.run_sync(_migrate, location, scripts)
    finally:
        await engine.dispose()
    return Upgraded(before=before, after=newest(scripts), backup=backup)


def _revision_of(file: Path) -> str | None:
    """Return the revision of a SQLite file; None if it is empty."""
    found = sqlite_files.inspect(file)
    if found.fault is not None:
        copies = sqlite_files.upgrades_of(file)
        backup = str(copies[0]) if copies else "FILE"
        raise DamagedDatabase(
            f"The database {file} is damaged ({found.fault}) and was left as it is; "
            f"put a backup in its place with: backchat db restore {backup}"
        )
    if found.foreign:
        raise StorageUnavailable(
            f"{file} is a database of another program and was left as it is; "
            "name another file in BACKCHAT_DATABASE_URL."
        )
    return found.revision


def _migrate(connection: Connection, location: Location, scripts: Path) -> str | None:
    """Migrate inside the transaction that is open; return the revision before."""
    before = revision(connection)
    require_known(before, location, scripts)
    if before == newest(scripts):
        return before
    if before is not None and location.file is None:
        _log.warning("upgrading %s without a backup; make them with: backchat db backup FILE", location)
    migrate(connection, scripts=scripts)
    if location.file is not None:
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            msg = f"a migration left rows of {broken[0]} that refer to rows of {broken[2]} that are gone"
            raise RuntimeError(msg)
    return before
