"""Which language the reader of the next text reads.

It belongs to the task, as Python's decimal context does: an interaction is answered in one task, and the
tasks that this begins inherit it, so no text needs to be told for whom it is.
"""

import contextlib
from collections.abc import Generator
from contextvars import ContextVar

import discord

from bot.discord.translating.catalogue import ENGLISH, languages
from bot.storage.guild_settings import GuildSettings

_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


def language() -> str:
    """Return the language of the task's reader."""
    return _LANGUAGE.get()


def read_by(interaction: discord.Interaction) -> None:
    """Write in the language of somebody's Discord from now on, in this task and those that it begins."""
    write_in(str(interaction.locale))


def write_in(locale: str) -> None:
    """Write in a language from now on, in this task and those that it begins."""
    _LANGUAGE.set(nearest(locale))


@contextlib.contextmanager
def reading(locale: str) -> Generator[None]:
    """Write in a language for a while."""
    token = _LANGUAGE.set(nearest(locale))
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def language_of_server(guild: discord.Guild | None, settings: GuildSettings) -> str:
    """Return the language of what a whole channel reads: as the server has set it here, else at Discord."""
    if settings.language != ENGLISH:
        return nearest(settings.language)
    return ENGLISH if guild is None else nearest(str(guild.preferred_locale))


def nearest(locale: str) -> str:
    """Return the language of a locale: exactly that, else without its country, else English."""
    for wanted in (locale, locale.partition("-")[0]):
        if wanted in languages():
            return wanted
    return ENGLISH
