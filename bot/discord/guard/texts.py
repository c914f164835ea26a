"""Texts that have to fit together: the longest gives way."""

from collections.abc import Sequence

from bot.discord.guard.mended import Json, Notes
from bot.discord.limits import cut


def shorten(item: Json, key: str, limit: int, notes: Notes) -> None:
    """Shorten one text of an object in place; what is no text is let alone."""
    text = item.get(key)
    if not isinstance(text, str):
        return
    kept = cut(_encodable(text), limit)
    if kept != text:
        notes.add(f"{key} was shortened from {len(text):,} to {len(kept):,} characters")
        item[key] = kept


def room(lengths: Sequence[int], limit: int) -> int:
    """Return how long each text may be so that all of them fit: short ones keep all of theirs."""
    left = limit
    for position, length in enumerate(sorted(lengths)):
        share = left // (len(lengths) - position)
        if length > share:
            return share
        left -= length
    return limit


def _encodable(text: str) -> str:
    """Replace halves of characters, which no request can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
