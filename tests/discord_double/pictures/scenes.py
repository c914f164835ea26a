"""What the real bot says on a server with a past, one message after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discord_double import ASSISTANT, AUDIT_ID, INSTRUCTOR, STUDENT, TEACHER, Sent
from discord_double.bot_process import is_final, is_waiting
from discord_double.components import walk

from .page import menu_page, message_page, modal_page
from .seen import seen_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from discord_double import DiscordDouble, Interaction

    Json = dict[str, Any]

_SECONDS = 90
_QUESTION = "Why do sigmoid and tanh make the gradient vanish?"
_NEAR = "first layers hardly get any learning signal, why?"
_NETWORK = "depth=30 sigmoid vs relu he"
_SLOW = "8x64 sigmoid data=blobs lr=0.1 seeds=8 steps=4000"
_PERCENT = re.compile(r"(\d+) %")
_STOP = "backchat:1:d:stop:"
_FORM = {
    "title": "What does a dead unit do to its neighbours?",
    "phrasings": "what if a neuron dies\ndo dead units matter\ncan one dead relu spoil a layer",
    "body": "A unit whose output is always zero passes nothing on, and no gradient comes back through it.\n\n"
    "The layer gets by with the others, which is why one dead unit is seldom seen in the loss.",
    "simulations": "main: gradients\n- plain: 12x32 relu he\n- leaky: leaky_relu",
    "claims": "level: The gradient keeps its size.\nholds: plain.factor_per_layer > 0.99",
}
_SOURCES = {
    "sources": "A. Author | 2013 | A paper about units | https://example.org/units",
    "try_next": "",
    "related": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture to be taken: how to draw its page in a theme."""

    name: str
    page: Callable[[str], str]
    alternatives: tuple[str, ...] = ()
    """What somebody hears who does not see the pictures in it."""


async def scenes(double: DiscordDouble) -> AsyncIterator[Scene]:
    """Have everything said, and hand on each message as soon as it is there."""
    for play in (_asking, _simulating, _waiting, _finding_out, _teaching, _looking_back):
        async for scene in play(double):
            yield scene


async def _asking(double: DiscordDouble) -> AsyncIterator[Scene]:
    answer = await _final(await double.slash("ask", {"question": _QUESTION}))
    yield _shown("answer", double, answer)
    for name, id_ in _menus(answer).items():
        yield Scene(
            name=f"answer-{name}", page=lambda theme, id_=id_: menu_page(answer.message, id_, theme=theme)
        )
    yield _shown("offer", double, await _final(await double.slash("ask", {"question": _NEAR})))
    yield _shown("no-answer", double, await _final(await double.slash("ask", {"question": "when is lunch?"})))


async def _simulating(double: DiscordDouble) -> AsyncIterator[Scene]:
    card = await _final(await double.slash("simulate", {"spec": _NETWORK}))
    yield _shown("simulate", double, card)
    deeper = await double.press(_menus(card)["change"], card, values=["depth=60"])
    yield _shown("simulate-changed", double, await _final(deeper))


async def _waiting(double: DiscordDouble) -> AsyncIterator[Scene]:
    asked = await double.slash("simulate", {"spec": _SLOW})
    running = await asked.until(_is_half_way, timeout=_SECONDS)
    yield _shown("waiting", double, running)
    await double.press(running.custom_ids[-1], running)
    await _final(asked)


async def _finding_out(double: DiscordDouble) -> AsyncIterator[Scene]:
    yield _shown("explain", double, await _last(await double.slash("explain", {"word": "gain"})))
    for name, command, user in (
        ("help", "help", STUDENT),
        ("help-instructor", "help", INSTRUCTOR),
        ("about", "about", STUDENT),
        ("privacy", "privacy show", STUDENT),
        ("diagnose", "diagnose", INSTRUCTOR),
    ):
        asked = await double.slash(command, user_id=user)
        yield _shown(name, double, await _last(asked))


async def _teaching(double: DiscordDouble) -> AsyncIterator[Scene]:
    settings = await _final(await double.slash("settings", user_id=TEACHER))
    yield _shown("settings", double, settings)
    opened = await double.slash("answer new", {"id": "dead_units"}, user_id=INSTRUCTOR)
    await opened.acknowledged(timeout=_SECONDS)
    yield Scene(name="form", page=lambda theme: modal_page(opened.modal, theme=theme))
    sent_in = await double.submit(opened, _FORM, user_id=INSTRUCTOR)
    first = await sent_in.until(_is_reviewed, timeout=_SECONDS)
    more = await double.press(_labelled(first, "Sources…"), first, user_id=INSTRUCTOR)
    await more.acknowledged(timeout=_SECONDS)
    sent_in = await double.submit(more, _SOURCES, user_id=INSTRUCTOR)
    yield _shown("review", double, await sent_in.until(_is_reviewed, timeout=_SECONDS))
    preview = await sent_in.until(_is_preview, timeout=_SECONDS)
    yield _shown("preview", double, preview)
    await _last(await double.slash("answer disable", {"id": "relu"}, user_id=INSTRUCTOR))
    told = lambda: next(_told(double), None) is not None  # noqa: E731 - said once
    await double.until(told, timeout=_SECONDS)
    yield _drawn("audit", double, next(_told(double)))
    await _last(await double.slash("answer enable", {"id": "relu"}, user_id=INSTRUCTOR))


async def _looking_back(double: DiscordDouble) -> AsyncIterator[Scene]:
    yield _shown("inbox", double, await _last(await double.slash("inbox", user_id=INSTRUCTOR)))
    counted = await double.slash("stats", user_id=ASSISTANT)
    yield _shown("stats", double, await counted.until(lambda sent: bool(sent.files), timeout=_SECONDS))


def _shown(name: str, double: DiscordDouble, sent: Sent) -> Scene:
    return _drawn(name, double, sent.message, tuple(sent.alt_texts))


def _drawn(name: str, double: DiscordDouble, message: Json, alternatives: tuple[str, ...] = ()) -> Scene:
    seen = seen_in(double.world, message)
    return Scene(
        name=name, page=lambda theme: message_page(message, seen, theme=theme), alternatives=alternatives
    )


def _labelled(sent: Sent, label: str) -> str:
    found = (one for one in walk(sent.message["components"]) if one.get("label") == label)
    return next(found)["custom_id"]


def _menus(sent: Sent) -> Mapping[str, str]:
    """Name the menus of a card by what they are for."""
    names = {"backchat:1:card:c:": "change", "backchat:1:card:m:": "more"}
    return {name: id_ for id_ in sent.custom_ids for prefix, name in names.items() if id_.startswith(prefix)}


def _final(asked: Interaction) -> Awaitable[Sent]:
    return asked.until(is_final, timeout=_SECONDS)


async def _last(asked: Interaction) -> Sent:
    """Wait for what stays: cards of the course's team say in between that something is tried out."""
    look: Callable[[], Sent | None] = lambda: next(  # noqa: E731 - typed for the checker
        (one for one in reversed(asked.first) if _is_done(one)), None
    )
    return await asked.world.changes.until(look, _SECONDS, lambda: "a card that stays")


def _is_done(sent: Sent) -> bool:
    return is_final(sent) and not any(id_.startswith(_STOP) for id_ in sent.custom_ids)


def _is_half_way(sent: Sent) -> bool:
    found = _PERCENT.search(sent.text)
    return is_waiting(sent) and found is not None and int(found[1]) >= 40


def _is_preview(sent: Sent) -> bool:
    return bool(sent.files) and ":light:" in str(sent.custom_ids)


def _is_reviewed(sent: Sent) -> bool:
    return _is_done(sent) and not _is_preview(sent)


def _told(double: DiscordDouble) -> Iterator[Json]:
    return (one for one in double.world.messages.values() if one["channel_id"] == AUDIT_ID)
