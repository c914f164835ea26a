"""Files that somebody hands in, as a zip or one by one; nothing they hold costs more than its limits."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.errors import BadRequest
from bot.teaching.porting.export import DISABLED

MOST_BYTES = 20 * 2**20
"""Of a zip as it comes, and of all that it holds."""
MOST_MEMBERS = 2_000
MOST_OF_ONE = 200_000
"""Bytes of one file."""
_MOST_DIRECTORY = 2**20
_MOST_PASSED = 50
_LONGEST_NAME = 200

_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_END_BYTES, _COMMENT_BYTES, _LOCATOR_BYTES = 22, 65_535, 20
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_SILENT = frozenset({"readme", "changelog", "contributing", "license"})
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX(?:/|$)|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


class BadArchive(BadRequest):
    """What was handed in is not taken, as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One answer's file; `text` is None where it cannot be read, and `reason` says why."""

    name: str
    slug: str
    text: str | None
    disabled: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The answers that were handed in, and what was passed over, each with the reason."""

    members: tuple[Member, ...]
    passed: tuple[str, ...] = ()


def unpack(data: bytes, name: str) -> Archive:
    """Read a zip, or a single Markdown file.

    Raises:
        BadArchive: it is neither, it is broken, or it holds too much.
    """
    if len(data) > MOST_BYTES:
        raise BadArchive(f"A zip has at most {_mib(MOST_BYTES)} MiB; got {_mib(len(data))}; split it.")
    if data[:2] != b"PK":
        if not name.lower().endswith(".md"):
            raise BadArchive(f"A zip or a Markdown file (.md) was wanted; got {_shown(name)}; attach one.")
        return Archive(members=(_member(PurePosixPath(name).name, data),))
    _require_small(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        ValueError,
        OSError,
        RuntimeError,
    ) as error:
        raise BadArchive(
            f"The zip cannot be read: {str(error)[:80] or 'it is broken'}; pack it again."
        ) from None


def _require_small(data: bytes) -> None:
    """Refuse a table of contents that would itself take long to read, before it is read."""
    at = data.rfind(_END, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    if at < 0 or len(data) < at + _END_BYTES:
        raise BadArchive("The zip cannot be read: it is cut off or damaged; pack it again and hand it in.")
    count, size = struct.unpack_from("<HI", data, at + 10)
    if (
        data[max(0, at - _LOCATOR_BYTES) : at][:4] == _LOCATOR
        or size > _MOST_DIRECTORY
        or count > MOST_MEMBERS
    ):
        raise BadArchive(
            f"A zip holds at most {MOST_MEMBERS} files; this one says that it has more; split it."
        )


def _read(archive: zipfile.ZipFile) -> Archive:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise BadArchive(f"A zip holds at most {MOST_MEMBERS} files; got {len(infos)}; split it.")
    members: list[Member] = []
    passed: list[str] = []
    left = MOST_BYTES
    for info in infos:
        name = info.filename
        if info.is_dir() or _JUNK.search(name):
            continue
        if reason := _unsafe(info):
            raise BadArchive(f"{_shown(name)} {reason}; pack plain files only.")
        path = PurePosixPath(name)
        if path.suffix.lower() != ".md" or path.stem.lower() in _SILENT or path.name.startswith("."):
            if path.stem.lower() not in _SILENT and path.suffix.lower() != ".md":
                passed.append(f"{_shown(name)} is no Markdown file")
            continue
        with archive.open(info) as file:
            # What the zip says of a file's size may be a lie.
            content = file.read(min(MOST_OF_ONE, left) + 1)
        left -= len(content)
        if left < 0:
            raise BadArchive(
                f"A zip holds at most {_mib(MOST_BYTES)} MiB when unpacked; this one holds more."
            )
        members.append(_member(name, content))
    return Archive(members=_without_twins(members), passed=tuple(passed[:_MOST_PASSED]))


def _unsafe(info: zipfile.ZipInfo) -> str:
    """Say what is wrong with a member that no honest zip of answers has."""
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return "leads out of its folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way"
    return "has a name that is too long" if len(name) > _LONGEST_NAME else ""


def _member(name: str, content: bytes) -> Member:
    path = PurePosixPath(name.replace("\\", "/"))
    slug, disabled = path.stem[:_LONGEST_NAME], path.parent.name == DISABLED
    reason, text = "", None
    if len(content) > MOST_OF_ONE:
        reason = f"it has more than {MOST_OF_ONE} bytes"
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            reason = "it is not UTF-8 text"
    return Member(name=_shown(name), slug=slug, text=text, disabled=disabled, reason=reason)


def _without_twins(members: list[Member]) -> tuple[Member, ...]:
    """Take none of several files of one answer: nobody could tell which is meant."""
    count = Counter(member.slug for member in members)
    kept: dict[str, Member] = {}
    for member in members:
        if count[member.slug] > 1:
            reason = f"{count[member.slug]} files are named {member.slug}.md"
            member = Member(name=member.name, slug=member.slug, text=None, reason=reason)  # noqa: PLW2901
        kept.setdefault(member.slug, member)
    return tuple(kept.values())


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])


def _mib(size: int) -> int:
    return -(-size // 2**20)
