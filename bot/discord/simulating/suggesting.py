"""What is offered while somebody types: from memory, and nothing at all if anything goes wrong."""

import functools
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import discord
from discord.app_commands import Choice

from answers.catalog import Catalog
from answers.entry import Entry
from bot.discord.here import client_of, guild_of
from bot.discord.limits import cut
from bot.grammar.completion import complete
from bot.grammar.lexicon import suggest
from bot.grammar.titles import TitleIndex
from bot.thinking import think

Suggest = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]

_log = logging.getLogger(__name__)

_NAME = 100
_CHOICES = 25
_ANSWERS = 3


def quietly(suggest: Suggest) -> Suggest:
    """Offer nothing where an error would be: whoever types can go on without."""

    @functools.wraps(suggest)
    async def offer(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        try:
            return await suggest(interaction, typed)
        except Exception:  # noqa: BLE001  there is nobody to tell, and nothing is lost
            _log.exception("nothing could be offered for what was typed")
            return []

    return offer


@quietly
async def whole_texts(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer whole configurations that continue what is typed."""
    del interaction
    return _same(complete(typed, _CHOICES))


def part_of(before: Sequence[str]) -> Suggest:
    """Offer the words of one configuration, behind those of these options, of which the last is the first."""

    @quietly
    async def parts(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        said = [str(getattr(interaction.namespace, name, None) or "") for name in before]
        start = " ".join(text for text in said if text)
        if len(before) > 1 and start:
            start += " vs"
        # What is not to be understood before it is told when it is sent; until then the words stand alone.
        found = complete(typed, _CHOICES, before=start, alone=True) or complete(typed, _CHOICES, alone=True)
        return _same(found)

    return parts


@quietly
async def words(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer the words that can be explained."""
    del interaction
    found = suggest(typed, _CHOICES)
    return [Choice(name=cut(f"{one.key} · {one.name}", _NAME), value=one.key) for one in found]


_titles = TitleIndex()


@quietly
async def questions(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer the questions of the server's library."""
    found = await _matching(_catalog(interaction), typed, _CHOICES)
    return _same([title for title in found if len(title) <= _NAME])


async def answers_about(interaction: discord.Interaction, word: str) -> list[Entry]:
    """Return the answers of the server's library whose questions hold a word, a few at most."""
    if not any(map(str.isalnum, word)):  # nothing typed could be the beginning of every question
        return []
    catalog = _catalog(interaction)
    found = await _matching(catalog, word, _ANSWERS)
    by_title = {entry.title: entry for entry in catalog}
    return [by_title[title] for title in found]


def _catalog(interaction: discord.Interaction) -> Catalog:
    return client_of(interaction).hub.service_of(guild_of(interaction)).catalog


async def _matching(catalog: Catalog, typed: str, limit: int) -> list[str]:
    # Made beside the event loop, once for each edition of a library; looking something up takes a moment.
    titles = _titles.ready(catalog) or await think(_titles.make, catalog)
    return titles.matching(typed, limit)


def _same(texts: Sequence[str]) -> list[Choice[str]]:
    return [Choice(name=text, value=text) for text in texts]
