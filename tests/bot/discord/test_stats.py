"""The card of the statistics fits into a message whatever was counted, and its controls say what they do."""

import re
from datetime import date, timedelta

import discord
import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.cards import Card
from bot.discord.limits import CARD_TEXT, CUSTOM_ID
from bot.discord.stats.asked import TEMPLATE, Asked
from bot.discord.stats.card import to_card
from bot.discord.stats.controls import FileButton, SpanSelect, ThemeButton
from bot.reply import Image
from bot.statistics.report import MOST_WEEKS, Counts, Report, Unanswered, Used, Votes, Week
from bot.storage.guild_settings import Theme

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def report(weeks: int, words: str = "why?") -> Report:
    votes = Votes(helpful=123_456, unhelpful=65_432, mismatch=54_321)
    counts = Counts(answered=123_456, offered=65_432, silent=54_321, votes=votes)
    return Report(
        since=MONDAY - timedelta(weeks=MOST_WEEKS),
        today=TODAY,
        weeks=tuple(Week(monday=MONDAY - timedelta(weeks=n), counts=counts) for n in reversed(range(weeks))),
        total=counts if weeks else Counts(),
        answers=tuple(Used(id=f"a{n}", title=words, counts=counts) for n in range(10)),
        unanswered=tuple(Unanswered(question=words, asked=12_345) for _ in range(10)),
    )


def text_of(card: Card) -> str:
    return "\n".join(item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay))


@given(st.integers(0, MOST_WEEKS), st.text(max_size=300), st.text(max_size=3_000))
def test_every_card_is_within_the_limits(weeks: int, words: str, trouble: str) -> None:
    for image in (None, Image(name="a.png", png=b"", alt=trouble), trouble):
        card = to_card(report(weeks, words), image)
        assert len(text_of(card)) <= CARD_TEXT
        for item in card.view.walk_children():
            if isinstance(item, ui.MediaGallery):
                assert all(len(one.description or "") <= 1_024 for one in item.items)


def test_a_card_says_what_matters_and_why_there_is_no_plot() -> None:
    text = text_of(to_card(report(3), "The job was stopped."))
    assert "**243,209 questions** in 3 weeks" in text
    assert "-# The plot could not be drawn: The job was stopped." in text
    assert "Votes stand as too few below 5" in text
    assert "Students ask with `/ask`" in text_of(to_card(report(0), None))


@given(st.integers(1, MOST_WEEKS), st.sampled_from(Theme))
def test_the_ids_of_the_controls_say_all_of_it(weeks: int, theme: Theme) -> None:
    asked = Asked(weeks=weeks, theme=theme)
    for control in (SpanSelect(asked), ThemeButton(asked), FileButton(asked)):
        match = re.fullmatch(control.template, control.custom_id)
        assert match
        assert Asked.of(match) == asked
        assert len(control.custom_id) <= CUSTOM_ID
    assert asked.turned.turned == asked
    assert asked.turned.theme != theme


@pytest.mark.parametrize("weeks", [1, 16, 17, MOST_WEEKS])
def test_the_menu_has_the_present_weeks_chosen(weeks: int) -> None:
    options = SpanSelect(Asked(weeks=weeks, theme=Theme.DARK)).item.options
    assert [option.value for option in options if option.default] == [str(weeks)]
    assert len({option.label for option in options}) == len(options) <= 25
    assert all(isinstance(option, discord.SelectOption) for option in options)


@pytest.mark.parametrize("text", ["0x:dark", "16:red", "100:dark", "16:dark:more", ""])
def test_what_is_no_such_id_is_not_taken_for_one(text: str) -> None:
    assert re.fullmatch(TEMPLATE, text) is None
