"""Typed options and configurations side by side, as the one text that the grammar reads."""

import re
from collections.abc import Mapping, Sequence

from bot.errors import BadRequest
from sim.asked import KEY
from sim.knobs import Choice
from sim.spec import Spec
from sim.vocabulary import BY_KEY
from sim.words import read

_VS = re.compile(r"(?:^|\s)vs\.?(?=\s|$)", re.IGNORECASE)
_EXPERIMENT = re.compile(rf"(?<![^\s,]){KEY}\s*=\s*[^\s,]*", re.IGNORECASE)


def with_options(text: str, options: Mapping[str, object]) -> str:
    """Return the text with the options as words: of the first configuration, from which the others inherit.

    Without any word of a configuration it is the default network, which is not asked for by mistake here.
    What is given both ways is left to the grammar, which has a sentence for it.

    Args:
        text: `SPEC [vs SPEC…]`, or nothing.
        options: the knobs of the grammar and the experiment by their keys.
    """
    knobs = [f"{key}={_written(key, value)}" for key, value in options.items() if key != KEY]
    words = " ".join(knobs)
    separator = _VS.search(text)
    end = len(text) if separator is None else separator.start()
    text = _joined(text[:end], words, text[end:])
    if not _EXPERIMENT.sub(" ", text).strip():
        text = _joined(Spec().text, text)
    return _joined(text, f"{KEY}={options[KEY]}" if KEY in options else "")


def compared(parts: Sequence[str], common: str = "") -> str:
    """Return configurations, and the words that hold for all of them, as `SPEC vs SPEC…`.

    Raises:
        BadRequest: the common words are more than one configuration.
        SpecError: a configuration repeats a knob of the common words, or one of them cannot be read.
    """
    if _VS.search(common):
        raise BadRequest(
            "The words in common hold for every configuration; got a vs among them; "
            "put each configuration into an option of its own."
        )
    shared = _EXPERIMENT.sub(" ", common)
    for part in parts:
        for one in _VS.split(_EXPERIMENT.sub(" ", part)):
            read(_joined(shared, one))
    first, *others = parts
    return " vs ".join([_joined(common, first), *(part.strip() for part in others)])


def _written(key: str, value: object) -> str:
    knob = BY_KEY[key]
    return str(value) if isinstance(knob, Choice) else knob.format(value)


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text.strip())
