"""The messages between the bot and a job's process: JSON and raw bytes, never pickle.

The bot sends one `Order` when it starts the process.  The job answers over its own pipe with any number of
`Progress` and then one `Result` or `Failure`.  A frame is one byte for its kind and a JSON object; a result's
files follow as one raw frame each.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, Self

from bot.jobs.job import Limits, Progress, Result

_PROGRESS, _RESULT, _FAILURE = b"P", b"R", b"F"

_OTHER_FRAMES = 64 * 2**10
"""Room for progress and failures, whose texts the job cuts, when the cap for results is tiny."""


class ResultTooLargeError(Exception):
    """The result does not fit under the cap."""


class Trouble(StrEnum):
    """How a job's own process can say that it failed."""

    REFUSED = "refused"
    MEMORY = "memory"
    TOO_LARGE = "too large"
    FILE_TOO_LARGE = "file too large"
    BUG = "bug"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything a job's process is told."""

    task: str
    tasks: Mapping[str, str]
    request: Mapping[str, Any]
    limits: Limits

    def pack(self) -> bytes:
        """Write the order as JSON."""
        fields = {
            "task": self.task,
            "tasks": dict(self.tasks),
            "request": dict(self.request),
            "limits": asdict(self.limits),
        }
        return json.dumps(fields, allow_nan=False).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Read what `pack` wrote."""
        fields: dict[str, Any] = json.loads(packed)
        limits = Limits(**fields.pop("limits"))
        return cls(limits=limits, **fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a job's process says about its own end."""

    trouble: Trouble
    text: str = ""
    exception_type: str = ""
    trace: str = ""


def _send(connection: Connection, kind: bytes, fields: Mapping[str, Any]) -> None:
    connection.send_bytes(kind + json.dumps(fields).encode())


def send_progress(connection: Connection, progress: Progress) -> None:
    """Tell the bot how far the job is."""
    _send(connection, _PROGRESS, asdict(progress))


def send_failure(connection: Connection, failure: Failure) -> None:
    """Tell the bot why there is no result."""
    _send(connection, _FAILURE, asdict(failure))


def send_result(
    connection: Connection, data: Mapping[str, Any], files: Mapping[str, bytes], *, cap: int
) -> None:
    """Send a result, if it is what a task promises and at most `cap` bytes.

    Raises:
        TypeError: If the data or files are of the wrong type.
        ValueError: If the data hold a number that JSON cannot: infinite, or not a number.
        ResultTooLargeError: If it is over the cap; then nothing was sent.
    """
    if not isinstance(data, dict):
        raise TypeError(f"a task returns a dict first, not {type(data).__name__}")
    for name, content in files.items():
        if not isinstance(content, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] a task may break its promise
            raise TypeError(f"the file {name!r} must be bytes, not {type(content).__name__}")
    header = json.dumps({"data": data, "files": list(files)}, allow_nan=False).encode()
    if len(header) + sum(map(len, files.values())) > cap:
        raise ResultTooLargeError
    connection.send_bytes(_RESULT + header)
    for content in files.values():
        connection.send_bytes(content)


def receive(connection: Connection, *, cap: int) -> Progress | Result | Failure:
    """Wait for the job's next message.

    Raises:
        EOFError: If the job's process ended.
        OSError: If it ended in the middle of a message, or sent more than `cap` bytes at once.
        ValueError: If it sent something else.
    """
    frame = connection.recv_bytes(cap + _OTHER_FRAMES)
    fields: dict[str, Any] = json.loads(frame[1:])
    match frame[:1]:
        case b"P":
            return Progress(**fields)
        case b"F":
            trouble = Trouble(fields.pop("trouble"))
            return Failure(trouble=trouble, **fields)
        case b"R":
            return Result(
                data=fields["data"], files={name: connection.recv_bytes(cap) for name in fields["files"]}
            )
        case kind:
            raise ValueError(f"a job sent a message of the unknown kind {kind!r}")
