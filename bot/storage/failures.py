"""From what the databases raise to one sentence with what to do."""

import asyncio
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.storage.errors import (
    DamagedDatabase,
    DiskFull,
    StorageBusy,
    StorageError,
    StorageUnavailable,
    Unstorable,
)
from bot.storage.schema import Base

_ODD = "What was given holds a character or a number that no database takes; correct it."
_OF_ASYNCPG = "invalid input for query argument"
_GONE = re.compile(r'no such table: (\w+)|relation "(\w+)" does not exist')
_POSTGRES: tuple[tuple[str, type[StorageError], str], ...] = (
    # The SQLSTATE begins with this: https://www.postgresql.org/docs/15/errcodes-appendix.html
    ("22021", Unstorable, _ODD),
    ("53100", DiskFull, "The disk of {place} is full, nothing was saved; make room and try again."),
    ("53", StorageUnavailable, "The server of {place} cannot serve more ({detail}); try again in a minute."),
    ("25006", StorageUnavailable, "{Place} can only be read at present, nothing was saved; try again later."),
    ("42501", StorageUnavailable, "{Place} refuses its user something ({detail}); give the user the right."),
    ("55000", StorageUnavailable, "{Place} is not ready ({detail}); try again in a minute."),
    ("55P03", StorageBusy, "{Place} has been busy for too long, nothing was saved; try again."),
    ("40", StorageBusy, "Somebody changed the same in {place}, nothing was saved; try again."),
    ("28", StorageUnavailable, "{Place} refuses the user or the password of BACKCHAT_DATABASE_URL."),
    ("3D000", StorageUnavailable, "{Place} does not exist; create it, or correct BACKCHAT_DATABASE_URL."),
    ("57014", StorageBusy, "{Place} took too long and was stopped, nothing was saved; try again."),
    ("57P", StorageUnavailable, "The server of {place} stopped or closed the connection; try again."),
    ("08", StorageUnavailable, "The connection to {place} was lost; try again."),
    ("58", StorageUnavailable, "The disk of {place} cannot be read or written ({detail})."),
    ("XX002", DamagedDatabase, "{Place} is damaged; restore a backup with: backchat db restore FILE"),
    ("XX001", DamagedDatabase, "{Place} is damaged; restore a backup with: backchat db restore FILE"),
)
_SQLITE: tuple[tuple[str, type[StorageError], str], ...] = (
    ("SQLITE_FULL", DiskFull, "The disk of {place} is full, nothing was saved; make room and try again."),
    ("SQLITE_BUSY", StorageBusy, "{Place} is busy, nothing was saved; try again in a moment."),
    ("SQLITE_LOCKED", StorageBusy, "{Place} is busy, nothing was saved; try again in a moment."),
    ("SQLITE_IOERR", StorageUnavailable, "The disk of {place} cannot be read or written ({detail})."),
    (
        "SQLITE_CANTOPEN",
        StorageUnavailable,
        "{Place} cannot be opened ({detail}); is it there, and writable?",
    ),
    ("SQLITE_READONLY", StorageUnavailable, "{Place} cannot be written; give the bot the right to."),
    ("SQLITE_PERM", StorageUnavailable, "{Place} cannot be opened; give the bot the right to."),
    (
        "SQLITE_CORRUPT",
        DamagedDatabase,
        "{Place} is damaged; restore a backup with: backchat db restore FILE",
    ),
    (
        "SQLITE_NOTADB",
        DamagedDatabase,
        "{Place} is no database; restore a backup with: backchat db restore FILE",
    ),
)


@contextmanager
def sentences(place: object) -> Generator[None]:
    """Turn errors of the databases inside into `StorageError`s."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise translate(error, place) from error
    except (UnicodeEncodeError, OverflowError):  # of SQLite's
        raise Unstorable(_ODD) from None
    except Exception as error:
        # asyncpg lets its own errors through while it connects.
        if not hasattr(error, "sqlstate"):
            raise
        raise translate(error, place) from error


def translate(error: Exception, place: object) -> StorageError:
    """Return the sentence for an error; re-raise what is a mistake in this program."""
    if isinstance(error, PoolTimeout):
        return StorageBusy(f"{_capital(place)} is busy, nothing was saved; try again in a moment.")
    if isinstance(error, IntegrityError):
        return StorageBusy(f"Somebody changed the same in {place}, nothing was saved; try again.")
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        found = _row(_SQLITE, getattr(cause, "sqlite_errorname", ""))
    elif state := getattr(cause, "sqlstate", None):
        found = _row(_POSTGRES, str(state))
    else:
        found = None
    if _OF_ASYNCPG in _detail(cause):
        return Unstorable(_ODD)
    gone = _GONE.search(_detail(cause))
    if found is None and gone and (gone[1] or gone[2]) in Base.metadata.tables:
        sentence = "Tables of {place} are gone; restore a backup with: backchat db restore FILE"
        found = (DamagedDatabase, sentence)
    if found is None and lost(error) and isinstance(error, DBAPIError):
        found = (StorageUnavailable, "The connection to {place} was lost; try again.")
    if found is None and (lost(error) or isinstance(cause, (OSError, asyncio.TimeoutError))):
        found = (StorageUnavailable, "{Place} cannot be reached ({detail}); is its server running?")
    if found is None:
        raise error
    kind, sentence = found
    return kind(sentence.format(place=place, Place=_capital(place), detail=_detail(cause)))


def lost(error: BaseException) -> bool:
    """Say whether the connection is gone, so that another one may do better."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", "") or "")
        return error.connection_invalidated or state.startswith(("08", "57P"))
    return isinstance(error, ConnectionError)


def _row(
    table: tuple[tuple[str, type[StorageError], str], ...], code: str
) -> tuple[type[StorageError], str] | None:
    return next(((kind, sentence) for start, kind, sentence in table if code.startswith(start)), None)


def _detail(cause: BaseException) -> str:
    if isinstance(cause, OSError):
        return cause.strerror or "no answer"
    # The first line, without the name of the class that SQLAlchemy's adapter puts in front.
    first = (str(cause).splitlines() or [""])[0]
    return first.rpartition(">: ")[2].rstrip(".") or "no answer"


def _capital(place: object) -> str:
    text = str(place)
    return text[:1].upper() + text[1:]
