"""The drafts that wait in a server, whoever writes them: for instructors, who see and publish them."""

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.people import Author
from bot.storage.schema import DraftRow


async def waiting(database: Database, guild: str) -> tuple[Draft, ...]:
    """Return all drafts of a server without their texts, by id, the latest first."""
    rows = await database.rows(
        select(
            DraftRow.slug,
            DraftRow.author_id,
            DraftRow.author_name,
            DraftRow.base,
            DraftRow.revision,
            DraftRow.at,
        )
        .where(DraftRow.guild == guild)
        .order_by(DraftRow.slug, DraftRow.at.desc(), DraftRow.author_id)
    )
    return tuple(
        Draft(slug=slug, author=Author(id=id_, name=name), base=base, revision=revision, at=at, body="")
        for slug, id_, name, base, revision, at in rows
    )
