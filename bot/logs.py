"""Logging to stderr, as text or one JSON object per line, without anything that looks like a token."""

import json
import logging
import re
import sys
from typing import Literal

# A Discord token is three dot-separated runs of base64url: user id, time, signature.
_TOKEN = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")

_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")


def configure(form: Literal["text", "json"]) -> None:
    """Send records of INFO and above to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def redact(text: str) -> str:
    """Replace whatever has the shape of a bot's token, or of an interaction's or webhook's in an address."""
    return _ADDRESS.sub(r"\1[token]", _TOKEN.sub("[token]", text))


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return redact(json.dumps(fields, ensure_ascii=False))
