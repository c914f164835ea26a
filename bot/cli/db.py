"""`backchat db`: the database, its backups and its upgrades."""

import asyncio
import contextlib
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import config
from bot.storage import backups
from bot.storage.location import Location, locate
from bot.storage.lock import hold, lock_files
from bot.storage.upgrading import upgrade

_NAMED = click.Path(path_type=Path)


@click.group("db")
def command() -> None:
    """Upgrade, back up and restore the database that BACKCHAT_DATABASE_URL and BACKCHAT_DATA name."""


@command.command("upgrade")
def upgrade_() -> None:
    """Bring the database up to date, as `backchat run` does when it starts; a backup is made before."""
    with _alone() as (_, location):
        done = asyncio.run(upgrade(location, datetime.now(UTC)))
    if done.before == done.after:
        click.echo(f"{location} is up to date ({done.after}).")
        return
    kept = f"; the backup from before is {done.backup}" if done.backup else ""
    came = f"from {done.before} to {done.after}" if done.before else f"with the tables of {done.after}"
    click.echo(f"Upgraded {location} {came}{kept}.")


@command.command("backup")
@click.argument("file", type=_NAMED)
def backup(file: Path) -> None:
    """Write a whole copy of the database to the new file FILE; the bot may run meanwhile."""
    location = locate(config.load())
    asyncio.run(backups.backup(location, file))
    click.echo(f"Wrote {file}.")


@command.command("restore")
@click.argument("file", type=_NAMED)
def restore(file: Path) -> None:
    """Put the backup FILE in the database's place; the bot must not run, what was there is kept aside."""
    with _alone() as (settings, location):
        now = datetime.now(UTC)
        done = asyncio.run(backups.restore(location, file, now, settings.data))
        asyncio.run(upgrade(location, now))
    kept = f"; what was there before is {done.aside}" if done.aside else ""
    click.echo(f"Restored {file} to {location}{kept}.")


@contextlib.contextmanager
def _alone() -> Generator[tuple[config.Settings, Location]]:
    settings = config.load()
    location = locate(settings)
    with hold(lock_files(settings.data, location)):
        yield settings, location
