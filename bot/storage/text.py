"""Texts on their way into the database: what is refused, and when two of them are the same.

PostgreSQL takes no NUL character and neither database half a surrogate pair.  What an instructor wrote is
refused with them, so that nothing is changed behind their back; what a student wrote is stripped of them.
"""

import hashlib
import re
import unicodedata

from bot.storage.errors import Unstorable

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DIGEST_BYTES = 16


def storable(text: str, what: str, most: int) -> str:
    """Return the text as it is.

    Raises:
        Unstorable: it is too long, or holds a character that cannot be stored.
    """
    if len(text) > most:
        raise Unstorable(f"{what} has at most {most} characters; got {len(text)}; shorten it.")
    found = _UNSTORABLE.search(text)
    if found:
        character = f"U+{ord(found[0]):04X}"
        place = f"at position {found.start() + 1}"
        raise Unstorable(f"{what} is text; got the unprintable character {character} {place}; remove it.")
    return text


def stripped(text: str, most: int) -> str:
    """Return the text without what cannot be stored, cut to a length."""
    return _UNSTORABLE.sub("", text)[:most].strip()


def folded(text: str) -> str:
    """Return what two texts have in common that differ only in case, width or blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def digest(text: str) -> str:
    """Return a short key that is the same for texts that fold to the same."""
    return hashlib.sha256(folded(text).encode()).digest()[:_DIGEST_BYTES].hex()
