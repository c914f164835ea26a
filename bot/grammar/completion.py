"""Whole texts that continue a configuration while it is typed.

Discord waits three seconds for them and asks again with every key, so they come from memory and take about
a millisecond: what was typed is read once, and every word that could follow is tried on what was read.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from bot.grammar.draft import Draft, mended, read_draft
from bot.grammar.offers import COMPANIONS, EXAMPLES, FIRST, USUAL, VALUES, bare
from sim.asked import KEY
from sim.errors import SpecError
from sim.knobs import Choice, Number
from sim.support import EXPERIMENTS
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS

LONGEST = 100
"""Characters of what Discord takes as the value, and as the name, of a choice.

A longer text is not offered, for nobody could choose it: whoever writes one types it to its end.
"""

_LAST = re.compile(r"[^\s,]*$")
_SPACED = re.compile(r"\s*=\s*")
_SIZE = re.compile(r"(\d{1,3})[x×](\d*)", re.IGNORECASE)
_WIDTHS = ("64", "32", "128", "16", "256")
_COUNTS = ("depth", "width", "steps", "batch", "seeds")
_TRIED = 2
"""Values of a key by which to tell whether it may be given at all."""
_FROM = 2
"""Letters from which on a word may also be found by its middle."""


def complete(text: str, limit: int = 25, *, before: str = "", alone: bool = False) -> list[str]:
    """Return whole texts that continue what is typed, the likeliest first.

    All of them can be run, but for those that end in "=" or "vs", behind which something has to follow.

    Args:
        text: what is typed.
        limit: the most texts.
        before: what stands before it and is not shown, such as "depth=30 sigmoid vs".
        alone: whether it is one configuration, without "vs" and without an experiment.
    """
    return list(_complete(_SPACED.sub("=", text), limit, before, alone))


@lru_cache(maxsize=1024)  # everybody begins alike, and Discord asks again with every key
def _complete(text: str, limit: int, before: str, alone: bool) -> tuple[str, ...]:  # noqa: FBT001  hashed
    if not text.strip() and not before and not alone:
        return EXAMPLES[:limit]
    found = _continued(text, before, alone=alone)
    unique: dict[str, None] = {}
    for one in found:
        if len(one) <= LONGEST:
            unique[one] = None
        if len(unique) == limit:
            break  # trying the other words would take as long again
    return tuple(unique)


def _continued(text: str, before: str, *, alone: bool) -> Iterator[str]:
    last = _LAST.search(text)
    fragment = last[0] if last else ""
    head = text[: len(text) - len(fragment)].strip()
    draft = read_draft(f"{before} {head}")
    if draft is None:
        head = mended(head)
        if (draft := read_draft(f"{before} {head}")) is None:
            return
    typed = fragment.lower()
    exact = read_draft(f"{before} {head} {fragment}") if typed else None
    space = f"{head} " if head else ""
    if exact is not None and exact.is_runnable and not _has_other_name(typed):
        yield f"{space}{fragment}"
    yield from _texts(space, draft, _words(typed), typed, alone=alone)
    # Discord trims what is sent: behind a chosen "vs" there is no blank.
    if exact is not None and (exact.is_runnable or (typed == "vs" and not alone)):
        whole = f"{space}{_canonical(fragment)}"
        yield from _texts(f"{whole} ", exact, _words(""), "", alone=alone)


def _texts(space: str, draft: Draft, words: Iterable[str], typed: str, *, alone: bool) -> Iterator[str]:
    """Write the words that make sense here behind what stands before them."""
    for word in words:
        key, equals, value = word.partition("=")
        if word == "vs":
            if not alone and draft.may_compare:
                yield f"{space}vs"
        elif alone and key == KEY:
            continue
        elif equals and not value:
            if _is_open(key, draft):
                yield f"{space}{word}"
        elif (more := draft.with_word(word)) is not None:
            if more.is_runnable:
                yield f"{space}{word}"
            elif typed and (companion := _companion(key, word, more)):
                yield f"{space}{word} {companion}"


def _is_open(key: str, draft: Draft) -> bool:
    """Tell whether a key may still be given and would do something, alone or with its companion."""
    if key == KEY:
        return draft.experiment is None and bool(draft.given or not draft.before)
    knob = BY_KEY[key]
    usual = (value for value in _values(key, "") if knob.parse(value) != knob.default)
    return any(
        (more := draft.with_word(f"{key}={value}")) is not None
        and (more.is_runnable or _companion(key, value, more) is not None)
        for value in islice(usual, _TRIED)
    )


def _companion(key: str, word: str, draft: Draft) -> str | None:
    """Return the word with which the draft can be run, if there is one."""
    bare_key = VALUES.get(word, (key, ""))[0]
    for name in (word, f"{bare_key}={word}", bare_key):
        companion = COMPANIONS.get(name)
        if companion and (more := draft.with_word(companion)) is not None and more.is_runnable:
            return companion
    return None


def _words(typed: str) -> Iterator[str]:
    """List the words that begin like what is typed, then those that hold it, then those that look like it."""
    key, equals, value = typed.partition("=")
    if equals:
        key = _key(key)
        yield from (f"{key}={one}" for one in _values(key, value)) if key else ()
        return
    if typed[:1].isdigit():
        yield from _numeric(typed)
        return
    ordered = _ORDER if not typed else [word for word in _ORDER if word.startswith(typed)]
    if not typed:
        yield from ordered
        return
    yield from sorted(ordered, key=lambda word: word != f"{typed}=")
    yield from (word for name, word in _SYNONYMS if name.startswith(typed))
    if len(ordered) == 1 and ordered[0].endswith("="):
        yield from (f"{ordered[0]}{one}" for one in _values(ordered[0][:-1], ""))
    # "norm=batch" for "batch".
    yield from (word for word in _ORDER if f"={typed}" in word)
    if len(typed) > _FROM:
        yield from (word for word in _ORDER if typed in word)
    if not ordered:
        near = get_close_matches(typed, list(_NAMES), n=5)
        yield from (_NAMES[name] for name in near)


def _key(typed: str) -> str | None:
    """Return the key that is meant, also where it is misspelt."""
    known = {KEY: KEY, **{key: key for key in BY_KEY}, **KEY_SYNONYMS}
    typed = typed.replace("-", "_")
    if typed in known:
        return known[typed]
    near = get_close_matches(typed, list(known), n=1)
    return known[near[0]] if near else None


def _values(key: str, typed: str) -> list[str]:
    """List the values of a key that begin like what is typed, else those that look like it."""
    if key == KEY:
        names = {name: name for name in EXPERIMENTS}
    else:
        knob = BY_KEY[key]
        if isinstance(knob, Number):
            return _numbers(knob, typed)
        names = {word: word for word in knob.words} | dict(knob.synonyms)
    found = [word for name, word in names.items() if name.startswith(typed)]
    found += [word for name, word in names.items() if typed in name]
    if not found:
        found = [names[name] for name in get_close_matches(typed, list(names), n=5)]
    return list(dict.fromkeys(found))


def _numbers(knob: Number, typed: str) -> list[str]:
    usual = [value for value in USUAL[knob.key] if value.startswith(typed)]
    try:
        own = [knob.format(knob.parse(typed))] if typed else []
    except SpecError:
        own = []
    return list(dict.fromkeys([*own, *usual]))


def _numeric(typed: str) -> Iterator[str]:
    """List what a number without a key may become: "30" → "depth=30", "30x" → "30x64"."""
    if size := _SIZE.fullmatch(typed):
        widths = [width for width in _WIDTHS if width.startswith(size[2])]
        own = [size[2]] if size[2] else []
        yield from (f"{size[1]}x{width}" for width in dict.fromkeys([*own, *widths]))
    elif typed.isdigit():
        yield f"depth={typed}"
        yield f"{typed}x64"
        yield from (f"{key}={typed}" for key in _COUNTS[1:])


def _canonical(word: str) -> str:
    """Write a value by its own name where it was typed by another."""
    lower = word.lower()
    means = BARE_WORDS.get(lower, ())
    return bare(*means[0]) if len(means) == 1 and lower not in BY_KEY else word


def _has_other_name(typed: str) -> bool:
    return _canonical(typed) != typed


def _order() -> list[str]:
    """List all words, those that people want most first."""
    words = [*VALUES, *(f"{key}=" for key in BY_KEY), "vs", f"{KEY}="]
    return list(dict.fromkeys([*FIRST, *words]))


_ORDER = _order()
_SYNONYMS = [
    *(
        (name, bare(knob.key, word))
        for knob in BY_KEY.values()
        if isinstance(knob, Choice)
        for name, word in knob.synonyms.items()
    ),
    *((name, f"{key}=") for name, key in KEY_SYNONYMS.items()),
]
_NAMES = {**{word.rstrip("=").rpartition("=")[2]: word for word in _ORDER}, **dict(_SYNONYMS)}
"""Every word and synonym, without a key, and the word to be written for it."""
