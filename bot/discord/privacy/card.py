"""What is held about somebody, in words for that person."""

from collections.abc import Sequence

from discord import ui

from bot.discord.cards import Card, boxed
from bot.discord.limits import CARD_TEXT, fit
from bot.discord.privacy.places import Place
from bot.storage.privacy import About
from bot.storage.registry import Erasing

_ROOM = 1_100
"""Characters for what stands around the list."""
_APART = (
    "-# Not in the database: while a request of yours is under way, its words wait in a file, at most a "
    "quarter of an hour; the last few hundred questions are in memory, so that you can follow up on them. "
    "What you see in Discord is kept by Discord. Counted without you: that a question was asked, and when."
)
_NEXT = "`/privacy export` hands you all of it as a file; `/privacy delete` deletes it."
_MORE = "-# There is more; `/privacy export` hands you all of it."
_FINAL = (
    "-# It cannot be undone. Backups of whoever runs the bot may hold it until they are replaced; what you "
    "see in Discord is Discord's."
)


def shown_card(places: Sequence[Place], *, everywhere: bool) -> Card:
    """Say what is held."""
    if not places:
        return _card(_nothing(everywhere=everywhere), _APART)
    lines = [line for place in places for line in _held_by(place)]
    return _card("## What I hold about you", _listed(lines), _NEXT, _APART)


def asking_card(places: Sequence[Place], *controls: ui.Item[ui.LayoutView]) -> Card:
    """Say what would go and what would stay, before anything is deleted."""
    lines: list[str] = []
    for place in places:
        gone = [one for one in place.about if one.held.erasing is Erasing.DELETE]
        kept = [one for one in place.about if one.held.erasing is Erasing.BLANK]
        lines.append(f"**{place.name}**")
        lines += [f"- goes: {_counted(one)}" for one in gone]
        lines += [f"- stays without your name: {_counted(one)} {one.held.why}" for one in kept]
    return _card("## Delete what I hold about you?", _listed(lines), _FINAL, controls=controls)


def nothing_card(*, everywhere: bool) -> Card:
    """Say that there is nothing to hand over or to delete."""
    return _card(_nothing(everywhere=everywhere))


def done_card(deleted: int, blanked: int) -> Card:
    """Say what was deleted."""
    if not deleted and not blanked:
        return _card("**There was nothing left to delete.**")
    parts = [f"{_times(deleted)} deleted"] if deleted else []
    if blanked:
        parts.append(f"your name taken from {_times(blanked)} that others need")
    said = " and ".join(parts)
    next_ = "`/privacy show` shows that nothing is left. What you ask or write from now on is held as before."
    return _card(f"**Done: {said}.**", next_)


def _held_by(place: Place) -> list[str]:
    return [f"**{place.name}**", *(f"- {_counted(one)} {one.held.how_long}" for one in place.about)]


def _counted(about: About) -> str:
    what = about.held.what
    return f"{what[:-1]} ({len(about.rows)})."


def _listed(lines: Sequence[str]) -> str:
    kept = fit(lines, CARD_TEXT - _ROOM)
    return "\n".join([*kept, *([_MORE] if len(kept) < len(lines) else [])])


def _nothing(*, everywhere: bool) -> str:
    if everywhere:
        return "**Nothing is held about you, in any server.**"
    return "**Nothing is held about you in this server.** In a direct message the same command is about all."


def _times(number: int) -> str:
    return f"{number} {'thing' if number == 1 else 'things'}"


def _card(*texts: str, controls: Sequence[ui.Item[ui.LayoutView]] = ()) -> Card:
    return Card(view=boxed([ui.TextDisplay(text) for text in texts], *controls))
