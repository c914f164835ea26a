"""What goes wrong is logged without what was to be written: that may be the words of a student, or a key."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.storage.errors import Unstorable
from bot.storage.location import Location
from bot.storage.opening import Storage


async def test_a_mistake_of_ours_does_not_repeat_what_was_to_be_written(storage: Storage) -> None:
    async def write() -> None:
        async with storage.database.writing("a") as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "my own words"})

    with pytest.raises(DBAPIError) as caught:
        await write()
    assert "nowhere" in str(caught.value)
    assert "my own words" not in str(caught.value)


async def test_what_no_database_takes_is_a_sentence_also_where_it_is_only_looked_for(
    storage: Storage, location: Location
) -> None:
    words = ["a\ud800"] if location.file is not None else ["a\ud800", "a\0"]
    for one in words:
        with pytest.raises(Unstorable, match="holds a character or a number that no database takes"):
            await storage.answers.head("a", one)
    with pytest.raises(Unstorable, match="or a number that no database takes"):
        await storage.answers.version("a", "relu", 2**70)
