"""The cache's SQLite file as one thread sees it: blocking, and mended as soon as it proves damaged.

Several processes may use one file at once.  Reading never waits for a writer; writers wait for each other.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

from bot.jobs import cache_opening
from bot.jobs.cache_entry import DamagedEntryError, StoredEntry
from bot.jobs.cache_opening import PAGE
from bot.jobs.job import Result

T = TypeVar("T")

_log = logging.getLogger(__name__)

_SHARE = 4
"""One entry may take a quarter of the room, so that no single result drives out all others."""

_HEADROOM = 32
"""Where room is needed, a thirty-second of all is made free at once, so that few puts pay for it."""

_VACUUM_PAGES = 1024
"""How much of a file that is too large one put gives back to the disk: some 20 ms."""


class CacheFile:
    """Results by key, at most `limit_bytes` of them; use and close it in one thread only.

    What counts is what the entries take in the file, so their texts and files together are always less.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._path = path
        self._limit = limit_bytes
        self._open: tuple[sqlite3.Connection, cache_opening.Identity] | None = None
        self._uses: dict[str, None] = {}  # what was asked for and is not written down yet, the latest last

    @property
    def uses(self) -> int:
        """How many entries were asked for since that was last written down."""
        return len(self._uses)

    def has_room_for(self, entry: StoredEntry) -> bool:
        """Whether an entry is small enough to be kept."""
        return _size(entry) <= self._limit // _SHARE

    def get(self, key: str) -> Result | None:
        """Return what was stored under a key, None if that is nothing or no longer intact.

        Raises:
            OSError: the disk, a lock or another process prevents it.
            sqlite3.Error: likewise.
        """
        return self._mended(lambda connection: self._get(connection, key))

    def put(self, key: str, entry: StoredEntry) -> None:
        """Store an entry, in place of those that were not asked for the longest where room is short.

        Args:
            key: what it was packed with.
            entry: one there is room for.

        Raises:
            OSError: the disk, a lock or another process prevents it.
            sqlite3.Error: likewise.
        """
        self._mended(lambda connection: self._put(connection, key, entry))

    def write_uses(self) -> None:
        """Write down which entries were asked for since the last put.

        Raises:
            OSError: the disk, a lock or another process prevents it.
            sqlite3.Error: likewise.
        """
        self._mended(self._write_uses_alone)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._open is not None:
            connection, _ = self._open
            self._open = None
            with contextlib.suppress(sqlite3.Error):  # a damaged file may refuse, and is closed all the same
                connection.close()

    def _mended(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the open file; if it proves damaged, do it with a new one."""
        try:
            return work(self._connection())
        except sqlite3.Error as error:
            if self._open is None or not cache_opening.is_damage(error):
                if not cache_opening.is_passing(error):
                    self.close()  # and open it next time, in case it is the descriptor that went bad
                raise
            _, which = self._open
            self.close()
            self._uses.clear()
            cache_opening.set_aside(self._path, which, error)
        return work(self._connection())

    def _connection(self) -> sqlite3.Connection:
        if self._open is not None and cache_opening.identity(self._path) != self._open[1]:
            self.close()  # somebody deleted or replaced the file
        if self._open is None:
            self._open = cache_opening.open_cache(self._path)
        return self._open[0]

    def _get(self, connection: sqlite3.Connection, key: str) -> Result | None:
        rows = connection.execute(
            "SELECT checksum, names, content FROM entry JOIN part ON part.entry = entry.id "
            "WHERE key = ? ORDER BY place",
            (key,),
        ).fetchall()
        if not rows:
            return None
        data, *contents = (row[2] for row in rows)
        entry = StoredEntry(checksum=rows[0][0], names=rows[0][1], data=data, contents=tuple(contents))
        try:
            result = entry.unpack(key)
        except DamagedEntryError:
            _log.info("An entry of the cache %s was damaged, so it was dropped.", self._path)
            self._drop(connection, key)
            return None
        self._uses.pop(key, None)
        self._uses[key] = None
        return result

    def _drop(self, connection: sqlite3.Connection, key: str) -> None:
        try:
            with _writing(connection):
                connection.execute("DELETE FROM entry WHERE key = ?", (key,))
        except sqlite3.Error as error:
            if cache_opening.is_damage(error):
                raise  # else it stays there, and is found damaged again

    def _put(self, connection: sqlite3.Connection, key: str, entry: StoredEntry) -> None:
        with _writing(connection):
            self._write_uses(connection)
            connection.execute("DELETE FROM entry WHERE key = ?", (key,))
            self._make_room(connection, _size(entry))
            number = connection.execute(
                "INSERT INTO entry (bytes, key, checksum, names, used) "
                "SELECT ?, ?, ?, ?, coalesce(max(used), 0) + 1 FROM entry",
                (sum(map(len, entry.parts)), key, entry.checksum, entry.names.decode()),
            ).lastrowid
            # The JSON is bound as text, so that whoever looks inside can read it.
            parts = [entry.data.decode(), *entry.contents]
            connection.executemany(
                "INSERT INTO part (entry, place, content) VALUES (?, ?, ?)",
                [(number, place, part) for place, part in enumerate(parts)],
            )
        self._uses.clear()
        self._give_back(connection)

    def _make_room(self, connection: sqlite3.Connection, need: int) -> None:
        """Delete the entries that were not asked for the longest, if there are too many."""
        if _occupied(connection) + need <= self._limit:
            return
        target = self._limit - self._limit // _HEADROOM
        while (excess := _occupied(connection) + need - target) > 0:
            oldest = _oldest(connection, excess)
            if not oldest:
                return
            connection.executemany("DELETE FROM entry WHERE id = ?", oldest)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        """Shorten the file step by step where the limit was larger once; below it, free pages are reused."""
        excess = _number(connection, "PRAGMA page_count") - self._limit // PAGE
        if excess > 0:
            # A script, because `execute` would stop after the first page.
            connection.executescript(f"PRAGMA incremental_vacuum({min(excess, _VACUUM_PAGES)})")

    def _write_uses_alone(self, connection: sqlite3.Connection) -> None:
        with _writing(connection):
            self._write_uses(connection)
        self._uses.clear()

    def _write_uses(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "UPDATE entry SET used = (SELECT max(used) + 1 FROM entry) WHERE key = ?",
            [(key,) for key in self._uses],
        )


def _size(entry: StoredEntry) -> int:
    """Return how many bytes of the file an entry takes at most."""
    # Every part begins a page of its own, and a page holds a little less than a page; the rest is for the
    # trees that lead there.
    parts = sum(len(part) + len(part) // 256 + 2 * PAGE for part in entry.parts)
    return parts + len(entry.names) + 8 * PAGE


def _occupied(connection: sqlite3.Connection) -> int:
    """Return how many bytes of the file are in use: SQLite keeps count, so no sum of ours can go wrong."""
    pages = _number(connection, "PRAGMA page_count") - _number(connection, "PRAGMA freelist_count")
    return pages * PAGE


def _oldest(connection: sqlite3.Connection, size: int) -> list[tuple[int]]:
    """Return the entries not asked for the longest that together have a size, in bytes."""
    found: list[tuple[int]] = []
    # The cast, because a damaged file may hold anything.
    for number, taken in connection.execute(
        "SELECT id, coalesce(CAST(bytes AS INTEGER), 0) FROM entry ORDER BY used, id"
    ):
        found.append((number,))
        size -= taken
        if size <= 0:
            break
    return found


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Generator[None]:
    """Write all or nothing, alone: who reads first and then writes would collide with other processes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


def _number(connection: sqlite3.Connection, question: str) -> int:
    return connection.execute(question).fetchone()[0]
