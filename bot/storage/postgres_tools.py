"""Backups of PostgreSQL, by its own programs."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.storage.errors import BackupFailed, BadBackup
from bot.storage.location import Location

_REVISION = re.compile(r"^COPY \S*alembic_version .*\n(\S+)$", re.MULTILINE)
_SSL = {"ssl": "PGSSLMODE", "sslmode": "PGSSLMODE"}


def dump(location: Location, target: Path) -> None:
    """Write a backup of a database that may be in use.

    Raises:
        BackupFailed: there is no pg_dump, or it failed.
    """
    program = _program("pg_dump")
    if target.exists():
        raise BackupFailed(f"{target} exists already and is left as it is; name a new file.")
    partial = target.with_name(f".{target.name}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}; name another file.") from None
    os.close(descriptor)
    try:
        done = _run([program, "--format=custom", "--no-owner", f"--file={partial}"], location)
        if done.returncode:
            raise BackupFailed(f"pg_dump wrote no backup of {location}: {_reason(done)}.")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def revision_of(backup: Path) -> str:
    """Return the revision of the tables in a backup, having read it to its end.

    Raises:
        BadBackup: it is no backup of ours, or damaged.
    """
    program = _program("pg_restore")
    read = _run([program, "--data-only", "--file=-", str(backup)])
    found = _REVISION.search(read.stdout)
    if read.returncode or found is None:
        raise BadBackup(f"{backup} is no whole backup of backchat's from PostgreSQL; nothing was changed.")
    return found[1]


def restore(location: Location, backup: Path) -> None:
    """Put a backup in the place of our tables, all of it or nothing.

    Raises:
        BadBackup: it cannot be restored.
    """
    program = _program("pg_restore")
    name = location.url.database or ""
    words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={name}", str(backup)]
    done = _run([program, *words], location)
    if done.returncode:
        raise BadBackup(f"{backup} cannot be restored, nothing was changed: {_reason(done)}.")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            f"A PostgreSQL database is backed up and restored with {name}, which is not installed here; "
            "install PostgreSQL's client programs, or run it where they are."
        )
    return found


def _run(command: Sequence[str], location: Location | None = None) -> "subprocess.CompletedProcess[str]":
    environment = _environment(location) if location else None
    return subprocess.run(  # noqa: S603  a program that `which` found, with arguments of ours
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )


def _environment(location: Location) -> Mapping[str, str]:
    """Say where the database is; in the environment, since everybody can read a program's arguments."""
    url = location.url
    host = url.host or url.query.get("host")
    words = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    for key, variable in _SSL.items():
        value = url.query.get(key)
        words[variable] = value if isinstance(value, str) else words.get(variable)
    return {**os.environ, **{name: word for name, word in words.items() if word}}


def _reason(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else f"exit code {done.returncode}"
