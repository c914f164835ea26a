"""A page of the inbox as a card: one paragraph and one row of buttons for each group of questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

import discord
from discord import ui

from bot.discord.cards import Item, boxed
from bot.discord.inbox.buttons import InboxButton
from bot.discord.inbox.targets import Act, Target
from bot.discord.limits import cut
from bot.discord.words import quiet, when
from bot.inbox.group import Group, Nearest, Page, Shown
from bot.inbox.looking import PAGE
from bot.storage.inbox import Decision, How, Reason
from bot.teaching.roles import Role

_QUESTION, _OTHERS, _TITLE, _GROUP = 160, 2, 70, 600
_SAID = 450
"""Of the 4,000 characters of a card; five groups and the head have room."""

_OPT_IN = (
    "## Inbox\n"
    "This server keeps no words of questions, so there is nothing to show.\n"
    "Switched on under “Team” in `/settings`, the words of questions that got no answer, or not the right "
    "one, are kept here for 30 days and then deleted. Only instructors and assistants see them, and never "
    "who asked. Tell your students before you switch it on."
)
_EMPTY = (
    "## Inbox\n"
    "Nothing is waiting: every question got an answer, or somebody decided on it.\n"
    "-# Questions without an answer, and those whose asker pressed “Not what I asked” or “Not helpful”, "
    "appear here for 30 days, without names."
)
_ASSISTANT = "-# You are an assistant here: write answers as drafts; instructors decide on the rest."
_REASONS = {
    Reason.UNANSWERED: "no answer",
    Reason.MISMATCH: "not what was asked",
    Reason.UNHELPFUL: "not helpful",
}
_DID = {
    How.PHRASING: "accepted a wording of {title}",
    How.NEGATIVE: "said that a question does not mean {title}",
    How.ANSWER: "saw a question answered by {title}",
    How.IGNORE: "ignored a question",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the card shows, and to whom."""

    page: Page
    role: Role
    titles: Mapping[str, str]
    """Of the answers of this server, by id."""
    last: Decision | None = None
    """The latest decision, which can be undone."""
    said: str = ""
    """What became of the last press."""


def page_card(sight: Sight) -> ui.LayoutView:
    """Draw a page of the inbox."""
    page = sight.page
    items: list[Item] = [ui.TextDisplay(_head(sight))]
    for number, shown in enumerate(page.groups, PAGE * (page.number - 1) + 1):
        items += [ui.TextDisplay(_described(shown, number)), _row(shown, page.number, sight.role)]
    below = _below(sight)
    return boxed([*items, below] if below is not None else items)


def wait_card(text: str) -> ui.LayoutView:
    """Say what is going on, without anything to press meanwhile."""
    return boxed([ui.TextDisplay(text)])


def _head(sight: Sight) -> str:
    page = sight.page
    # Cut again: every mark in it has doubled.
    said = f"**{cut(quiet(sight.said, _SAID), _SAID)}**\n" if sight.said else ""
    if not page.groups:
        head = _EMPTY if page.keeps else _OPT_IN
    else:
        head = f"## Inbox\n{_number(page.asked, 'question')} in {_number(page.total, 'group')}"
        if page.pages > 1:
            head += f", page {page.number} of {page.pages}"
        if sight.role < Role.INSTRUCTOR:
            head += f"\n{_ASSISTANT}"
    if (last := sight.last) is not None:
        did = _DID[last.how].format(title=_answer(last.slug, sight.titles))
        head += f"\n-# Last: {quiet(last.author.name, 50)} {did}, {when(last.at, 'R')}"
    return f"{said}{head}"


def _described(shown: Shown, number: int) -> str:
    group = shown.group
    lines = [f"**{number}. “{quiet(group.question, _QUESTION)}”**", f"{_asked(group)} · {_reasons(shown)}"]
    if others := group.wordings[1 : 1 + _OTHERS]:
        more = f" and {len(group.wordings) - 1 - _OTHERS} more" if len(group.wordings) > 1 + _OTHERS else ""
        lines.append("-# Also: " + " · ".join(f"“{quiet(one, _TITLE)}”" for one in others) + more)
    if shown.answered:
        lines.append(f"-# I would answer it with *{quiet(shown.nearest[0].title, _TITLE)}* now.")
    elif shown.nearest:
        lines.append(
            "-# Nearest: " + " · ".join(f"*{quiet(one.title, _TITLE)}*" for one in shown.nearest[:2])
        )
    else:
        lines.append("-# No answer is near.")
    return cut("\n".join(lines), _GROUP)


def _asked(group: Group) -> str:
    day = when(datetime.combine(group.last, time(12), UTC), "d")
    if group.asked == 1:
        return f"Asked once, on {day}"
    return f"Asked {group.asked} times by {group.people}, last on {day}"


def _reasons(shown: Shown) -> str:
    parts: list[str] = []
    for reason, count in shown.group.reasons.items():
        parts.append(_REASONS[reason] + (f" ({count})" if len(shown.group.reasons) > 1 else ""))
    wrong = [f"*{quiet(one.title, _TITLE)}*" for one in shown.nearest if one.wrong]
    return ", ".join(parts) + (f": {' · '.join(wrong[:2])}" if wrong else "")


def _row(shown: Shown, page: int, role: Role) -> ui.ActionRow[ui.LayoutView]:
    about = str(shown.group.id)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()

    def add(
        act: Act,
        label: str,
        slug: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        row.add_item(InboxButton(Target(act=act, page=page, about=about, slug=slug), label, style))

    if role < Role.INSTRUCTOR:
        add(Act.WRITE, "Write an answer")
        return row
    if shown.answered and set(shown.group.reasons) == {Reason.UNANSWERED}:
        add(Act.DONE, "Answered now", shown.nearest[0].id, discord.ButtonStyle.success)
    else:
        # What is near no answer is seldom a way of asking for one.
        style = discord.ButtonStyle.primary if shown.nearest else discord.ButtonStyle.secondary
        add(Act.ACCEPT, "Accept as phrasing", _meant(shown.nearest), style)
    add(Act.DENY if shown.nearest else Act.NONE, "Add to negatives", _not_meant(shown))
    add(Act.WRITE, "Write an answer")
    add(Act.IGNORE, "Ignore")
    return row


def _meant(nearest: tuple[Nearest, ...]) -> str | None:
    """Return the answer that a question can only be about; where there are several, somebody chooses."""
    return nearest[0].id if len(nearest) == 1 and not nearest[0].wrong else None


def _not_meant(shown: Shown) -> str | None:
    """Return the answer that all who asked called wrong, if it is one."""
    wrong = [one.id for one in shown.nearest if one.wrong]
    return wrong[0] if len(wrong) == 1 and set(shown.group.reasons) == {Reason.MISMATCH} else None


def _below(sight: Sight) -> ui.ActionRow[ui.LayoutView] | None:
    page = sight.page
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if page.number > 1:
        row.add_item(InboxButton(Target(act=Act.PAGE, page=page.number - 1, about="1"), "◀ Before"))
    if page.number < page.pages:
        row.add_item(InboxButton(Target(act=Act.PAGE, page=page.number + 1, about="2"), "More ▶"))
    row.add_item(InboxButton(Target(act=Act.PAGE, page=page.number), "Refresh"))
    if sight.last is not None and sight.role >= Role.INSTRUCTOR:
        target = Target(act=Act.UNDO, page=page.number, about=str(sight.last.id))
        row.add_item(InboxButton(target, "Undo the last decision"))
    return row


def _answer(slug: str | None, titles: Mapping[str, str]) -> str:
    return f"*{quiet(titles.get(slug, slug), _TITLE)}*" if slug else "any answer"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
