"""The translations of a language."""

import functools
import gettext
import io
from importlib import resources

from bot.discord.translating import po

ENGLISH = "en"
"""What the code is written in."""
_FOLDER = resources.files("bot.discord.translating") / "languages"


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are, English first."""
    found = (one.name.removesuffix(".po") for one in _FOLDER.iterdir() if one.name.endswith(".po"))
    return (ENGLISH, *sorted(found))


def entries(language: str) -> list[po.Entry]:
    """Read the file of a language.

    Raises:
        PoError: it cannot be read.
    """
    name = f"{language}.po"
    return po.read((_FOLDER / name).read_text(encoding="utf-8"), name)


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return what translates into a language; what it lacks stays English."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(po.compiled(entries(language))))  # pyright: ignore[reportArgumentType]
