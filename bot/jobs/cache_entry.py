"""A result as it lies in the cache: JSON text, the files as they are, and a checksum over everything."""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from bot.jobs.job import Result


class DamagedEntryError(Exception):
    """The parts are not those that were stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One result in the types that SQLite keeps; never pickle: reading a foreign file runs nothing."""

    checksum: bytes
    names: bytes
    """The files' names: a JSON list."""
    data: bytes
    """The result's data: a JSON object, as ASCII."""
    contents: tuple[bytes, ...]
    """The files, in the order of their names."""

    @classmethod
    def pack(cls, key: str, result: Result) -> Self:
        """Write a result down.

        Raises:
            TypeError: the data hold something that JSON cannot.
            ValueError: they hold a number that JSON cannot: infinite, or not a number.
        """
        data = json.dumps(dict(result.data), separators=(",", ":"), allow_nan=False).encode("ascii")
        names = json.dumps(list(result.files), separators=(",", ":")).encode("ascii")
        contents = tuple(result.files.values())
        return cls(checksum=_checksum(key, names, data, contents), names=names, data=data, contents=contents)

    def unpack(self, key: str) -> Result:
        """Read the result back.

        Raises:
            DamagedEntryError: it is not what was stored under this key.
        """
        try:
            intact = _checksum(key, self.names, self.data, self.contents) == self.checksum
        except TypeError:  # a damaged file may hold numbers where bytes were stored
            intact = False
        if not intact:
            raise DamagedEntryError(key)
        return Result(
            data=json.loads(self.data), files=dict(zip(json.loads(self.names), self.contents, strict=True))
        )

    @property
    def parts(self) -> tuple[bytes, ...]:
        """Everything that is large."""
        return (self.data, *self.contents)


def _checksum(key: str, names: bytes, data: bytes, contents: tuple[bytes, ...]) -> bytes:
    """Hash key and parts so that neither a changed byte nor parts of another entry go unnoticed."""
    digest = hashlib.sha256()
    for part in (key.encode(), names, data, *contents):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
