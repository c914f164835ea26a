"""A lock on the data, so that two bots with one SQLite file do not both run.

The operating system lets go of it when the process ends, however it ends, so a lock file that lies around
means nothing by itself.
"""

import contextlib
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.storage.errors import DataInUse, StorageUnavailable

if TYPE_CHECKING:  # it loads SQLAlchemy, which a lock needs not
    from bot.storage.location import Location

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two bots apart there
    fcntl = None

_NAME = "lock"
_PID_DIGITS = 20


def lock_files(data: Path, location: "Location | None" = None) -> tuple[Path, ...]:
    """Return what a bot locks: its data folder, and its SQLite file where that lies elsewhere.

    Several processes may share a PostgreSQL database, each with a data folder of its own.
    """
    data = data.resolve()
    if location is None or location.file is None or location.file.resolve().parent == data:
        return (data / _NAME,)
    file = location.file.resolve()
    return (data / _NAME, file.with_name(f"{file.name}.lock"))


@contextlib.contextmanager
def hold(files: Sequence[Path]) -> Generator[None]:
    """Hold the locks until the block ends.

    Raises:
        DataInUse: another process holds one of them.
        StorageUnavailable: a lock file cannot be written.
    """
    with contextlib.ExitStack() as stack:
        for file in files:
            stack.enter_context(_hold(file))
        yield


@contextlib.contextmanager
def _hold(file: Path) -> Generator[None]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Not inherited by programs that this process starts, which would hold the lock on.
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageUnavailable(
            f"The data folder needs a file {file}, which cannot be written: {error.strerror}; "
            "give the bot the right to, or set BACKCHAT_DATA."
        ) from None
    try:
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DataInUse(_in_use(file, descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _in_use(file: Path, descriptor: int) -> str:
    pid = os.pread(descriptor, _PID_DIGITS, 0).decode("ascii", "replace")
    process = f" (process {pid})" if pid.isdigit() else ""
    return (
        f"Another bot{process} uses {file.parent}; stop it first, or give this one its own "
        "BACKCHAT_DATA and BACKCHAT_DATABASE_URL."
    )
