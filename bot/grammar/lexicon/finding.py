"""Which explanation somebody means: by its word, its key, another name for it, or nearly so."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from bot.grammar.lexicon.entry import Explanation
from bot.grammar.lexicon.reading import explanations
from bot.grammar.offers import FIRST
from sim.knobs import Choice
from sim.vocabulary import KEY_SYNONYMS, KNOBS

_WORD = re.compile(r"[a-z0-9_=]+")
# What surrounds the word in "what is the xavier initialisation?", and is no word of the grammar itself.
_AROUND = frozenset(
    (
        *(
            "what",
            "is",
            "are",
            "a",
            "an",
            "the",
            "does",
            "do",
            "mean",
            "means",
            "meaning",
            "of",
            "tell",
            "me",
        ),
        *("explain", "define", "definition", "about", "please", "how", "function", "activation", "unit"),
        *("initialisation", "initialization", "network", "networks", "layer", "units", "experiment", "loss"),
        *("optimizer", "optimiser", "architecture"),
    )
)
_LONGEST_NAME = 3
"""Words, apart from those around it: whoever writes more asks a question."""
_CLOSE = 0.7
_NEAREST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The explanations that a word could mean, the likeliest first; `nearly` if it is not spelt like any."""

    explanations: tuple[Explanation, ...] = ()
    nearly: bool = False


def find(text: str) -> Found:
    """Find what somebody typed; nothing is found for a question that is no word."""
    if not (words := _WORD.findall(text.lower().replace("-", "_"))):
        return Found()
    known = _names()
    kept = [word for word in words if word not in _AROUND] or words
    for name in ("_".join(words), "_".join(kept)):
        if name in known:
            return Found(explanations=known[name])
    if len(kept) > _LONGEST_NAME:
        return Found()  # a question
    if len(named := [word for word in kept if word in known]) == 1:
        return Found(explanations=known[named[0]])
    near = get_close_matches("_".join(kept), list(known), n=_NEAREST, cutoff=_CLOSE)
    nearest = dict.fromkeys(one.key for name in near for one in known[name])
    return Found(explanations=tuple(explanations()[key] for key in list(nearest)[:_NEAREST]), nearly=True)


def suggest(typed: str, limit: int = 25) -> list[Explanation]:
    """Return the words that begin like what is typed, those that hold it, else those that look like it."""
    typed = typed.strip().lower().replace(" ", "_").replace("-", "_")
    ordered = _ordered()
    if not typed:
        return list(ordered)[:limit]
    names = _names()
    found = list(names.get(typed, ()))
    found += [one for one in ordered if one.word.startswith(typed) or one.key.startswith(typed)]
    found += [one for name, means in names.items() if name.startswith(typed) for one in means]
    found += [one for one in ordered if typed in f"{one.key} {one.name}".lower().replace(" ", "_")]
    if not found:
        near = get_close_matches(typed, list(names), n=_NEAREST)
        found = [one for name in near for one in names[name]]
    return list({one.key: one for one in found}.values())[:limit]


@cache
def _ordered() -> tuple[Explanation, ...]:
    """List all explanations, those of the words that people want most first."""
    rank = {word.rstrip("="): number for number, word in enumerate(FIRST)}
    every = explanations().values()
    return tuple(sorted(every, key=lambda one: min(rank.get(one.key, 99), rank.get(one.word, 99))))


@cache
def _names() -> Mapping[str, tuple[Explanation, ...]]:
    """Map every name of a word to what it could mean; a key comes before a value of the same name."""
    found: defaultdict[str, dict[str, Explanation]] = defaultdict(dict)
    every = explanations()

    def add(name: str, key: str) -> None:
        found[name.lower()][key] = every[key]

    for key, one in sorted(every.items(), key=lambda pair: "=" in pair[0]):
        add(key, key)
        add(one.word, key)
        head = one.name.partition("(")[0].strip()
        add("_".join(_WORD.findall(head.lower().replace("-", "_"))), key)
    for name, key in KEY_SYNONYMS.items():
        add(name, key)
    for knob in KNOBS:
        if isinstance(knob, Choice):
            for name, word in knob.synonyms.items():
                add(name, f"{knob.key}={word}")
                add(f"{knob.key}={name}", f"{knob.key}={word}")
    return {name: tuple(means.values()) for name, means in found.items()}
