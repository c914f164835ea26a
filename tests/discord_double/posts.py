"""What a forum asks of a post's tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .guilds import FORUM, REQUIRES_TAG
from .permissions import MANAGE_THREADS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .payloads import Json

_MOST = 5


def applied(channel: Json, tags: Sequence[int | str], may: int) -> list[str]:
    """Return the ids of a post's tags, or say why the forum does not let someone apply them."""
    if channel["type"] != FORUM:
        raise LookupError(f"{channel['name']} is no forum")
    said = [str(tag) for tag in tags]
    known = {tag["id"]: tag for tag in channel["available_tags"]}
    if unknown := [tag for tag in said if tag not in known]:
        names = {id_: tag["name"] for id_, tag in known.items()}
        raise LookupError(f"{channel['name']} has no tag {unknown[0]}; it has {names}")
    if len(said) > _MOST:
        raise ValueError(f"a post has at most {_MOST} tags, got {len(said)}")
    if not said and channel["flags"] & REQUIRES_TAG:
        raise ValueError(f"{channel['name']} asks for a tag")
    moderated = [known[tag]["name"] for tag in said if known[tag]["moderated"]]
    if moderated and not may & MANAGE_THREADS:
        raise ValueError(f"only who manages threads may apply the tag {moderated[0]}")
    return said
