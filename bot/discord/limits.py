"""Discord's limits that discord.py does not enforce; a text over one of them is a 400, not a cut text.

Source: Discord's OpenAPI description and documentation of API v10.
"""

from collections.abc import Sequence

CARD_TEXT = 4_000
"""Characters over all text of one Components V2 message."""
CONTENT = 2_000
"""Characters of a message that is no card."""
COMPONENTS = 40
"""Of one message, nested ones counted."""
SECTION_TEXTS = 3
ALT_TEXT = 1_024
BUTTON_LABEL = 80
CUSTOM_ID = 100
LINK = 512
PLACEHOLDER = 150
OPTIONS = 25
OPTION_TEXT = 100
CHOICES = 25
CHOICE = 100
MODAL_TITLE = 45
MODAL_PARTS = 5
LABEL = 45
LABEL_DESCRIPTION = 100
INPUT = 4_000
INPUT_PLACEHOLDER = 100
THREAD_NAME = 100
GALLERY_ITEMS = 10
ATTACHMENTS = 10
FILE_BYTES = 10 * 2**20
"""Of one file in a server that nobody boosts; those that are boosted take more."""
REQUEST_BYTES = 25 * 2**20

_FENCE = "```"
_CLOSED = f"\n{_FENCE}"


def cut(text: str, limit: int) -> str:
    """Shorten a text to a limit at a word's end, marked by an ellipsis; a block of code is closed again."""
    if len(text) <= limit:
        return text
    kept = _front(text, limit - 1)
    if limit <= len(_CLOSED) + 1 or kept.count(_FENCE) % 2 == 0:
        return f"{kept}…"
    kept = _front(text, limit - 1 - len(_CLOSED))
    return f"{kept}…{_CLOSED}" if kept.count(_FENCE) % 2 else f"{kept}…"


def _front(text: str, limit: int) -> str:
    """Return whole words from the front, and no part of what opens or closes a block of code."""
    kept = text[:limit]
    space = kept.rfind(" ")
    kept = kept[:space] if space > (limit + 1) // 2 else kept
    marks = len(kept) - len(kept.rstrip("`"))
    return kept[: len(kept) - marks % len(_FENCE)]


def fit(paragraphs: Sequence[str], limit: int) -> list[str]:
    """Keep whole paragraphs from the front while they fit; a first one that does not is cut."""
    kept: list[str] = []
    left = limit
    for paragraph in paragraphs:
        if len(paragraph) > left:
            if not kept and left > BUTTON_LABEL:
                kept.append(cut(paragraph, left))
            break
        kept.append(paragraph)
        left -= len(paragraph) + 2  # the blank line between paragraphs
    return kept
