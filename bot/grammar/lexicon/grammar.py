"""What the grammar itself says of a word: its values, its range, what it is unless it is given."""

from bot.grammar.lexicon.entry import Explanation
from sim.asked import KEY
from sim.knobs import Choice
from sim.support import EXPERIMENTS
from sim.vocabulary import BY_KEY


def usage(explanation: Explanation) -> str:
    """Say how the word is written, in one line of Markdown."""
    key, equals, word = explanation.key.partition("=")
    if equals:
        return f"`{explanation.key}`{_other_names(key, word)}"
    if key == KEY:
        return f"`{KEY}=` {_list(EXPERIMENTS)}"
    if key not in BY_KEY:
        return f"`SPEC {key} SPEC`"
    knob = BY_KEY[key]
    default = "none" if knob.default is None else knob.format(knob.default)
    wanted = _list(knob.words) if isinstance(knob, Choice) else knob.wanted()
    return f"`{key}=` {wanted}; {default} unless given or implied"


def _other_names(key: str, word: str) -> str:
    knob = BY_KEY.get(key)
    names = (
        [name for name, meant in knob.synonyms.items() if meant == word] if isinstance(knob, Choice) else []
    )
    return f", also {_list(names)}" if names else ""


def _list(words: "tuple[str, ...] | list[str]") -> str:
    return " ".join(f"`{word}`" for word in words)
