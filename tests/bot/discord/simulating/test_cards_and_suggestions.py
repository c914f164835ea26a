"""Cards of explanations within Discord's limits, and suggestions that never fail loudly."""

import logging
from typing import cast
from unittest.mock import MagicMock

import discord
import pytest
from discord import app_commands, ui
from discord.app_commands import Choice

from answers.catalog import load
from bot.discord.cards import Card
from bot.discord.choices import AnswerButton
from bot.discord.limits import BUTTON_LABEL, CARD_TEXT, CUSTOM_ID
from bot.discord.simulating.buttons import ExplainButton, TryButton
from bot.discord.simulating.cards import explanation_card, found_card
from bot.discord.simulating.suggesting import answers_about, questions, quietly
from bot.grammar.lexicon import Explanation, Found, explanations, find

ALL = explanations()


def text(card: Card) -> str:
    return "\n".join(item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay))


@pytest.mark.parametrize("one", ALL.values(), ids=list(ALL))
async def test_every_explanation_fits_a_card(one: Explanation) -> None:
    card = explanation_card(one)
    assert len(text(card)) <= CARD_TEXT / 2  # on a phone it should be read without much scrolling
    assert one.text in text(card)
    assert one.gradient in text(card)
    assert f"`/simulate spec:{one.try_}`" in text(card)
    assert all(source.title[:40] in text(card) for source in one.sources)
    row = card.view.children[-1]
    assert isinstance(row, ui.ActionRow)
    buttons = [item for item in row.walk_children() if isinstance(item, ExplainButton | TryButton)]
    assert [button.key for button in buttons] == [one.key, *one.related]
    for button in buttons:
        assert len(button.item.custom_id or "") <= CUSTOM_ID
        assert 0 < len(button.item.label or "") <= BUTTON_LABEL
        template = type(button).__discord_ui_compiled_template__
        match = template.fullmatch(button.item.custom_id or "")
        assert match is not None
        assert match["key"] == button.key


async def test_a_button_asks_for_a_word_by_its_name() -> None:
    card = explanation_card(ALL["activation=leaky_relu"])
    labels = [item.item.label for item in card.view.walk_children() if isinstance(item, ExplainButton)]
    assert labels == ["slope of a leaky ReLU?", "ReLU?", "ELU?", "He?"]


async def test_who_wrote_a_source_is_named_as_is_usual() -> None:
    assert "L. Hui & M. Belkin 2021" in text(explanation_card(ALL["loss=mse"]))
    assert "K. He et al. 2015" in text(explanation_card(ALL["init=he"]))
    assert "D. Kalamkar et al. 2019" in text(explanation_card(ALL["precision=bfloat16"]))
    # A bracket inside an address would end the link.
    assert "Wisconsin+%28Diagnostic%29)" in text(explanation_card(ALL["data=cancer"]))


async def test_what_was_typed_is_shown_and_does_nothing() -> None:
    shown = text(found_card("@everyone **x**" + "y" * 500, Found()))
    assert "@everyone" not in shown
    assert "**x**" not in shown
    assert len(shown) < 300
    assert "Did you mean" in text(found_card("relo", find("relo")))


async def test_answers_are_offered_for_what_is_no_word_of_a_configuration() -> None:
    entries = list(load())[:3]
    card = found_card("vanishing gradient", Found(), entries)
    buttons = [item for item in card.view.walk_children() if isinstance(item, AnswerButton)]
    assert [button.answer_id for button in buttons] == [entry.id for entry in entries]
    assert "`/ask`" in text(card)
    assert "Perhaps one of these answers helps" in text(card)
    assert "Perhaps one of these answers helps" not in text(found_card("asdf", Found()))


@pytest.mark.parametrize(("word", "offers"), [("vanishing gradient", True), ("asdf", False), ("???", False)])
async def test_answers_about_a_word_come_from_the_library(word: str, offers: bool) -> None:  # noqa: FBT001
    interaction = MagicMock()
    interaction.client.hub.service_of.return_value.catalog = load()
    found = await answers_about(cast("discord.Interaction", interaction), word)
    assert bool(found) is offers
    assert len(found) <= 3


async def test_an_error_offers_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_interaction: discord.Interaction, _typed: str) -> list[Choice[str]]:
        raise LookupError("never said")

    interaction = cast("discord.Interaction", MagicMock())
    with caplog.at_level(logging.ERROR):
        assert await quietly(broken)(interaction, "x") == []
    assert len(caplog.records) == 1


def test_discord_takes_a_callback_for_suggestions() -> None:
    @app_commands.command(name="x", description="x")
    @app_commands.autocomplete(word=questions)
    async def command(_interaction: discord.Interaction, word: str) -> None: ...

    option = command.get_parameter("word")
    assert option is not None
    assert option.autocomplete
