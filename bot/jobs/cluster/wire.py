"""What travels between the bot and a worker's thread: JSON and raw bytes, never our objects.

dask.distributed pickles the call around it, which is one function's name and one `bytes`; so is the answer.
An answer is a line of JSON and, after it, the contents of a result's files.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.jobs.errors import (
    JobCrashed,
    JobError,
    JobFailed,
    JobOutOfCpu,
    JobOutOfMemory,
    JobOutputTooLarge,
    JobRefused,
    JobTimedOut,
)
from bot.jobs.job import Job, Limits, Result

_ERRORS: Mapping[str, type[JobError]] = {
    error.__name__: error
    for error in (
        JobCrashed,
        JobFailed,
        JobOutOfCpu,
        JobOutOfMemory,
        JobOutputTooLarge,
        JobRefused,
        JobTimedOut,
    )
}
"""All that can be the job's own end; `JobCancelled` is what happened to it, see `Again`."""


class Again(Exception):
    """This worker did not run the job to its end, which says nothing about the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A job, and the version of the code that it is meant for."""

    code: str
    job: Job

    def pack(self) -> bytes:
        """Write the errand as JSON."""
        job = self.job
        fields = {
            "code": self.code,
            "task": job.task,
            "request": dict(job.request),
            "limits": asdict(job.limits),
        }
        return json.dumps(fields, allow_nan=False).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Read what `pack` wrote."""
        fields: dict[str, Any] = json.loads(packed)
        job = Job(task=fields["task"], request=fields["request"], limits=Limits(**fields["limits"]))
        return cls(code=fields["code"], job=job)


def pack_result(result: Result) -> bytes:
    """Write an answer that is the job's result."""
    sizes = {name: len(content) for name, content in result.files.items()}
    return b"".join([_line(data=result.data, files=sizes), *result.files.values()])


def pack_error(error: JobError) -> bytes:
    """Write an answer that is the job's bad end."""
    return _line(error=type(error).__name__, arguments=error.args)


def pack_again(reason: str) -> bytes:
    """Write an answer that is none."""
    return _line(again=reason)


def unpack_answer(answer: bytes) -> Result:
    """Read what one of the three above wrote.

    Raises:
        JobError: The job's own.
        Again: If the worker has no answer.
        ValueError: If it is none of the three.
    """
    header, _, rest = answer.partition(b"\n")
    match json.loads(header):
        case {"data": data, "files": sizes}:
            return Result(data=data, files=_cut(rest, sizes))
        case {"error": name, "arguments": arguments} if name in _ERRORS:
            raise _ERRORS[name](*arguments)
        case {"again": reason}:
            raise Again(reason)
        case _:
            raise ValueError(f"a worker sent an answer of an unknown kind: {header[:200]!r}")


def _line(**fields: object) -> bytes:
    return json.dumps(fields, allow_nan=False).encode() + b"\n"


def _cut(contents: bytes, sizes: Mapping[str, int]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    start = 0
    for name, size in sizes.items():
        files[name] = contents[start : start + size]
        start += size
    if start != len(contents):
        raise ValueError(f"a worker sent {len(contents)} bytes of files instead of {start}")
    return files
