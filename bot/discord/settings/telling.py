"""The settings of a server in words."""

from collections.abc import Callable, Mapping

import discord

from bot.discord.settings.changing import Beaten, Changed
from bot.discord.settings.facets import ALL, Facet, Values
from bot.discord.words import quiet, when
from bot.storage.guild_settings import GuildSettings, Mode

WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "elsewhere": {
        "addressed": ("Answer when addressed", "I answer commands, mentions and replies to my answers"),
        "answer": ("Answer questions by myself", "Also questions to nobody, if I am sure; else I am silent"),
        "off": ("Off", "I say nothing there"),
    },
    "visibility": {
        "public": ("Everybody sees replies to commands", "Unless the asker says private"),
        "private": ("Only the asker sees replies to commands", "Unless the asker says private: False"),
    },
    "theme": {
        "dark": ("Dark plots", "For Discord's dark theme, which most people have"),
        "light": ("Light plots", "For Discord's light theme, and for print"),
    },
    "caution": {
        "careful": ("Careful", "I answer less, and am hardly ever wrong"),
        "balanced": ("Balanced", "I answer most questions, and offer a choice in doubt"),
        "eager": ("Eager", "I answer more, and am wrong more often"),
    },
    "keep": {"on": ("kept for 30 days", ""), "off": ("not kept", "")},
}
"""Of every part that has a few values: what each is called, and what it means."""
_MODES = {"off": "off", "addressed": "when addressed", "answer": "answers questions by itself"}
_MOST_LISTED = 12
_NOBODY = "nobody yet"


def overview(settings: GuildSettings, tag: Callable[[str, str], str]) -> str:
    """Say everything that a server has decided, and what holds where it has not.

    Args:
        settings: of the server.
        tag: gives the name of a forum's tag.
    """
    lines = ["**Channels**", *_channels(settings)]
    lines += [f"- <#{id_}>, new posts: {posts(settings, id_, tag)}" for id_ in settings.forums]
    lines += [
        "**Roles**",
        f"- Instructors: {_mentioned(settings.instructors)}, and who has Manage Server",
        f"- Teaching assistants: {_mentioned(settings.assistants)}",
        f"- Helpers: {_mentioned(settings.helpers)}",
        "**Answers**",
        *(f"- {WORDS[name][str(getattr(settings, name))][0]}" for name in ("visibility", "theme")),
        f"- How sure I have to be: {WORDS['caution'][settings.caution.value][0].lower()}",
        "**Team**",
        f"- Audit channel: {f'<#{settings.audit_channel}>' if settings.audit_channel else 'none yet'}",
        f"- Words of unanswered questions: {WORDS['keep']['on' if settings.keep_questions else 'off'][0]}",
    ]
    return "\n".join(lines)


def _channels(settings: GuildSettings) -> list[str]:
    by_mode: dict[Mode, list[str]] = {}
    for id_, mode in settings.channels.items():
        by_mode.setdefault(mode, []).append(f"<#{id_}>")
    lines = [f"- {_many(found)}: {_MODES[mode.value]}" for mode, found in by_mode.items()]
    return [*lines, f"- {'All others' if lines else 'All'}: {_MODES[settings.elsewhere.value]}"]


def _many(found: list[str]) -> str:
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return ", ".join(found[:_MOST_LISTED]) + more


def posts(settings: GuildSettings, forum: str, tag: Callable[[str, str], str]) -> str:
    """Say which new posts of a forum are answered."""
    tags = settings.forums.get(forum)
    if tags is None:
        return "not answered"
    if not tags:
        return "answered, if I am sure"
    return f"answered, if I am sure and they are tagged {' or '.join(tag(forum, one) for one in tags)}"


def shown(facet: Facet, values: Values, channel: str, tag: Callable[[str, str], str]) -> str:
    """Say one part in words."""
    if facet.name in WORDS:
        return WORDS[facet.name][values[0]][0].lower()
    if facet.name == "mode":
        return _MODES[values[0]] if values else "like all others"
    if facet.name == "posts":
        return " or ".join("all" if one == ALL else tag(channel, one) for one in values) or "not answered"
    if facet.name == "audit":
        return f"<#{values[0]}>" if values else "none"
    return _mentioned(values)


def told(result: Changed | Beaten, *, again: bool, tag: Callable[[str, str], str]) -> str:
    """Say what became of a change."""
    facet, channel = result.facet, result.channel
    now = facet.read(result.settings, channel)
    place = f"<#{channel}>, " if channel else ""
    label = facet.label[:1].lower() + facet.label[1:] if channel else facet.label
    is_now = shown(facet, now, channel, tag)
    if isinstance(result, Beaten):
        who = quiet(result.winner.name) if result.winner else "Somebody"
        since = f" {when(result.at, 'R')}" if result.at else ""
        return (
            f"⚠️ **{who} changed this{since}**, so nothing of yours was saved. {place}{label}: now {is_now}. "
            "Choose again if you want it otherwise."
        )
    if result.before == now:
        return f"✅ {place}{label}: {is_now}, as before."
    was = shown(facet, result.before, channel, tag)
    how = "put back by you just now" if again else "changed by you just now"
    return f"✅ **{place}{label}**: {was} → {is_now} · {how}"


def described(result: Changed, tag: Callable[[str, str], str]) -> str:
    """Say what was changed, to those who did not do it."""
    facet, channel = result.facet, result.channel
    was, now = (
        shown(facet, one, channel, tag) for one in (result.before, facet.read(result.settings, channel))
    )
    return f"{f'<#{channel}>, ' if channel else ''}{facet.label}: {was} → {now}"


def tag_names(guild: discord.Guild | None) -> Callable[[str, str], str]:
    """Return what names the tags of a server's forums."""

    def name(forum: str, tag: str) -> str:
        channel = guild.get_channel(int(forum)) if guild is not None else None
        tags = channel.available_tags if isinstance(channel, discord.ForumChannel) else ()
        return next((f"*{quiet(one.name)}*" for one in tags if str(one.id) == tag), "*a tag that is gone*")

    return name


def _mentioned(roles: Values) -> str:
    return ", ".join(f"<@&{id_}>" for id_ in roles) or _NOBODY
