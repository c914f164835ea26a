"""Where a bot that is about to be started keeps what it keeps."""

from dataclasses import dataclass
from pathlib import Path

from bot.storage.location import Location


@dataclass(frozen=True)
class Place:
    """A folder and a database, with nothing in them."""

    folder: Path
    database: Location

    @property
    def environment(self) -> dict[str, str]:
        """What tells the bot so."""
        if self.database.file is not None:
            return {}
        return {"BACKCHAT_DATABASE_URL": self.database.url.render_as_string(hide_password=False)}
