"""The transport compressions of the gateway: none, zlib-stream and zstd-stream."""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def encoder(name: str | None) -> Callable[[str], str | bytes]:
    """Make the function that turns one event into one WebSocket message, or raise LookupError."""
    if not name:
        return str
    if name == "zlib-stream":
        return _zlib()
    if name == "zstd-stream":
        return _zstd()
    raise LookupError(f"unknown compression {name!r}")


def _zlib() -> Callable[[str], bytes]:
    stream = zlib.compressobj()
    return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Callable[[str], bytes]:
    # Neither module is a dependency of ours, and discord.py asks for zstd only where one can be imported.
    try:
        module: Any = importlib.import_module("compression.zstd")
    except ImportError:
        return _zstandard()
    stream = module.ZstdCompressor()
    return lambda text: bytes(stream.compress(text.encode(), mode=module.ZstdCompressor.FLUSH_BLOCK))


def _zstandard() -> Callable[[str], bytes]:
    try:
        module: Any = importlib.import_module("zstandard")
    except ImportError:
        raise LookupError("zstd-stream needs compression.zstd or zstandard") from None
    stream = module.ZstdCompressor().compressobj()
    return lambda text: bytes(stream.compress(text.encode()) + stream.flush(module.COMPRESSOBJ_FLUSH_BLOCK))
