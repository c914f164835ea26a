"""Which version of what the bot is."""

import platform
from dataclasses import dataclass
from datetime import datetime

from discord import ui

from answers.matching.methods import MEANING
from bot.discord.cards import Card, boxed
from bot.discord.help.facts import STARTED, computing_with, licence, links, version
from bot.discord.translating import marked, say, say_many
from bot.discord.words import when
from bot.hub import Hub

_HEAD = marked("## About me\n**Backchat {version}**, running since {since}")
_BY_MEANING = marked("Questions are found by meaning, with all-MiniLM-L6-v2 on my own processor.")
_BY_WORDS = marked("Questions are found by their words: the model that knows their meaning is not installed.")
_ENGINE = marked("Networks run with PyTorch {torch} in processes of their own, {slots} at once.")
_BASE = marked("Python {python}, discord.py {discord}")
_LICENCE = marked("Free software, licence: {licence}.")
_NO_LINKS = marked("The documentation is in the folder `docs` of the source; whoever runs me has it.")
_NEXT = marked("-# What I can do: `/help`. What is held about you: `/privacy show`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is told."""

    answers: int
    own: int
    """How many of them are this server's own."""
    by_meaning: bool
    build: str
    """What the engine says about where the networks run."""
    slots: int
    since: datetime = STARTED


async def facts(hub: Hub, guild: str | None) -> Facts:
    """Collect what is true in a server."""
    service = await hub.service_at(guild)
    shipped = hub.libraries.base.catalog.entries
    engine = service.jobs.engine
    return Facts(
        answers=len(service.catalog),
        own=sum(shipped.get(entry.id) is not entry for entry in service.catalog),
        by_meaning=service.matcher.method == MEANING,
        build=engine.build,
        slots=engine.capacity,
    )


def about_card(told: Facts) -> Card:
    """Make the card."""
    known = say_many("{number} answer here", "{number} answers here", told.answers)
    if told.own:
        known += say_many(
            ", {number} of them this server's own", ", {number} of them this server's own", told.own
        )
    torch = computing_with(told.build, "torch")
    lines = [
        f"{known}.",
        say(_BY_MEANING) if told.by_meaning else say(_BY_WORDS),
        say(_ENGINE, torch=torch, slots=told.slots),
        say(_BASE, python=platform.python_version(), discord=version("discord.py")),
        say(_LICENCE, licence=licence()),
    ]
    linked = " · ".join(f"[{name}]({url})" for name, url in links().items()) or say(_NO_LINKS)
    head = say(_HEAD, version=version(), since=when(told.since, "R"))
    body = "\n".join(f"- {line}" for line in lines)
    return Card(view=boxed([ui.TextDisplay(text) for text in (head, body, linked, say(_NEXT))]))
