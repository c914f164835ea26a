"""BERT's uncased tokeniser: Devlin et al. (2018), arXiv:1810.04805; vocabulary.txt is BERT's (Apache-2.0).

Written here because the common library for it brings ten others, among them one that talks to the network.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

MAX_TOKENS = 160
"""Start and end included; the encoder was trained on 128, and longer texts take longer."""

_UNKNOWN, _START, _END = 100, 101, 102
_LONGEST_WORD = 100
_USUAL_WORD = 20
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))
# BERT takes these for punctuation although Unicode calls some of them symbols.
_ASCII_PUNCTUATION = ((33, 47), (58, 64), (91, 96), (123, 126))


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, int]:
    """Load BERT's pieces of words by their text."""
    text = (Path(__file__).parent / "vocabulary.txt").read_text(encoding="utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n"))}


def encode(text: str) -> list[int]:
    """Return the numbers of a text's pieces between a start and an end, at most `MAX_TOKENS`."""
    numbers = [_START]
    for word in _words(text):
        if len(numbers) >= MAX_TOKENS - 1:
            break
        numbers += _pieces(word)
    return [*numbers[: MAX_TOKENS - 1], _END]


def _words(text: str) -> Iterator[str]:
    cleaned = "".join(map(_clean, text))
    plain = (c for c in unicodedata.normalize("NFD", cleaned.lower()) if unicodedata.category(c) != "Mn")
    yield from "".join(f" {c} " if _stands_alone(c) else c for c in plain).split()


def _clean(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r" or category == "Zs":
        return " "
    return "" if category[0] == "C" or character == "\ufffd" else character


def _stands_alone(character: str) -> bool:
    code = ord(character)
    within = any(low <= code <= high for low, high in (*_ASCII_PUNCTUATION, *_CJK))
    return within or unicodedata.category(character)[0] == "P"


def _pieces(word: str) -> tuple[int, ...]:
    # Long words are seldom words, and nobody's password is to be remembered.
    return _cut.__wrapped__(word) if len(word) > _USUAL_WORD else _cut(word)


@lru_cache(maxsize=4_000)
def _cut(word: str) -> tuple[int, ...]:
    """Split a word into the longest known pieces from the left."""
    known = vocabulary()
    if len(word) > _LONGEST_WORD:
        return (_UNKNOWN,)
    found: list[int] = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in known), start)
        if end == start:
            return (_UNKNOWN,)
        found.append(known[prefix + word[start:end]])
        start = end
    return tuple(found)
