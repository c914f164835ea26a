"""Explanations as cards."""

from collections.abc import Sequence

from discord import ui

from answers.entry import Entry, Source
from bot.discord.cards import Card, Item, boxed
from bot.discord.choices import AnswerButton
from bot.discord.limits import cut
from bot.discord.simulating.buttons import ExplainButton, TryButton
from bot.discord.words import quiet
from bot.grammar.lexicon import Explanation, Found, explanations
from bot.grammar.lexicon.grammar import usage

_TITLE, _WORD = 80, 60
_BY_NAME = 2
_ANSWERS = "Perhaps one of these answers helps:"


def explanation_card(one: Explanation) -> Card:
    """Make the card of one word, with what to run and what to read next."""
    formula = f"\n`{one.formula}`" if one.formula else ""
    text = f"## {one.name}\n-# {usage(one)}\n{one.text}{formula}"
    gradient = f"**And the gradient?** {one.gradient}"
    tail = f"-# Try `/simulate spec:{one.try_}`"
    if one.sources:
        tail += "\n-# Sources: " + " · ".join(map(_linked, one.sources))
    items: list[Item] = [ui.TextDisplay(text), ui.TextDisplay(gradient), ui.TextDisplay(tail)]
    others = [explanations()[key] for key in one.related if key in explanations()]
    return Card(view=boxed(items, _row([TryButton(one.key), *_buttons(others)])))


def found_card(word: str, found: Found, answers: Sequence[Entry] = ()) -> Card:
    """Make the card that asks which word is meant, or says that this is none.

    Args:
        word: as it was typed.
        found: what it can mean.
        answers: what the library says of it, where it is no word of a configuration.
    """
    shown = quiet(word, _WORD)
    question = "For a question in your own words use `/ask`."
    if not found.explanations:
        text = f"I explain the words of a configuration, such as `relu` or `batch`; got *{shown}*. {question}"
        if not answers:
            return Card(view=boxed([ui.TextDisplay(text)]))
        return Card(view=boxed([ui.TextDisplay(f"{text}\n{_ANSWERS}")], _row(_to_answers(answers))))
    meant = "\n".join(f"- {one.name}: {usage(one)}" for one in found.explanations)
    head = f"I know no word *{shown}*. Did you mean" if found.nearly else f"*{shown}* can mean"
    text = f"{head}\n{meant}\n-# {question}"
    return Card(view=boxed([ui.TextDisplay(text)], _row(_buttons(found.explanations))))


def _row(buttons: Sequence[ExplainButton | TryButton | AnswerButton]) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for button in buttons:
        row.add_item(button)
    return row


def _buttons(ones: Sequence[Explanation]) -> list[ExplainButton]:
    # A name says more than a key, as what it stands for in brackets has no room on a phone.
    return [ExplainButton(one.key, f"{one.name.partition(' (')[0]}?") for one in ones]


def _to_answers(answers: Sequence[Entry]) -> list[AnswerButton]:
    return [AnswerButton(entry.id, entry.title) for entry in answers]


def _linked(source: Source) -> str:
    names = source.authors.removesuffix(" and others").split(", ")
    few = len(names) <= _BY_NAME and not source.authors.endswith(" and others")
    authors = " & ".join(names) if few else f"{names[0]} et al."
    # Discord ends a link's address at a bracket.
    link = source.link.replace("(", "%28").replace(")", "%29")
    return f"{authors} {source.year}, [{cut(source.title, _TITLE)}]({link})"
