"""The answers that a question may be about, to choose from; those that are not listed are named in a form."""

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from answers.matching.text import literal
from bot.discord.cards import boxed
from bot.discord.inbox.buttons import AnswerMenu, InboxButton
from bot.discord.inbox.targets import PATTERN, Act, Target
from bot.discord.limits import cut
from bot.discord.words import quiet
from bot.errors import BadRequest
from bot.inbox.group import Nearest, Shown
from bot.libraries import Library
from sim.knobs import nearest as nearest_word

NO_ANSWER, OTHER = "-", "+"
"""What the menu says for none of the answers, and for one that it does not list."""
FORM = rf"form:{PATTERN}"
FIELD = "answer"
_OPTION, _MOST, _FORM_TITLE = 100, 23, 45
_ASKED = {
    Act.ACCEPT: ("Which answer does it ask for?", "It is tried out first; it can be undone."),
    Act.DENY: (
        "Which answer does it not mean?",
        "“None of my answers” is for what is not for me at all. It is tried out first; it can be undone.",
    ),
}


def choose_card(shown: Shown, target: Target) -> ui.LayoutView:
    """Show the answers nearest to a question, to choose from."""
    asked, hint = _ASKED[target.act]
    options = [_option(one) for one in shown.nearest[:_MOST]]
    if target.act is Act.DENY:
        options.append(
            discord.SelectOption(
                label="None of my answers", value=NO_ANSWER, description="I say nothing to it"
            )
        )
    else:
        options.append(
            discord.SelectOption(label="Another answer…", value=OTHER, description="Name it by title or id")
        )
    menu: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    menu.add_item(AnswerMenu(target, asked, options))
    back: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    back.add_item(InboxButton(Target(act=Act.PAGE, page=target.page), "Back"))
    text = f"## {asked}\n“{quiet(shown.group.question)}”\n-# {hint}"
    return boxed([ui.TextDisplay(text), menu, back])


def name_form(target: Target) -> ui.Modal:
    """Ask for an answer by its title or id."""
    modal = ui.Modal(title=cut("Which answer?", _FORM_TITLE), custom_id=f"form:{target}", timeout=3_600)
    field: ui.TextInput[ui.Modal] = ui.TextInput(custom_id=FIELD, max_length=_OPTION)
    modal.add_item(
        ui.Label(text="Title or id", description="As in /answer list, or as a student asks.", component=field)
    )
    return modal


def named(text: str, library: Library) -> str:
    """Return the id of the answer that somebody named.

    Raises:
        BadRequest: there is none of that name; the message says which is meant perhaps.
    """
    entries = library.catalog.entries
    if text.strip() in entries:
        return text.strip()
    said = literal(text)
    for entry in entries.values():
        if said in set(_read([entry.title, *entry.phrasings])):
            return entry.id
    found = library.matcher.match(text, caution=library.caution).candidates
    hint = f"did you mean {found[0].id!r}?" if found else nearest_word(text.strip(), sorted(entries))
    raise BadRequest(f"No answer here is called {text.strip()!r:.60}; {hint}")


def _read(texts: Sequence[str]) -> Iterable[str]:
    return map(literal, texts)


def _option(one: Nearest) -> discord.SelectOption:
    known: list[str] = []
    if one.chosen:
        known.append(f"{one.chosen} who asked chose it")
    if one.wrong:
        known.append(f"{one.wrong} who asked did not mean it")
    if not known:
        known.append(f"{100 * one.score:.0f} % likely" if one.score else "related")
    return discord.SelectOption(
        label=cut(one.title, _OPTION), value=one.id, description=cut(", ".join(known), _OPTION)
    )
