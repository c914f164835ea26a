"""Reading PO, the format that every tool for translators writes.

The standard library reads only the binary form of it, which would have to be built and kept beside the text;
so the text is what is shipped, and it is turned into the binary form in memory.
"""

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_MAGIC = 0x950412DE
_HEADER = 28
_INDEX = 8
"""Bytes of one row in an index: a length and an offset."""


class PoError(ValueError):
    """A file of translations cannot be read; the message says where."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A text and what it is in another language; with no text of its own it is the header."""

    line: int
    fuzzy: bool = False
    """Marked by a tool as a guess, which a person has not confirmed."""
    parts: dict[str, str] = field(default_factory=dict[str, str])
    """By keyword: `msgid`, `msgid_plural`, `msgstr` or `msgstr[0]` and so on."""

    @property
    def text(self) -> str:
        """The English text."""
        return self.parts["msgid"]

    @property
    def plural(self) -> str:
        """The English text for several; empty where there is only one form."""
        return self.parts.get("msgid_plural", "")

    @property
    def translations(self) -> tuple[str, ...]:
        """Its forms in the other language, empty where they are not written yet."""
        return tuple(value for key, value in self.parts.items() if key.startswith("msgstr"))

    @property
    def is_done(self) -> bool:
        """Whether a person has written all of it."""
        return bool(self.translations) and all(self.translations) and not self.fuzzy


def read(text: str, name: str = "the file") -> list[Entry]:
    """Read the entries of a file, the header first.

    Raises:
        PoError: with the line that cannot be read.
    """
    entries: list[Entry] = []
    key, fuzzy = "", False
    # Lines end where an editor ends them; Python knows more characters that could.
    for number, whole in enumerate(text.split("\n"), start=1):
        line = whole.strip(" \t\r")
        if line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        if not line or line.startswith("#"):
            continue
        word, _, quoted = ("", "", line) if line.startswith('"') else line.partition(" ")
        if word == "msgid":
            entries.append(Entry(line=number, fuzzy=fuzzy))
            fuzzy = False
        key = word or key
        if not entries or not key.startswith(("msgid", "msgstr")):
            raise PoError(
                f"{name}, line {number}: msgid, msgid_plural or msgstr was wanted; got {line!r:.60}."
            )
        if word and word in entries[-1].parts:
            raise PoError(f"{name}, line {number}: {word} is given once for each text; got it again.")
        parts = entries[-1].parts
        parts[key] = parts.get(key, "") + _unquoted(quoted.strip(), name, number)
    for one in entries:
        if not one.translations:
            raise PoError(f"{name}, line {one.line}: a msgstr was wanted for this msgid; got none.")
    return entries


def compiled(entries: Iterable[Entry]) -> bytes:
    """Return what is done of the entries in the binary form."""
    pairs = sorted(_pairs(entries))
    ids, texts = b"", b""
    start = _HEADER + 2 * _INDEX * len(pairs)
    index: list[tuple[int, int, int, int]] = []
    for id_, text in pairs:
        index.append((len(id_), len(ids), len(text), len(texts)))
        ids += id_ + b"\0"
        texts += text + b"\0"
    rows = [struct.pack("<II", length, start + place) for length, place, _, _ in index]
    rows += [struct.pack("<II", length, start + len(ids) + place) for _, _, length, place in index]
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEADER, _HEADER + _INDEX * len(pairs), 0, _HEADER)
    return head + b"".join(rows) + ids + texts


def quoted(text: str) -> str:
    """Write a text as a file has it."""
    escaped = (
        text.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r")
    )
    return f'"{escaped}"'


def _pairs(entries: Iterable[Entry]) -> Iterator[tuple[bytes, bytes]]:
    for one in entries:
        if one.is_done:
            key = f"{one.text}\0{one.plural}" if one.plural else one.text
            yield key.encode(), "\0".join(one.translations).encode()


def _unquoted(text: str, name: str, line: int) -> str:
    try:
        value: object = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        value = None
    if not text.startswith('"') or not isinstance(value, str):
        raise PoError(f"{name}, line {line}: a text in double quotes was wanted; got {text!r:.60}.")
    return value
