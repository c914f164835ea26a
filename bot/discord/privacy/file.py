"""What is held about somebody as a file."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.discord.privacy.places import Place
from bot.errors import BadRequest

_MOST = 8 * 2**20
"""Bytes; Discord takes ten million."""


def to_file(places: Sequence[Place], user: str, now: datetime) -> tuple[str, bytes]:
    """Write everything as JSON, packed where Discord would not take it otherwise; return its name, too.

    Raises:
        BadRequest: not even packed would Discord take it.
    """
    document = {
        "made_at": now.isoformat(timespec="seconds"),
        "about": user,
        "servers": [_server(place) for place in places],
    }
    data = json.dumps(document, indent=2, ensure_ascii=False, default=_text).encode("utf-8", "replace")
    name = f"backchat-{now.date().isoformat()}.json"
    if len(data) <= _MOST:
        return name, data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    if len(packed.getvalue()) > _MOST:
        raise BadRequest(
            f"Discord takes files of up to {_MOST // 2**20} MB; got {len(packed.getvalue()) // 2**20} MB; "
            "ask in one server after the other, or ask whoever runs the bot."
        )
    return f"{name}.zip", packed.getvalue()


def _server(place: Place) -> dict[str, Any]:
    tables = [
        {
            "table": one.held.name,
            "what": one.held.what,
            "why": one.held.why,
            "how_long": one.held.how_long,
            "rows": [dict(row) for row in one.rows],
        }
        for one in place.about
    ]
    return {"id": place.guild, "name": place.name, "tables": tables}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
