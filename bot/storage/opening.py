"""The storage as a whole, ready to be used."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.storage.answers import Answers
from bot.storage.changes import Changes
from bot.storage.database import Database
from bot.storage.drafts import Drafts
from bot.storage.feedback import Feedback
from bot.storage.guild_keys import GuildKeys
from bot.storage.inbox import Inbox
from bot.storage.location import Location
from bot.storage.phrasings import Phrasings
from bot.storage.privacy import Privacy
from bot.storage.questions import Questions
from bot.storage.settings import Settings
from bot.storage.stats import Stats
from bot.storage.upgrading import upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """One repository for every noun."""

    database: Database
    answers: Answers
    drafts: Drafts
    phrasings: Phrasings
    settings: Settings
    questions: Questions
    feedback: Feedback
    inbox: Inbox
    stats: Stats
    keys: GuildKeys
    changes: Changes
    privacy: Privacy

    @classmethod
    def on(cls, database: Database) -> "Storage":
        """Return the repositories of a database that is up to date."""
        keys = GuildKeys(database)
        return cls(
            database=database,
            answers=Answers(database),
            drafts=Drafts(database),
            phrasings=Phrasings(database),
            settings=Settings(database),
            questions=Questions(database),
            feedback=Feedback(database, keys),
            inbox=Inbox(database, keys),
            stats=Stats(database),
            keys=keys,
            changes=Changes(database),
            privacy=Privacy(database, keys),
        )


@asynccontextmanager
async def open_storage(location: Location, *, now: datetime) -> AsyncGenerator[Storage]:
    """Check the database, bring it up to date, and close it afterwards.

    Raises:
        StorageError: it cannot be used; the message says what to do.
    """
    await upgrade(location, now)
    database = Database(location)
    try:
        yield Storage.on(database)
    finally:
        await database.close()
