"""What the tests run in processes of their own: `python storage_programs.py NAME FILE ARGUMENT`."""

import asyncio
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from bot.storage import backups
from bot.storage.answers import AnswerConflict, Text
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.location import Location, at_file
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.upgrading import upgrade

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def race(storage: Storage, name: str) -> None:
    """Publish on top of 0, 1, 2 ... as soon as each is there, and say which were won."""
    by = Signed(author=Author(id=name, name=name), at=NOW)
    base = 0
    say("ready")
    sys.stdin.readline()
    while base < 40:
        try:
            await storage.answers.publish(
                "a", "relu", Text(title="t", body=f"{name} {base}"), base=base, by=by
            )
            say("won", base + 1)
            base += 1
        except AnswerConflict as conflict:
            say("lost", base + 1, "to", conflict.winner.n)
            base = conflict.winner.n


async def write(storage: Storage, _: str) -> None:
    """Publish for ever, and say what was saved."""
    by = Signed(author=Author(id="1", name="Ada"), at=NOW)
    base = 0
    while True:
        await storage.answers.publish("a", "relu", Text(title="t", body="x" * 30_000), base=base, by=by)
        base += 1
        say("saved", base)


async def fill(storage: Storage, size: str) -> None:
    """Publish until no file may grow any more."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    by = Signed(author=Author(id="1", name="Ada"), at=NOW)
    base = 0
    try:
        while base < 1000:
            await storage.answers.publish("a", "relu", Text(title="t", body="x" * 30_000), base=base, by=by)
            base += 1
            say("saved", base)
    except StorageError as error:
        say(type(error).__name__, error)


async def sweep(storage: Storage, _: str) -> None:
    """Call every method once no file may grow any more, and say what became of it."""
    from storage_fixtures import arguments, dump, every_method, fill  # noqa: PLC0415  not where the others run

    await upgrade(storage.database.location, NOW)
    author = Author(id="100", name="Ada")
    numbers = await fill(storage, "a", author, "1")
    before = await dump(storage, "a")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    for name, method in every_method(storage):
        try:
            await method("a", **arguments(name, method, numbers, author))
            say(name, "fine")
        except StorageError as error:
            say(name, type(error).__name__, error)
    say("unchanged", await dump(storage, "a") == before)


async def backup(storage: Storage, target: str) -> None:
    """Back up to a file that may not grow to the size of the database."""
    location = storage.database.location
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        await backups.backup(location, Path(target))
    except StorageError as error:
        say(type(error).__name__, error)


PROGRAMS = {"race": race, "write": write, "fill": fill, "sweep": sweep, "backup": backup}


async def main(name: str, place: str, argument: str) -> None:
    location = Location(url=make_url(place)) if "://" in place else at_file(Path(place))
    database = Database(location)
    try:
        await PROGRAMS[name](Storage.on(database), argument)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
