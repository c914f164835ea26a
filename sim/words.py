"""The words of one configuration: which knob each of them sets."""

import re
from typing import Any

from sim.errors import SpecError
from sim.knobs import Number, nearest
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS

MAX_TEXT = 2_000

_SIZE = re.compile(r"(\d+)[x×](\d+)", re.IGNORECASE)
_HALF_SIZE = re.compile(r"(\d+)[x×]|[x×](\d+)", re.IGNORECASE)
_SPACED_SIZE = re.compile(r"(?<![\w.])(\d+)\s+[x×]\s+(\d+)(?![\w.])", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?", re.IGNORECASE)
_WITH_COMMAS = re.compile(
    r"(?<![\w.,])(?:([a-z][\w-]*)(?:\s*=\s*|\s+))?([-+]?\d+(?:,\d+)+)(?![\w.×])", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
# What people write between configurations, and within one, where the grammar has "vs" and nothing.
_MEANT_VS = frozenset(("versus", "against", "or", "v", "/", "|"))
_MEANT_NOTHING = frozenset(("and", "with", "&", "+"))


def read(text: str) -> dict[str, Any]:
    """Read the knobs that a configuration gives.

    Raises:
        SpecError: a word is unknown, a value is wrong, or a knob is given twice; the message names the
            nearest valid word.
    """
    if len(text) > MAX_TEXT:
        msg = f"A configuration has at most {MAX_TEXT} characters; got {len(text)}; leave some words out."
        raise SpecError(msg)
    given: dict[str, Any] = {}
    for word in _words(text):
        for key, value in _read_word(word):
            if key in given:
                msg = f"{key} is given once in a configuration; got it again in {word!r}; remove one."
                raise SpecError(msg)
            given[key] = value
    return given


def faults(text: str) -> list[str]:
    """Say what is wrong with each word of a configuration by itself; `read` says what is wrong first."""
    found: list[str] = []
    try:
        words = _words(text[:MAX_TEXT])
    except SpecError:
        return found
    for word in words:
        try:
            _read_word(word)
        except SpecError as error:
            found.append(str(error))
    return list(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    """Split a configuration into words.

    "depth = 30", "depth 30", "30 layers" and "30 x 64" are one word each.
    """
    _require_points(text)
    text = re.sub(r"\s*=\s*", "=", text.replace(",", " "))
    text = _SPACED_SIZE.sub(r"\1x\2", text)
    words: list[str] = []
    for word in text.split():
        last = words[-1] if words else ""
        if _is_numeric_key(last) and _NUMBER.fullmatch(word):
            words[-1] = f"{last}={word}"
        elif _NUMBER.fullmatch(last) and _is_numeric_key(word):
            words[-1] = f"{word}={last}"
        else:
            words.append(word)
    return words


def _require_points(text: str) -> None:
    """Refuse decimal commas, and commas between thousands: a comma only separates words."""
    for found in _WITH_COMMAS.finditer(text):
        key, number = KEY_SYNONYMS.get((found[1] or "").lower(), (found[1] or "").lower()), found[2]
        after = text[found.end() :].split(maxsplit=1)
        if after and _is_numeric_key(after[0].strip(",")):
            continue  # "steps=50,100 layers" are two words
        if not _is_numeric_key(key):
            msg = f"A number needs its key, and a point where it has decimals; got {number!r:.60}; "
            raise SpecError(msg + "for example depth=30 or lr=0.5.")
        knob = BY_KEY[key]
        thousands = isinstance(knob, Number) and knob.whole and _THOUSANDS.fullmatch(number)
        value = knob.parse(number.replace(",", "" if thousands else ".", -1 if thousands else 1))
        msg = f"A number is written {'without commas' if thousands else 'with a point, not a comma'}; "
        raise SpecError(msg + f"got {found[0]!r:.60}; write {key}={knob.format(value)}.")


def _is_numeric_key(word: str) -> bool:
    return isinstance(BY_KEY.get(KEY_SYNONYMS.get(word.lower(), word.lower())), Number)


def _read_word(word: str) -> list[tuple[str, Any]]:
    key, equals, value = word.partition("=")
    if equals:
        return [_read_pair(key, value, word)]
    if size := _SIZE.fullmatch(word):
        depth, width = size.groups()
        return [("depth", BY_KEY["depth"].parse(depth)), ("width", BY_KEY["width"].parse(width))]
    if half := _HALF_SIZE.fullmatch(word):
        depth, width = (
            BY_KEY[key].parse(half[at] or _example(key)) for key, at in (("depth", 1), ("width", 2))
        )
        msg = f"A size is depth x width; got {word!r:.60}; for example {depth}x{width}."
        raise SpecError(msg)
    return [_read_bare(word)]


def _read_pair(key: str, value: str, word: str) -> tuple[str, Any]:
    name = key.lower().replace("-", "_")
    name = KEY_SYNONYMS.get(name, name)
    if name not in BY_KEY:
        if name in BARE_WORDS:
            msg = f"{name!r} is a value, not a key; got {word!r:.60}; write {_meant(name, value.lower())}."
            raise SpecError(msg)
        if not name:
            msg = f"A word is key=value; got {word!r:.60}; write its key before the equals sign."
            raise SpecError(msg)
        msg = f"A word is key=value with a known key; got {word!r:.60}; {nearest(name, list(BY_KEY))}"
        raise SpecError(msg)
    if not value:
        msg = f"{name} needs a value after the equals sign; got {word!r}; try {name}={_example(name)}."
        raise SpecError(msg)
    return name, BY_KEY[name].parse(value)


def _meant(left: str, right: str) -> str:
    """Write what "left=right" means where the left side is a value: "relu=he", "relu=activation"."""
    meanings, others = BARE_WORDS[left], BARE_WORDS.get(right, ())
    if len(meanings) == len(others) == 1 and meanings[0][0] != others[0][0]:
        return " ".join(f"{key}={value}" for key, value in (*meanings, *others))
    turned = [pair for pair in meanings if pair[0] == KEY_SYNONYMS.get(right, right)]
    return " or ".join(f"{key}={value}" for key, value in turned or meanings)


def _read_bare(word: str) -> tuple[str, Any]:
    lower = word.lower()
    meanings = BARE_WORDS.get(lower, ())
    if len(meanings) == 1 and lower not in BY_KEY:
        return meanings[0]
    if meanings:
        pairs = [f"{key}={value}" for key, value in meanings]
        if lower in BY_KEY:
            pairs.append(f"{lower}={_example(lower)}")
        options = " or ".join(pairs)
        msg = f"{word!r} alone could mean more than one thing; write {options}."
        raise SpecError(msg)
    key = KEY_SYNONYMS.get(lower, lower)
    if key in BY_KEY:
        msg = f"{key} needs a value; got {word!r} alone; for example {key}={_example(key)}."
        raise SpecError(msg)
    if _NUMBER.fullmatch(word):
        msg = f"A number needs its key; got {word!r:.60} alone; for example depth={word:.60}."
        raise SpecError(msg)
    if lower in _MEANT_VS:
        msg = f"Configurations are compared with vs; got {word!r}; write for example: sigmoid vs relu he."
        raise SpecError(msg)
    if lower in _MEANT_NOTHING:
        msg = f"The words of a configuration stand side by side; got {word!r} between them; leave it out."
        raise SpecError(msg)
    known = [bare for bare, means in BARE_WORDS.items() if len(means) == 1]
    hint = nearest(word, [*known, *BY_KEY])
    hint = hint if hint.startswith("did") else "for example: depth=30 sigmoid vs relu he."
    msg = f"A word is key=value or a known value; got {word!r:.60}; {hint}"
    raise SpecError(msg)


def _example(key: str) -> str:
    default = BY_KEY[key].default
    return "1" if default is None else BY_KEY[key].format(default)
