"""The settings card: everything at a glance, and one section of menus at a time, short enough for a phone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.discord.cards import boxed
from bot.discord.limits import CARD_TEXT, cut, fit
from bot.discord.settings import control
from bot.discord.settings.control import button, identified, menu, put_id, row
from bot.discord.settings.facets import ALL, FACETS, MOST, Values
from bot.discord.settings.telling import WORDS, overview, posts, tag_names
from bot.discord.settings.warnings import (
    audit_warnings,
    channel_warnings,
    place_warnings,
    reading_warnings,
    warnings,
)
from bot.storage.guild_settings import GuildSettings, Mode

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_Item = ui.Item[ui.LayoutView]
_WARNINGS, _NOTICE = 900, 500
_OPTION = 100
NO_POSTS, LIKE_OTHERS = "none", "like"
"""What menus offer besides the values of a part."""

_KEEPING = (
    "**Words of unanswered questions** are {state}.\n"
    "-# Switched on, the words of questions that got no answer, or a wrong one, go to `/inbox`, so that "
    "you see what to write next. They are stored with a code in place of the name and deleted after 30 days. "
    "Switching it off deletes them at once. Only instructors and assistants see them. Tell your students."
)


class Section(StrEnum):
    """What the card shows below its head."""

    OVERVIEW = "overview"
    CHANNELS = "channels"
    ROLES = "roles"
    ANSWERS = "answers"
    TEAM = "team"


_SECTIONS = {
    Section.OVERVIEW: ("Everything", "All settings at a glance"),
    Section.CHANNELS: ("Channels and forums", "Where I answer, and where I say nothing"),
    Section.ROLES: ("Roles", "Instructors, teaching assistants, helpers"),
    Section.ANSWERS: ("Answers", "Who sees replies, plots, how sure I have to be"),
    Section.TEAM: ("Team", "Audit channel, words of unanswered questions"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is to be shown."""

    client: "BackchatClient"
    guild: discord.Guild | None
    settings: GuildSettings
    section: Section = Section.OVERVIEW
    channel: str = ""
    """The one that was picked."""
    notice: str = ""
    undo: str | None = None
    """The id of the button that puts the last change back."""
    asking: bool = False
    """Whether words are about to be deleted."""


def settings_card(sight: Sight) -> ui.LayoutView:
    """Draw the card."""
    title = "Settings" if sight.section is Section.OVERVIEW else f"Settings: {_SECTIONS[sight.section][0]}"
    items: list[_Item] = []
    if sight.notice:
        items.append(ui.TextDisplay(cut(sight.notice, _NOTICE)))
        if sight.undo is not None:
            items.append(row(button(sight.undo, "Undo")))
        items.append(ui.Separator())
    items.append(ui.TextDisplay(f"## {title}"))
    items += list(_BODIES[sight.section](sight))
    items.append(row(menu(identified("go"), list(_sections(sight.section)), "What do you want to change?")))
    return boxed(items)


def _sections(now: Section) -> Iterator[discord.SelectOption]:
    for section, (label, description) in _SECTIONS.items():
        chosen = section is now and section is not Section.OVERVIEW
        if section is not now or chosen:
            yield discord.SelectOption(
                label=label, description=description, value=section.value, default=chosen
            )


def _overview(sight: Sight) -> Iterator[_Item]:
    room = CARD_TEXT - _WARNINGS - _NOTICE - 200
    yield ui.TextDisplay(cut(overview(sight.settings, tag_names(sight.guild)), room))
    yield from _warned(warnings(sight.client, sight.guild, sight.settings))
    if not sight.settings.instructors:
        yield ui.TextDisplay("Begin with **Roles**: choose who the instructors are.")
    yield ui.TextDisplay("-# Discord shows times in everybody's own language; there is nothing to choose.")


def _channels(sight: Sight) -> Iterator[_Item]:
    settings = sight.settings
    yield ui.TextDisplay(
        "Choose a channel or a forum, then what I do there; its threads are like it. "
        "**All other channels** are those without a choice of their own."
    )
    picked = [sight.channel] if sight.channel and _there(sight, sight.channel) else []
    yield row(control.channel(identified("pick"), picked, "Which channel?", control.TALK, 1))
    if sight.channel:
        yield from _channel(sight)
    yield ui.Separator()
    yield ui.TextDisplay("**All other channels**")
    yield row(_worded("elsewhere", settings))
    if not sight.channel:
        yield from _warned(place_warnings(sight.client, sight.guild, settings))


def _channel(sight: Sight) -> Iterator[_Item]:
    settings, id_ = sight.settings, sight.channel
    channel = sight.guild.get_channel(int(id_)) if sight.guild is not None else None
    mode = FACETS["mode"].read(settings, id_)
    forum = isinstance(channel, discord.ForumChannel)
    yield ui.TextDisplay(f"**<#{id_}>**")
    yield row(menu(put_id(FACETS["mode"], mode, id_), list(_modes(mode, forum=forum))))
    if isinstance(channel, discord.ForumChannel):
        now = FACETS["posts"].read(settings, id_)
        which = posts(settings, id_, tag_names(sight.guild))
        yield ui.TextDisplay(f"New posts: {which}. One answer to the first message, or none.")
        options = list(_tags(channel, now))
        yield row(menu(put_id(FACETS["posts"], now, id_), options, "Which new posts?", MOST))
    if sight.guild is not None:
        found = channel_warnings(sight.client, sight.guild, settings, id_)
        if id_ in settings.forums or mode == (Mode.ANSWER.value,):
            found += reading_warnings(sight.client, settings)
        yield from _warned(found)


def _modes(now: Values, *, forum: bool) -> Iterator[discord.SelectOption]:
    chosen = now[0] if now else LIKE_OTHERS
    yield discord.SelectOption(
        label="Like all other channels", value=LIKE_OTHERS, default=chosen == LIKE_OTHERS
    )
    for value, (label, description) in WORDS["elsewhere"].items():
        if forum and value == "answer" != chosen:
            continue  # that is what the menu of posts is for
        yield discord.SelectOption(label=label, description=description, value=value, default=chosen == value)


def _tags(forum: discord.ForumChannel, now: Values) -> Iterator[discord.SelectOption]:
    yield discord.SelectOption(label="Answer no new posts", value=NO_POSTS, default=not now)
    yield discord.SelectOption(
        label="Answer all new posts", description="If I am sure", value=ALL, default=ALL in now
    )
    for tag in forum.available_tags:
        id_ = str(tag.id)
        yield discord.SelectOption(
            label=cut(f"Tagged {tag.name}", _OPTION), value=id_, default=id_ in now[:MOST]
        )


def _roles(sight: Sight) -> Iterator[_Item]:
    about = {
        "instructors": "publish answers and change these settings. Who has Manage Server may, too.",
        "assistants": "write drafts that an instructor publishes, and see `/inbox` and `/stats`.",
        "helpers": "remove answers that nobody asked for.",
    }
    for name, text in about.items():
        facet = FACETS[name]
        now = facet.read(sight.settings, "")
        there = [id_ for id_ in now if sight.guild is None or sight.guild.get_role(int(id_)) is not None]
        yield ui.TextDisplay(f"**{facet.label}** {text}")
        yield row(control.roles(put_id(facet, now), there, f"{facet.label}: nobody yet", MOST))


def _answers(sight: Sight) -> Iterator[_Item]:
    yield ui.TextDisplay("Each holds for all channels of this server.")
    for name in ("visibility", "theme", "caution"):
        yield ui.TextDisplay(f"**{FACETS[name].label}**")
        yield row(_worded(name, sight.settings))


def _team(sight: Sight) -> Iterator[_Item]:
    audit = FACETS["audit"]
    now = audit.read(sight.settings, "")
    yield ui.TextDisplay(
        "**Audit channel**: who published what, drafts that wait, and answers that failed. "
        "Choose one that students do not see."
    )
    chosen = [id_ for id_ in now if _there(sight, id_)]
    yield row(control.channel(put_id(audit, now), chosen, "No audit channel", control.TEXT))
    on = sight.settings.keep_questions
    yield ui.TextDisplay(_KEEPING.format(state=WORDS["keep"]["on" if on else "off"][0]))
    danger = discord.ButtonStyle.danger
    if not on:
        yield row(button(identified("keep", "on"), "Keep the words for 30 days"))
    elif sight.asking:
        yield ui.TextDisplay("**Delete all words that were kept?** This cannot be undone.")
        yield row(
            button(identified("keep", "off"), "Delete them, keep no more", danger),
            button(identified("keep", "stay"), "Leave it on"),
        )
    else:
        yield row(button(identified("keep", "ask"), "Keep no more"))
    yield from _warned(audit_warnings(sight.client, sight.guild, sight.settings))


def _worded(name: str, settings: GuildSettings) -> _Item:
    facet = FACETS[name]
    now = facet.read(settings, "")
    options = [
        discord.SelectOption(label=label, description=about or None, value=value, default=value == now[0])
        for value, (label, about) in WORDS[name].items()
    ]
    return menu(put_id(facet, now), options)


def _there(sight: Sight, id_: str) -> bool:
    """Tell whether Discord would take a channel as chosen."""
    return sight.guild is None or sight.guild.get_channel(int(id_)) is not None


def _warned(found: Sequence[str]) -> Iterator[_Item]:
    if found:
        lines = fit([f"⚠️ {one}" for one in found], _WARNINGS)
        if len(lines) < len(found):
            lines.append(f"⚠️ And {len(found) - len(lines)} more; look at each channel.")
        yield ui.TextDisplay("\n".join(lines))


_BODIES = {
    Section.OVERVIEW: _overview,
    Section.CHANNELS: _channels,
    Section.ROLES: _roles,
    Section.ANSWERS: _answers,
    Section.TEAM: _team,
}
