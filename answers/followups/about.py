"""Which answer is about a thing that was named: "and ReLU?", "does that hold for LSTMs too?"."""

import re

from answers.catalog import Catalog
from answers.entry import Entry
from answers.spoken import as_pattern, spellings
from answers.typos import distance

# What answers call a knob as a whole; a knob without such a word has no answer of its own.
_TOPICS = {
    "depth": ("depth", "deeper networks"),
    "init": ("init", "initialisation", "initialization"),
    "norm": ("normalisation", "normalization"),
    "skip": ("residual", "skip connections"),
    "lr": ("learning rate",),
    "layer_lr": ("learning rate", "more slowly"),
    "momentum": ("momentum",),
    "optimizer": ("optimizers", "adam"),
    "clip": ("clipping",),
    "clip_value": ("clipping",),
    "pretrain": ("pretraining",),
    "precision": ("precision", "float16"),
    "loss": ("loss choice", "squared error"),
    "seeds": ("seeds",),
    "arch": (),
    "padding": ("shared kernels",),
    "order": ("pre ln", "post ln"),
}
_EXACT, _PART, _TITLE, _TOPIC = 4, 3, 2, 1


def about(catalog: Catalog, key: str, word: str | None, after: Entry) -> str | None:
    """Return the id of the answer that is about a value of a knob, or about the knob, or None.

    Ids say it best, then titles; of several, one related to the answer before is taken first.

    Args:
        catalog: the answers.
        key: the knob.
        word: its value, or None where only the knob was named, or a number.
        after: the answer that was given before.
    """
    things = (
        [text for text, meant in spellings(key, ambiguous=False).items() if meant == word] if word else []
    )
    ranked: list[tuple[int, int, int, str]] = []
    for entry in catalog:
        rank, place = max((_rank(entry, text) for text in things), default=(0, 0))
        if not rank:
            found = max((_rank(entry, text) for text in _TOPICS.get(key, ())), default=(0, 0))
            rank, place = (_TOPIC, found[1] + found[0]) if found[0] else (0, 0)
        if rank:
            ranked.append((rank, int(entry.id in after.related), place, entry.id))
    return max(ranked)[3] if ranked else None


def _rank(entry: Entry, thing: str) -> tuple[int, int]:
    """Say how much an entry is about a thing, and how early its title names it."""
    plain = as_pattern(thing).replace(r"[\s_-]+", "[ _-]?")
    if re.fullmatch(plain, entry.id) or _spelled_alike(entry.id, thing):
        return _EXACT, 0
    title = re.sub(r"s\b", "", entry.title.lower())
    said = re.search(rf"\b{re.sub(r's$', '', plain)}\b", title)
    place = -said.start() if said else -len(title)
    if re.search(rf"(?:^|_){plain}(?:_|$)", entry.id):
        return _PART, place
    return (_TITLE, place) if said else (0, 0)


def _spelled_alike(id_: str, thing: str) -> bool:
    """British and American spellings of one word are one letter apart."""
    long = 10
    return len(thing) >= long and distance(id_.replace("_", " "), thing) <= 1
