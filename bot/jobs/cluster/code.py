"""Which code this process runs."""

import hashlib
from collections.abc import Generator
from functools import cache
from pathlib import Path

import sim
from bot.jobs import errors, job

_HERE = Path(__file__).parent


@cache
def code_version() -> str:
    """Name the code that both ends must have alike, as it was when this was first called.

    That is what computes, with its data, and what the bot and a worker speak with.
    """
    digest = hashlib.sha256()
    for root in (Path(sim.__file__).parent, _HERE, Path(errors.__file__), Path(job.__file__)):
        for path in sorted(_files(root)):
            content = path.read_bytes()
            name = path.relative_to(root.parent).as_posix()
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _files(root: Path) -> Generator[Path]:
    if root.is_file():
        yield root
    else:
        yield from (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
