"""What a server decides: one value with a default for everything."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.storage.errors import Unstorable
from sim.knobs import nearest


class Mode(StrEnum):
    """What the bot does in a channel."""

    OFF = "off"
    """It says nothing there."""
    ADDRESSED = "addressed"
    """It answers who mentions it or uses a command."""
    ANSWER = "answer"
    """It answers questions that it is sure of, too."""


class Visibility(StrEnum):
    """Who sees the reply to a command, unless the asker says otherwise."""

    PRIVATE = "private"
    PUBLIC = "public"


class Theme(StrEnum):
    """Of the plots."""

    DARK = "dark"
    LIGHT = "light"


class Caution(StrEnum):
    """How sure is sure enough to answer."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """The settings of a server; ids are the platform's, as text."""

    channels: Mapping[str, Mode] = field(default_factory=dict[str, Mode])
    """By channel; the others are like `elsewhere`."""
    elsewhere: Mode = Mode.ADDRESSED
    forums: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Forum channels in which new posts are answered, with the tags that a post needs one of; none: all."""
    instructors: tuple[str, ...] = ()
    """Roles that publish answers and change these settings."""
    assistants: tuple[str, ...] = ()
    """Roles that write drafts and see the inbox."""
    helpers: tuple[str, ...] = ()
    """Roles that a question can be passed on to."""
    visibility: Visibility = Visibility.PUBLIC
    theme: Theme = Theme.DARK
    caution: Caution = Caution.BALANCED
    language: str = "en"
    audit_channel: str | None = None
    keep_questions: bool = False
    """Whether the words of unanswered questions go to the inbox, for thirty days."""


NAMES = tuple(each.name for each in fields(GuildSettings))
_READER = TypeAdapter(GuildSettings)


def with_changes(settings: GuildSettings, changes: Mapping[str, Any]) -> GuildSettings:
    """Return settings with some of them changed.

    Raises:
        Unstorable: there is no such setting, or it has no such value.
    """
    for name in changes:
        if name not in NAMES:
            raise Unstorable(f"There is no setting {name!r}; {nearest(name, list(NAMES))}")
    try:
        return _READER.validate_python(asdict(settings) | dict(changes))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in detail["loc"])
        wanted = detail["msg"][:1].lower() + detail["msg"][1:]
        raise Unstorable(f"{place}: {wanted}; got {detail['input']!r:.60}; choose another.") from None


def from_stored(stored: Mapping[str, Any]) -> GuildSettings:
    """Return the settings of what was stored; what this version does not understand is the default."""
    settings = GuildSettings()
    for name, value in stored.items():
        try:
            settings = with_changes(settings, {name: value})
        except Unstorable:
            continue
    return settings


def to_stored(settings: GuildSettings, name: str) -> Any:
    """Return one setting as JSON data."""
    return _READER.dump_python(settings, mode="json")[name]
