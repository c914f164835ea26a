"""Every text that is marked can be said, and every translation says it with the same places and commands."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import bot.discord
from bot.discord.translating.catalogue import ENGLISH, entries, languages
from bot.discord.translating.marks import Mark, marks, places
from bot.discord.translating.po import Entry

ROOT = Path(bot.discord.__file__).parent
MARKS = tuple(marks(ROOT))
OTHERS = tuple(language for language in languages() if language != ENGLISH)
COMPLETE = ("help", "translating")
"""Packages for everybody; what is not here may stay English where only instructors read it."""


def done(language: str) -> Mapping[str, Entry]:
    return {one.text: one for one in entries(language) if one.text and one.is_done}


def untranslated(language: str) -> list[Mark]:
    known = done(language)
    return [mark for mark in MARKS if mark.text and mark.text not in known]


def test_there_are_marked_texts_and_all_are_given_so_that_they_can_be_found() -> None:
    assert len(MARKS) > 50
    assert [str(mark) for mark in MARKS if mark.fault] == []


def test_german_is_there() -> None:
    assert "de" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_and_the_commands_of_its_text(language: str) -> None:
    for one in entries(language):
        if not one.text:
            continue
        wanted = {*places(one.text), *places(one.plural or one.text)}
        for text in filter(None, one.translations):
            assert set(places(text)) == wanted, f"{language}.po, line {one.line}"
            assert code(text) == code(one.text), f"{language}.po, line {one.line}"
            assert text.count("**") % 2 == 0, f"{language}.po, line {one.line}"


def code(text: str) -> Counter[str]:
    """Return what stands in backquotes: to be typed, so nothing to translate."""
    return Counter(re.findall(r"`[^`]+`", text))


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_translated_twice(language: str) -> None:
    times = Counter(one.text for one in entries(language))
    assert [text for text, count in times.items() if count > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_are_plurals_in_both(language: str) -> None:
    plurals = {mark.text: mark.plural for mark in MARKS if mark.plural}
    for one in entries(language):
        if one.text in plurals:
            assert one.plural == plurals[one.text], f"{language}.po, line {one.line}"
            assert len(one.translations) > 1, f"{language}.po, line {one.line}"


@pytest.mark.parametrize("language", OTHERS)
def test_what_everybody_reads_is_translated_and_the_rest_is_listed(language: str) -> None:
    left = untranslated(language)
    print(f"\n{language}: {len(left)} of {len(MARKS)} marked texts stay English:")  # noqa: T201
    for mark in left:
        print(f"  {mark}")  # noqa: T201
    assert [str(mark) for mark in left if mark.path.parts[0] in COMPLETE] == []
