"""The cards of `/help` and `/about` in every language, for everybody, within Discord's limits."""

from datetime import UTC, datetime
from importlib import metadata
from unittest.mock import MagicMock

import pytest
from discord_double import message_problems
from discord_double.fakes import text_of

from answers.catalog import Catalog, load
from bot.discord.cards import Card
from bot.discord.help import facts
from bot.discord.help.about_card import Facts, about_card
from bot.discord.help.examples import example
from bot.discord.help.facts import computing_with, licence, links, version
from bot.discord.help.first_card import first_card
from bot.discord.help.help_card import EXAMPLES, Reader, help_card
from bot.discord.raw_cards import to_json
from bot.discord.translating import reading
from bot.discord.translating.catalogue import languages
from bot.jobs.build import local_build
from bot.teaching.roles import Role
from sim.spec import parse_variants
from sim.support import natural, require_runnable

FACTS = Facts(
    answers=47,
    own=2,
    by_meaning=True,
    build="sim 1f, torch 2.13.0+cpu, numpy 2.4.6, python 3.11.9",
    slots=2,
    since=datetime(2026, 3, 1, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def fits(card: Card) -> bool:
    return message_problems(to_json(card), [], edited=None, held=[]) == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("role", Role)
def test_help_fits_in_every_language(catalog: Catalog, language: str, role: Role) -> None:
    closed = "I am switched off in this channel. " * 10
    with reading(language):
        for reader in (Reader(bot="<@1>", role=role), Reader(bot="<@1>", in_server=False, closed=closed)):
            card = help_card(reader, example(catalog, 3))
            assert fits(card)
            assert ("`/settings`" in text_of(card)) == (reader.role is Role.INSTRUCTOR)
            assert ("/diagnose" in text_of(card)) == reader.in_server


@pytest.mark.parametrize("language", languages())
def test_about_and_the_first_steps_fit_in_every_language(language: str) -> None:
    with reading(language):
        assert fits(first_card())
        assert fits(about_card(FACTS))


def test_about_tells_what_the_engine_says_and_counts_what_is_the_servers_own() -> None:
    text = text_of(about_card(FACTS))
    assert "PyTorch 2.13.0+cpu" in text
    assert "47 answers here, 2 of them this server's own." in text
    assert "<t:1772323200:R>" in text
    by_words = Facts(answers=1, own=0, by_meaning=False, build="code 3 on no worker yet", slots=0)
    other = text_of(about_card(by_words))
    assert "1 answer here." in other
    assert "PyTorch ? " in other
    assert "by their words" in other


def test_versions_are_those_of_what_is_installed() -> None:
    assert version() == metadata.version("backchat")
    assert version("no-such-package") == "?"
    assert licence() == "MIT"
    assert all(url.startswith("https://") for url in links().values())
    assert computing_with(local_build(), "torch") == metadata.version("torch")


def test_links_come_from_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = MagicMock()
    stated.get_all.return_value = ["Source, https://example.org/b", "Evil, javascript:1"]
    monkeypatch.setattr(facts.metadata, "metadata", MagicMock(return_value=stated))
    assert dict(links()) == {"Source": "https://example.org/b"}
    assert "[Source](https://example.org/b)" in text_of(about_card(FACTS))


def test_what_help_suggests_can_be_run() -> None:
    for text in EXAMPLES:
        specs = parse_variants(text)
        require_runnable(natural(specs), specs)


def test_examples_are_different_questions_of_the_library(catalog: Catalog) -> None:
    found = [example(catalog, number) for number in range(10)]
    assert all(entry is not None and entry.id in catalog.entries for entry in found)
    assert len({entry.id for entry in found if entry}) == 5
    assert found[0] == found[5]


def test_an_empty_library_has_no_example() -> None:
    assert example(Catalog(entries={}), 0) is None
    assert fits(help_card(Reader(bot="<@1>"), None))
