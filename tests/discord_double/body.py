"""Reading the body of a request: JSON, or multipart with `payload_json` and `files[n]`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader

if TYPE_CHECKING:
    from aiohttp import web

_FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One uploaded file."""

    index: int
    name: str
    data: bytes


@dataclass(slots=True, kw_only=True)
class Body:
    """What a request carries; `present` tells a missing body from `null`."""

    present: bool = False
    json: Any = None
    uploads: list[Upload] = field(default_factory=list[Upload])
    problems: list[str] = field(default_factory=list[str])


async def read_body(request: web.Request) -> Body:
    """Read whatever came, noting what cannot be read instead of failing."""
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    body = Body()
    raw = await request.read()
    if raw:
        if request.content_type != "application/json":
            body.problems.append(f"the body is sent as {request.content_type}, not as application/json")
        _read_json(body, raw)
    return body


async def _read_multipart(request: web.Request) -> Body:
    body = Body()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            body.problems.append("the form holds a nested form")
            continue
        data = bytes(await part.read())
        name = part.name or ""
        if name == "payload_json":
            _read_json(body, data)
        elif found := _FILE_FIELD.fullmatch(name):
            body.uploads.append(Upload(index=int(found[1]), name=part.filename or "", data=data))
        else:
            body.problems.append(f"the form has a field {name!r}; only payload_json and files[n] are known")
    return body


def _read_json(body: Body, raw: bytes) -> None:
    try:
        body.json = json.loads(raw)
        body.present = True
    except ValueError as error:
        body.problems.append(f"the body is not JSON: {error}")
