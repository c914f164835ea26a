"""The parts of a server's settings that are changed one at a time, each as a list of words or ids.

What somebody has seen of a part, and what it was before, fits into the id of a button: cards work after a
restart, and two people who change different channels do not stand in each other's way.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.storage.guild_settings import Caution, GuildSettings, Mode, Theme, Visibility

Values = tuple[str, ...]

ALL = "all"
MOST = 5
"""Roles, or tags, in one part: as many as fit into the id of a button."""
_MOST = 25
"""In one menu of Discord's."""
_ID = re.compile("[0-9]{1,20}")
_IDS = 2**64
_ID_LENGTH = 11
_DIGEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One part of the settings; those of a channel are read and changed for the channel that is given."""

    name: str
    """As it stands in the ids of buttons."""
    setting: str
    """Where it is stored."""
    label: str
    read: Callable[[GuildSettings, str], Values]
    change: Callable[[GuildSettings, str, Values], Any]
    """Gives the new value of the whole setting."""
    words: frozenset[str] = frozenset()
    """What a value may be, besides the id of something on Discord."""
    ids: bool = False
    """Whether a value may be such an id."""
    least: int = 0
    most: int = 1
    """How many values it has."""
    in_channel: bool = False
    """Whether it belongs to a channel."""

    def takes(self, channel: str, values: Values) -> bool:
        """Tell whether these can be its values: what comes back from a card need not be what was on it."""
        return (
            (_is_id(channel) if self.in_channel else not channel)
            and self.least <= len(values) <= self.most
            and all(value in self.words or (self.ids and _is_id(value)) for value in values)
        )


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and int(text) < _IDS


def digest(values: Sequence[str]) -> str:
    """Return a few characters by which somebody's picture of a part is compared with what is there now."""
    told = hashlib.sha256("\n".join(values).encode()).digest()
    return base64.urlsafe_b64encode(told).decode()[:_DIGEST]


def packed(values: Sequence[str]) -> str:
    """Write words and ids shortly."""
    return ".".join(_packed(value) for value in values)


def unpacked(text: str) -> Values:
    """Read what `packed` wrote."""
    return tuple(_unpacked(part) for part in text.split(".") if part)


def _packed(value: str) -> str:
    if not value.isdecimal():
        return value
    return base64.urlsafe_b64encode(int(value).to_bytes(8, "big")).decode().rstrip("=")


def _unpacked(part: str) -> str:
    if len(part) != _ID_LENGTH:
        return part
    try:
        return str(int.from_bytes(base64.urlsafe_b64decode(f"{part}="), "big"))
    except ValueError:
        return part  # nobody packed it, and no part of the settings takes it


def _one(name: str, label: str, words: Iterable[str]) -> Facet:
    return Facet(
        name=name,
        setting=name,
        label=label,
        read=lambda settings, _: (str(getattr(settings, name)),),
        change=lambda _settings, _channel, values: values[0],
        words=frozenset(words),
        least=1,
    )


def _roles(name: str, label: str) -> Facet:
    return Facet(
        name=name,
        setting=name,
        label=label,
        read=lambda settings, _: tuple(getattr(settings, name)),
        change=lambda _settings, _channel, values: values,
        ids=True,
        most=_MOST,
    )


def _without(entries: Mapping[str, Any], channel: str) -> dict[str, Any]:
    return {id_: value for id_, value in entries.items() if id_ != channel}


def _mode(settings: GuildSettings, channel: str) -> Values:
    mode = settings.channels.get(channel)
    return () if mode is None else (mode.value,)


def _with_mode(settings: GuildSettings, channel: str, values: Values) -> dict[str, Mode]:
    others = _without(settings.channels, channel)
    return others | {channel: Mode(values[0])} if values else others


def _posts(settings: GuildSettings, channel: str) -> Values:
    tags = settings.forums.get(channel)
    return () if tags is None else tags or (ALL,)


def _with_posts(settings: GuildSettings, channel: str, values: Values) -> dict[str, Values]:
    others = _without(settings.forums, channel)
    return others | {channel: tuple(tag for tag in values if tag != ALL)} if values else others


FACETS = {
    facet.name: facet
    for facet in (
        _one("elsewhere", "All other channels", Mode),
        _one("visibility", "Replies to commands", Visibility),
        _one("theme", "Plots", Theme),
        _one("caution", "How sure I have to be", Caution),
        _roles("instructors", "Instructors"),
        _roles("assistants", "Teaching assistants"),
        _roles("helpers", "Helpers"),
        Facet(
            name="audit",
            setting="audit_channel",
            label="Audit channel",
            read=lambda settings, _: () if settings.audit_channel is None else (settings.audit_channel,),
            change=lambda _settings, _channel, values: values[0] if values else None,
            ids=True,
        ),
        Facet(
            name="keep",
            setting="keep_questions",
            label="Words of unanswered questions",
            read=lambda settings, _: ("on" if settings.keep_questions else "off",),
            change=lambda _settings, _channel, values: values[0] == "on",
            words=frozenset(("on", "off")),
            least=1,
        ),
        Facet(
            name="mode",
            setting="channels",
            label="This channel",
            read=_mode,
            change=_with_mode,
            words=frozenset(Mode),
            in_channel=True,
        ),
        Facet(
            name="posts",
            setting="forums",
            label="New posts",
            read=_posts,
            change=_with_posts,
            words=frozenset((ALL,)),
            ids=True,
            most=_MOST,
            in_channel=True,
        ),
    )
}
