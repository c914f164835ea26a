"""Backups of either database, and how one takes the present database's place."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from bot.storage import engines, postgres_tools, sqlite_files
from bot.storage.errors import BackupFailed, BadBackup, DataInUse
from bot.storage.failures import sentences
from bot.storage.location import Location
from bot.storage.migrating import require_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did."""

    aside: Path | None
    """Where the database is that was there before; None if there was none."""


async def backup(location: Location, target: Path) -> None:
    """Write a backup to a new file, also while a bot writes to the database.

    Raises:
        BackupFailed: there is no database, the file exists already, or PostgreSQL's program failed.
    """
    if location.file is None:
        await asyncio.to_thread(postgres_tools.dump, location, target)
        return
    if not await asyncio.to_thread(location.file.exists):
        raise BackupFailed(f"There is no database {location.file} yet; nothing to back up.")
    found = await asyncio.to_thread(sqlite_files.inspect, location.file)
    if found.fault is not None:
        raise BackupFailed(f"The database {location.file} is damaged ({found.fault}); no backup was written.")
    await asyncio.to_thread(sqlite_files.copy, location.file, target)


async def restore(location: Location, source: Path, now: datetime, data: Path) -> Restored:
    """Put a backup in the database's place and keep what was there; hold the lock of the data meanwhile.

    Args:
        location: of the database.
        source: the backup.
        now: for the name of what is kept.
        data: the data folder, where the present content of a PostgreSQL database is kept.

    Raises:
        BadBackup: the file is none, or damaged; nothing was changed.
        NewerDatabase: a newer version has written the backup; nothing was changed.
        DataInUse: a bot is connected to the database.
    """
    if not await asyncio.to_thread(source.is_file):
        raise BadBackup(f"restore takes a file that exists; got {source}; name another.")
    if location.file is not None:
        await asyncio.to_thread(_require_ours, source)
        return Restored(aside=await asyncio.to_thread(sqlite_files.replace, location.file, source, now))
    require_known(await asyncio.to_thread(postgres_tools.revision_of, source), source)
    await _require_alone(location)
    aside = sqlite_files.dated(data / f"{location.url.database}.dump", "replaced", now)
    await asyncio.to_thread(postgres_tools.dump, location, aside)
    await asyncio.to_thread(postgres_tools.restore, location, source)
    return Restored(aside=aside)


def _require_ours(source: Path) -> None:
    found = sqlite_files.inspect(source)
    if found.fault is not None:
        raise BadBackup(f"{source} is no whole backup ({found.fault}); name another; nothing was changed.")
    if found.revision is None:
        raise BadBackup(f"{source} is no backup of backchat's; name another; nothing was changed.")
    require_known(found.revision, source)


async def _require_alone(location: Location) -> None:
    engine = engines.connect_to_migrate(location)
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = :name AND pid <> pg_backend_pid()"
    )
    try:
        with sentences(location):
            async with engine.connect() as connection:
                count = (await connection.execute(others, {"name": engines.APPLICATION})).scalar_one()
    finally:
        await engine.dispose()
    if count:
        raise DataInUse(f"A bot is connected to {location}; stop it first.")
