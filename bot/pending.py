"""Requests under way, kept on disk so that a bot that was killed can answer them after its next start.

One small JSON file per request, for as long as it takes: what was asked, by whom, and where the answer goes.
The files hold interaction tokens and people's words, so only the bot's own user can read them, and none
outlives a start after which Discord could be reached.
"""

import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from answers.followups import Turn

_log = logging.getLogger(__name__)

_WHOLE, _HALF = ".json", ".new"
_TOO_OFTEN = 1_000


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # another version may write more


class Question(_Kept):
    """A question in somebody's own words."""

    kind: Literal["question"] = "question"
    text: str
    previous: Turn | None = None
    """The answer that it follows up."""
    number: int | None = None
    """Under which the question before was counted, where a button says so."""


class Choice(_Kept):
    """An answer chosen from the library."""

    kind: Literal["choice"] = "choice"
    answer: str
    knobs: str = ""
    """The network it is to be run on, as `answers.parameters.written` writes it."""
    offered: bool = False
    """Whether it was one of those that a question was offered."""
    number: int | None = None
    """Under which that question was counted."""
    question: str = ""
    """Its words, if they are still known."""


class Configuration(_Kept):
    """Networks to be simulated."""

    kind: Literal["configuration"] = "configuration"
    spec: str


class Played(_Kept):
    """What a card shows, with something changed, in the place of the card or as a copy of it."""

    kind: Literal["played"] = "played"
    state: str
    """What it shows, as `bot.discord.playing.state` writes it."""
    change: str = ""
    """The knob to be changed in that, as the grammar writes it."""
    before: str = ""
    """What the card shows until then, to which an undo leads back."""
    undone: bool = False
    number: int | None = None
    """Under which the question was counted."""
    question: str = ""
    """Its words, if they are still known."""
    asked: bool = False
    """Whether a human was asked."""
    shared: bool = False
    """Whether who wants it shows it to the others."""
    kept: str = ""
    """The components of the card that is changed, as JSON: it stays when nothing comes of it."""


Section = Literal["more", "sources", "code", "table", "csv"]


class Extra(_Kept):
    """Something beside what a card shows."""

    kind: Literal["extra"] = "extra"
    state: str
    section: Section
    question: str = ""


Wanted = Question | Choice | Configuration | Played | Extra


class InteractionAddress(_Kept):
    """The answer to a command or a button: a message that Discord lets us change for 15 minutes."""

    kind: Literal["interaction"] = "interaction"
    application: int
    token: str = Field(repr=False)
    channel: int | None
    message: int | None = None
    """The waiting message."""
    private: bool = False


class MessageAddress(_Kept):
    """The reply to a message."""

    kind: Literal["message"] = "message"
    channel: int
    question: int
    message: int | None = None
    """The waiting message."""


Address = InteractionAddress | MessageAddress


class Pending(_Kept):
    """A request that was accepted and is not answered yet."""

    id: int
    """The interaction's or the message's."""
    user: int
    guild: int | None
    address: Annotated[Address, Field(discriminator="kind")]
    wanted: Annotated[Wanted, Field(discriminator="kind")]
    when: float = Field(default_factory=time.time)
    """Seconds since 1970."""
    attempts: int = 1
    """How often it was begun, this time included."""

    @property
    def age(self) -> float:
        """Seconds since it was asked; nothing was asked in the future, whatever the clock says."""
        return max(0.0, time.time() - self.when)


class _Reachable(_Kept):
    """What another version of the bot has written, as far as its asker can be told."""

    id: int
    user: int
    guild: int | None
    address: Annotated[Address, Field(discriminator="kind")]
    when: float

    def unanswerable(self) -> Pending:
        """Return a request that is not run again."""
        nothing = Question(text="")
        return Pending(**dict(self), wanted=nothing, attempts=_TOO_OFTEN)


class PendingFolder:
    """The files, written in the order of the calls by a thread of their own: no caller waits for a disk.

    A disk that is full or broken costs the safety net, not the answers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pending")
        self._works = True
        self._made = False

    def keep(self, pending: Pending) -> Future[None]:
        """Write a request down, over what was written of it before."""
        return self._thread.submit(self._guarded, lambda: self._write(pending))

    def forget(self, id_: int) -> Future[None]:
        """Remove a request that was answered."""
        return self._thread.submit(self._guarded, lambda: self._path(id_).unlink(missing_ok=True))

    def leftovers(self) -> list[Pending]:
        """Read what an earlier run of the bot left, the oldest first, and remove what is no request.

        What was half written when the bot was killed is not read at all: of a first note the asker was not
        told anything yet, and of a later one the note before is still there.

        To be called before the first `keep`; it reads files, so not in an event loop.
        """
        found: list[Pending] = []
        for path in self._files(_HALF):
            self._remove(path)
        for path in self._files(_WHOLE):
            try:
                pending = _read(path.read_bytes())
            except (OSError, ValidationError) as error:
                # Neither the error's text nor the file: both may hold a token or somebody's words.
                _log.warning("removed %s, which is no request: %s", path.name, type(error).__name__)
                self._remove(path)
                continue
            if path == self._path(pending.id):
                found.append(pending)
            else:
                # Under another name it would never be forgotten, and might be there twice.
                _log.warning("removed %s, which has not the name of its request", path.name)
                self._remove(path)
        return sorted(found, key=lambda one: one.when)

    def close(self) -> None:
        """Finish writing."""
        self._thread.shutdown()

    def _files(self, ending: str) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path.suffix == ending and path.is_file()]
        except OSError:
            return []

    def _remove(self, path: Path) -> None:
        self._guarded(lambda: path.unlink(missing_ok=True))

    def _path(self, id_: int) -> Path:
        return self._folder / f"{id_}{_WHOLE}"

    def _write(self, pending: Pending) -> None:
        path = self._path(pending.id)
        half = path.with_suffix(_HALF)
        if not (self._made and self._folder.is_dir()):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not synchronised: this is for a process that dies, not for a machine that does.
        with open(half, "wb", opener=_for_owner) as file:
            file.write(pending.model_dump_json().encode())
        half.replace(path)
        self._made = True

    def _guarded(self, step: Callable[[], object]) -> None:
        try:
            step()
        except OSError as error:
            if self._works:
                _log.warning(
                    "cannot note requests under way in %s: %s; if the bot is killed now, nobody answers them",
                    self._folder,
                    error.strerror,
                )
            self._works = self._made = False
        else:
            self._works = True


def _read(note: bytes) -> Pending:
    try:
        return Pending.model_validate_json(note)
    except ValidationError:
        return _Reachable.model_validate_json(note).unanswerable()


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
