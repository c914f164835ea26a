"""Saying something in the reader's language."""

import logging

from bot.discord.translating.catalogue import catalogue
from bot.discord.translating.language import language

_log = logging.getLogger(__name__)


def marked(text: str) -> str:
    """Mark a text of a constant as one to translate; `say(THE_CONSTANT)` does it when it is shown."""
    return text


def say(text: str, /, **values: object) -> str:
    """Return a text in the reader's language, with values in its `{places}`.

    A translation that is missing or has other places than the text is shown in English.
    """
    return _filled(catalogue(language()).gettext(text), text, values)


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the form of a text for a number, which is its `{number}`."""
    values["number"] = number
    english = one if number == 1 else many
    return _filled(catalogue(language()).ngettext(one, many, number), english, values)


def _filled(text: str, english: str, values: dict[str, object]) -> str:
    if not values:
        return text
    try:
        return text.format_map(values)
    except (KeyError, ValueError, IndexError, AttributeError):
        if text == english:
            raise
        _log.warning("the %s translation has other places than its text: %.80s", language(), english)
        return english.format_map(values)
