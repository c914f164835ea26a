"""A simulation as people write it: configurations and, if they like, the experiment to run on them."""

import re
from difflib import get_close_matches

from sim.errors import SpecError
from sim.knobs import nearest
from sim.spec import Spec, parse_variants, require_words
from sim.support import EXPERIMENTS, natural
from sim.vocabulary import BY_KEY, KEY_SYNONYMS

KEY = "experiment"
"""The key of the word that names the experiment; it is no knob, for it says nothing of a network."""

_PAIR = re.compile(r"(?<![^\s,])([a-z][a-z_-]*)\s*=\s*([^\s,]*)", re.IGNORECASE)


def read_simulation(text: str, experiment: str | None = None) -> tuple[str, tuple[Spec, ...]]:
    """Read `SPEC [vs SPEC…]`, in which a word `experiment=NAME` may say what to measure.

    Args:
        text: the configurations.
        experiment: what to measure, where it was said apart from the text; None leaves it to the text, and
            where that does not say either, to the configurations.

    Raises:
        SpecError: there is no word, a configuration cannot be read, or the experiment does not exist or is
            named twice.
    """
    named, rest = _split(text)
    if experiment and named:
        msg = f"{KEY} is given once; got {experiment!r} and {KEY}={named}; leave one out."
        raise SpecError(msg)
    require_words(rest)
    specs = parse_variants(rest)
    return experiment or named or natural(specs), specs


def _split(text: str) -> tuple[str | None, str]:
    """Return the experiment that a text names, and the text without that word."""
    found = [match for match in _PAIR.finditer(text) if _means_experiment(match[1], match[0])]
    if not found:
        return None, text
    if len(found) > 1:
        msg = f"{KEY} is given once, and for all configurations; got {found[1][0]!r:.60} too; leave one out."
        raise SpecError(msg)
    name = found[0][2].lower().replace("-", "_")
    if name not in EXPERIMENTS:
        msg = f"{KEY} is one of {', '.join(EXPERIMENTS)}; got {found[0][2]!r:.60}; "
        raise SpecError(msg + nearest(name, list(EXPERIMENTS)))
    return name, f"{text[: found[0].start()]} {text[found[0].end() :]}"


def _means_experiment(key: str, word: str) -> bool:
    """Tell whether a key is this one; raise SpecError if it is nothing else misspelt either."""
    key = key.lower()
    if key == KEY or key in {*BY_KEY, *KEY_SYNONYMS}:
        return key == KEY
    if get_close_matches(key, [KEY, *BY_KEY, *KEY_SYNONYMS], n=1) == [KEY]:
        msg = f"A word is key=value with a known key; got {word!r:.60}; did you mean {KEY!r}?"
        raise SpecError(msg)
    return False
