"""What the bot can do, on one screen of a phone."""

from dataclasses import dataclass

from discord import ui

from answers.entry import Entry
from bot.discord.cards import Card, Item, boxed
from bot.discord.choices import AnswerButton
from bot.discord.help.buttons import HelpButton, Page
from bot.discord.limits import BUTTON_LABEL, cut
from bot.discord.translating import marked, say
from bot.teaching.roles import Role

EXAMPLES = ("depth=30 sigmoid vs relu he", "cnn 12x32 tanh")
"""Runs that show what is worth seeing, and how short a configuration is."""

_HEAD = marked("## What I can do\nI answer questions about training deep networks by running the network.")
_ASK = marked("**Ask**: `/ask`, or mention me: {bot} *why do gradients vanish?*")
_ASK_IN_PRIVATE = marked("**Ask**: `/ask`, or write me here: *why do gradients vanish?*")
_FOLLOW = marked("**Ask on**: reply to my answer: *and with 50 layers?*, *why?*, *source?*")
_SIMULATE = marked("**Run your own network**: `/simulate spec:{one}` or `/simulate spec:{other}`")
_EXPLAIN = marked("**Look up a word**: `/explain word:momentum`")
_VOTE = marked("**Below an answer**: say whether it helped; **Not what I asked** offers others.")
_PRIVATE = marked("-# With `private:True` only you see the answer. Silent somewhere? `/diagnose` says why.")
_ASSISTANT = marked(
    "**For you as an assistant**: `/answer` to suggest answers, `/inbox` for what I could not answer, and "
    "`/stats`."
)
_INSTRUCTOR = marked(
    "**For you as an instructor**: `/answer` to write and change answers, `/inbox` for what I could not "
    "answer, `/stats`, and `/settings` for where I answer, and whom."
)
_TEAM = {Role.ASSISTANT: _ASSISTANT, Role.INSTRUCTOR: _INSTRUCTOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the card is."""

    bot: str
    """The bot, mentioned."""
    role: Role = Role.STUDENT
    in_server: bool = True
    closed: str = ""
    """Why the bot does not answer in that place, if it does not."""


def help_card(reader: Reader, example: Entry | None) -> Card:
    """Make the card.

    Args:
        reader: for whom.
        example: a question of the library that one press asks.
    """
    one, other = EXAMPLES
    lines = [
        say(_ASK, bot=reader.bot) if reader.in_server else say(_ASK_IN_PRIVATE),
        say(_FOLLOW),
        say(_SIMULATE, one=one, other=other),
        say(_EXPLAIN),
        say(_VOTE),
    ]
    items: list[Item] = [ui.TextDisplay(say(_HEAD))]
    if reader.closed:
        items.append(ui.TextDisplay(f"⚠️ {reader.closed}"))
    items.append(ui.TextDisplay("\n".join(f"- {line}" for line in lines)))
    if reader.role in _TEAM:
        items.append(ui.TextDisplay(say(_TEAM[reader.role])))
    if reader.in_server:
        items.append(ui.TextDisplay(say(_PRIVATE)))
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if example is not None:
        row.add_item(
            AnswerButton(example.id, cut(say("Try: {question}", question=example.title), BUTTON_LABEL))
        )
    for page in (Page.PRIVACY, Page.ABOUT):
        row.add_item(HelpButton(page))
    return Card(view=boxed(items, row))
