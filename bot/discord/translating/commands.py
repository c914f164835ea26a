"""The descriptions of slash commands and their options, which Discord shows in everybody's own language.

Names stay English: the documentation has them, and people tell each other what to type.  So do the values to
choose from, which are words of a configuration.
"""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.discord.translating.catalogue import catalogue
from bot.discord.translating.language import nearest
from bot.discord.translating.saying import marked

_LONGEST = 100
_ELSE = "; else "
_WITH_DEFAULT = marked("{what}; else {default}")
_TRANSLATED = (Location.command_description, Location.group_description, Location.parameter_description)


class CommandTranslator(app_commands.Translator):
    """Looks descriptions up where all other texts are."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a description in a language; None where there is none, or none that Discord takes."""
        if context.location not in _TRANSLATED:
            return None
        found = _translated(string.message, nearest(str(locale)))
        return found if found is not None and len(found) <= _LONGEST else None


def _translated(text: str, language: str) -> str | None:
    translate = catalogue(language).gettext
    if (found := translate(text)) != text:
        return found
    # Options end in their defaults, which may change without anything to translate.
    what, between, default = text.rpartition(_ELSE)
    if not between or (found := translate(what)) == what:
        return None
    return translate(_WITH_DEFAULT).format(what=found, default=default)
