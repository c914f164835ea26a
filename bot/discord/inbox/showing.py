"""A page of the inbox as it is now."""

from discord import ui

from bot.discord.here import Here
from bot.discord.inbox.card import Sight, page_card


async def page_of(at: Here, number: int, said: str = "") -> ui.LayoutView:
    """Draw a page for somebody.

    Args:
        at: who, and in which server.
        number: of the page; one beyond the last is the last.
        said: what became of their last press.

    Raises:
        Refused: students do not see it.
        StorageError: the storage did not answer.
    """
    post = at.hub.post
    page = await post.looking.page(at.guild, at.person, number)
    latest = await post.deciding.latest(at.guild, at.person)
    entries = at.hub.service_of(at.guild).catalog.entries
    return page_card(
        Sight(
            page=page,
            role=at.person.role,
            titles={id_: entry.title for id_, entry in entries.items()},
            last=latest[0] if latest else None,
            said=said,
        )
    )
