"""Files that people attach, honest or not, and where the bot finds them."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from .ids import APPLICATION_ID

if TYPE_CHECKING:
    from .payloads import Json
    from .world import World

_GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as someone attaches it; what is announced of it need not be true.

    `size` is what is announced instead of the length of `data`, `content_type` instead of what its name says
    (None announces none), and another `status` than 200 is what the download answers, without the data.
    """

    name: str
    data: bytes
    size: int | None = None
    content_type: str | None = _GUESS
    status: int = 200


def attach(world: World, file: Attached | tuple[str, bytes]) -> Json:
    """Put a file where the bot can load it, and describe it as an interaction does."""
    given = file if isinstance(file, Attached) else Attached(*file)
    attachment_id = world.new_id()
    world.files[attachment_id] = given.data
    if given.status != 200:
        world.unavailable[attachment_id] = given.status
    url = f"{world.base}/ephemeral-attachments/{APPLICATION_ID}/{attachment_id}/{quote(given.name, safe='')}"
    described: Json = {
        "id": attachment_id,
        "filename": given.name,
        "size": len(given.data) if given.size is None else given.size,
        "url": url,
        "proxy_url": url,
        "ephemeral": True,
    }
    kind = _content_type(given)
    return described if kind is None else described | {"content_type": kind}


def _content_type(file: Attached) -> str | None:
    if file.content_type != _GUESS:
        return file.content_type
    guess = mimetypes.guess_type(file.name)[0]
    return f"{guess}; charset=utf-8" if guess is not None and guess.startswith("text/") else guess
