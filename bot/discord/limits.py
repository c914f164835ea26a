"""Discord's limits that discord.py does not enforce; a text over one of them is a 400, not a cut text.

Source: Discord's OpenAPI description and documentation of API v10.
"""

from collections.abc import Sequence

CARD_TEXT = 4_000
"""Characters over all text of one Components V2 message."""
ALT_TEXT = 1_024
BUTTON_LABEL = 80
CUSTOM_ID = 100
GALLERY_ITEMS = 10
ATTACHMENTS = 10


def cut(text: str, limit: int) -> str:
    """Shorten a text to a limit at a word's end, marked by an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    space = kept.rfind(" ")
    return f"{kept[:space] if space > limit // 2 else kept}…"


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
