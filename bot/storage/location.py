"""Where the database is."""

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.config import Settings
from bot.errors import ConfigurationError

_FILE = "backchat.sqlite"
_WANTED = (
    "BACKCHAT_DATABASE_URL: sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE "
    "was wanted"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A file of SQLite's, or a database of PostgreSQL's."""

    url: URL = field(repr=False)
    file: Path | None = None
    """Where it is SQLite."""

    def __str__(self) -> str:
        """Name it without its password."""
        if self.file is not None:
            return str(self.file)
        where = f" on {self.url.host}" if self.url.host else ""
        return f"the database {self.url.database}{where}"


def locate(settings: Settings) -> Location:
    """Return where the settings say that the database is.

    Raises:
        ConfigurationError: the address cannot be read; it is not repeated, since it may hold a password.
    """
    given = settings.database_url
    if given is None:
        return at_file(settings.data / _FILE)
    try:
        url = make_url(given.get_secret_value())
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"{_WANTED}; got something that is no address; correct it.") from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:" or url.query:
            raise ConfigurationError(f"{_WANTED}; got SQLite without a plain file; name one.")
        return at_file(Path(url.database).expanduser())
    if not url.database:
        raise ConfigurationError(f"{_WANTED}; got no DATABASE; name one.")
    if importlib.util.find_spec("asyncpg") is None:
        msg = 'PostgreSQL needs asyncpg, which is not installed; run pip install "backchat[postgres]".'
        raise ConfigurationError(msg)
    return Location(url=url)


def at_file(file: Path) -> Location:
    """Return the location of a SQLite file."""
    file = file.absolute()
    return Location(url=URL.create("sqlite+aiosqlite", database=str(file)), file=file)
