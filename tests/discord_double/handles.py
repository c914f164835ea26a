"""What a test holds in its hand: a request, a message that was sent, an interaction, a posted message."""

# The timeouts are part of the double's interface: every wait of a test says how long it may last.
# ruff: noqa: ASYNC109

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import components

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .payloads import Json
    from .world import World


@dataclass(slots=True, kw_only=True)
class Request:
    """One REST request as it came in, with what was wrong about it and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    json: Any
    files: dict[str, bytes]
    headers: Mapping[str, str]
    at: float
    problems: list[str] = field(default_factory=list[str])
    status: int | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or 'no answer yet'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message of the bot as Discord stored it after one request, with the files it then had."""

    message: Json
    files: dict[str, bytes]
    request: Request

    @property
    def text(self) -> str:
        """Everything a reader sees as text: content, embeds and text displays."""
        return "\n".join(part for part in components.texts(self.message) if part)

    @property
    def alt_texts(self) -> list[str]:
        """The descriptions of every picture and file."""
        return components.descriptions(self.message)

    @property
    def custom_ids(self) -> list[str]:
        """The custom ids of every button and menu, in order."""
        return [c["custom_id"] for c in components.walk(self.message["components"]) if c.get("custom_id")]

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked can see it."""
        return bool(self.message["flags"] & components.EPHEMERAL)


@dataclass(slots=True, kw_only=True)
class Interaction:
    """An interaction that was sent to the bot, and everything the bot did with it."""

    world: World
    payload: Json
    sent_at: float
    opened_by: Interaction | None = None
    callback: int | None = None
    callback_body: Json | None = None
    acknowledged_at: float | None = None
    original_id: str | None = None
    loading: bool = False
    expired: bool = False
    messages: list[Sent] = field(default_factory=list[Sent])
    first: list[Sent] = field(default_factory=list[Sent])

    @property
    def modal(self) -> Json:
        """The modal that the bot opened."""
        if self.callback != components.CALLBACK_MODAL or self.callback_body is None:
            raise LookupError(f"the bot opened no modal: callback {self.callback}")
        return self.callback_body["data"]

    async def acknowledged(self, timeout: float = 3) -> float:
        """Wait for the callback and return the seconds between the event and it."""
        look: Callable[[], float | None] = lambda: self.acknowledged_at  # noqa: E731 - typed for the checker
        return await self.world.changes.until(look, timeout, self._state("an acknowledgement")) - self.sent_at

    async def followup(self, timeout: float = 30) -> Sent:
        """Wait for the first follow-up or edit of @original that shows something."""
        return await self.until(lambda _: True, timeout)

    async def until(self, wanted: Callable[[Sent], bool], timeout: float = 30) -> Sent:
        """Wait for the first follow-up or edit that is `wanted`: progress messages may come first."""
        look: Callable[[], Sent | None] = lambda: next((s for s in self.messages if wanted(s)), None)  # noqa: E731
        return await self.world.changes.until(look, timeout, self._state("a follow-up"))

    async def answer(self, timeout: float = 30) -> Sent:
        """Wait for the first visible message of any kind, also one inside the callback itself."""
        look: Callable[[], Sent | None] = lambda: next(iter(self.first), None)  # noqa: E731
        return await self.world.changes.until(look, timeout, self._state("a visible message"))

    def show(self, sent: Sent, *, inside_callback: bool) -> None:
        """Note a message of the bot, if there is something to see in it."""
        if not components.visible(sent.message):
            return
        self.first.append(sent)
        if not inside_callback:
            self.messages.append(sent)

    def _state(self, wanted: str) -> Callable[[], str]:
        def say() -> str:
            after = [str(r) for r in self.world.requests if r.at >= self.sent_at]
            return f"{wanted}; callback {self.callback}, requests since: {after or 'none'}"

        return say


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that someone wrote, and the bot's answers to it."""

    world: World
    message: Json
    mark: int

    @property
    def replies(self) -> list[Sent]:
        """What the bot posted since, as an answer to it, or without naming any message in the same place."""
        places = {self.message["channel_id"], self.message["id"]}
        return [sent for sent in self.world.sent[self.mark :] if self._answers(sent.message, places)]

    async def reply(self, timeout: float = 30) -> Sent:
        """Wait for the first answer."""
        return await self.until(lambda _: True, timeout)

    async def until(self, wanted: Callable[[Sent], bool], timeout: float = 30) -> Sent:
        """Wait for the first answer, or edit of one, that is `wanted`."""

        def say() -> str:
            return (
                f"a reply to {self.message['content']!r}; the bot posted {len(self.replies)} messages since"
            )

        look: Callable[[], Sent | None] = lambda: next((s for s in self.replies if wanted(s)), None)  # noqa: E731
        return await self.world.changes.until(look, timeout, say)

    def _answers(self, message: Json, places: set[str]) -> bool:
        reference = message.get("message_reference")
        if reference is not None:
            return reference["message_id"] == self.message["id"]
        # A thread that is started from a message has the message's id.
        return message["channel_id"] in places and "interaction_metadata" not in message


def plain(message: Json | Sent | Posted) -> Json:
    """Take the message out of whatever a test holds in its hand."""
    return message.message if isinstance(message, Sent | Posted) else message
