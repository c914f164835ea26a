"""What a question says about the network it has in mind: "with 50 layers", "using tanh and Xavier".

Only what is said of the asker's own network counts. A word that is merely mentioned ("why is ReLU better?")
is what the question is about, and the answer has its own simulation of that.
"""

import re
from collections.abc import Iterator, Mapping

from answers.matching.text import strip_markup
from sim.errors import SpecError
from sim.knobs import Choice
from sim.vocabulary import BY_KEY

_COUNTS = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(2, 13),
        strict=True,
    )
) | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000}
_COUNT = rf"(?P<value>\d{{1,5}}(?![\d.,^/]*\d)|{'|'.join(_COUNTS)})"
_NUMBER = r"(?P<value>\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+)(?![\d.,^/-]*\d)"

# Each finds the number of one knob.
_NUMBERS: tuple[tuple[str, str], ...] = (
    (
        "depth",
        rf"{_COUNT}[\s-]*(?:hidden[\s-]+|deep[\s-]+|fully[\s-]connected[\s-]+|conv\w*[\s-]+)?layers?\b",
    ),
    ("depth", rf"{_COUNT}[\s-]*(?:time[\s-]*)?steps? (?:back|long|sequence)"),
    ("depth", rf"{_COUNT}[\s-]*time[\s-]*steps?\b"),
    ("depth", rf"\bsequences? of (?:length )?{_COUNT}\b"),
    ("depth", rf"\bdepth (?:of |is |= ?)?{_COUNT}\b"),
    ("width", rf"{_COUNT} (?:hidden )?(?:units|neurons|nodes|channels|filters)\b"),
    ("width", rf"\bwidth (?:of |is |= ?)?{_COUNT}\b"),
    ("batch", rf"\bbatch(?:[\s-]size)? (?:of |is |= ?)?{_COUNT}\b"),
    ("lr", rf"\b(?:learning rate|lr) ?(?:of |is |= ?)?{_NUMBER}"),
    ("momentum", rf"\bmomentum (?:of |is |= ?)?{_NUMBER}"),
    ("gain", rf"\bgain (?:of |is |= ?)?{_NUMBER}"),
    ("forget_bias", rf"\bforget(?:[\s-]gate)? bias (?:of |is |= ?|to )?{_NUMBER}"),
    ("steps", rf"\bafter {_COUNT} (?:steps|iterations|updates)\b"),
)
# What introduces the network of the asker.
_OWN = (
    r"(?:with|using|uses?|having|has|in an?|for an?|in my|for my|in|for|about|\+"
    r"|(?:with|using|having|has)\b[^.?!]{0,40}\band)"
)
_BETWEEN = r"(?:\s+(?:an?|the|my|only|pure|plain|deep|all))*\s+"
# How people say the words of a knob, beside the grammar's own spellings.
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "activation": {
        "leaky relu": "leaky_relu", "relus": "relu", "sigmoids": "sigmoid", "logistic function": "sigmoid",
        "soft plus": "softplus",
    },
    "init": {
        "xavier initialization": "glorot", "glorot initialization": "glorot", "he initialization": "he",
        "kaiming initialization": "he", "xavier init": "glorot", "he init": "he", "he normal": "he",
        "orthogonal weights": "orthogonal", "default initialization": "torch",
    },
    "norm": {
        "batch normalization": "batch", "batch norm": "batch", "layer normalization": "layer",
        "layer norm": "layer", "rms norm": "rms", "group norm": "group",
    },
    "skip": {
        "skip connections": "residual", "skip connection": "residual", "residual connections": "residual",
        "residuals": "residual", "shortcuts": "residual", "highway connections": "highway",
    },
    "optimizer": {"adam optimizer": "adam"},
    "precision": {
        "half precision": "float16", "mixed precision": "float16", "double precision": "float64",
        "single precision": "float32",
    },
    "arch": {
        "lstms": "lstm", "rnns": "rnn", "grus": "gru", "cnns": "cnn", "transformers": "transformer",
        "convolutional network": "cnn", "convnet": "cnn", "recurrent network": "rnn",
        "recurrent neural network": "rnn",
    },
}  # fmt: skip
# "he" and "none" are words of English, "torch" and "normal" say nothing by themselves, "dense" is a layer.
_AMBIGUOUS = frozenset(
    {
        *("he", "none", "torch", "normal", "zeros", "linear", "identity", "dense", "layer", "group"),
        *("batch", "leaky", "single", "double", "half", "model", "res"),
    }
)
# "the first two layers" are part of a network, not its depth.
_SOME_OF_THEM = re.compile(r"\b(?:first|last|next|lower|upper|early|other|these|those|top)\s*$")
_NEGATED = re.compile(r"\b(?:without|no|not|instead of|rather than|never|don't|doesn't|isn't|than)\s*$")


def parameters(question: str) -> dict[str, str]:
    """Return the knobs that a question sets for its own network, as words of the grammar by key.

    A knob that the question sets twice, to different values, is left out: it compares them.
    """
    text = " ".join(re.sub(r"[’']", "'", strip_markup(question).lower()).split())
    text = re.sub(r"initiali[sz](?:ation|ed|ing)?", "initialization", text)
    found: dict[str, set[str]] = {}
    for key, word in (*_numbers(text), *_words(text)):
        found.setdefault(key, set()).add(word)
    return {key: words.pop() for key, words in found.items() if len(words) == 1}


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    for key, pattern in _NUMBERS:
        for match in re.finditer(rf"(?<![\w.,]){pattern}" if pattern[0] == "(" else pattern, text):
            if _SOME_OF_THEM.search(text[: match.start()]) or _NEGATED.search(text[: match.start()]):
                continue
            word = match["value"]
            word = str(_COUNTS.get(word, word))
            if _is_value(key, word):
                yield key, word


def _words(text: str) -> Iterator[tuple[str, str]]:
    for key, spellings in _SPELLINGS.items():
        taken: list[tuple[int, int]] = []
        for spelling, word in spellings:
            for match in re.finditer(rf"\b{_OWN}{_BETWEEN}(?P<word>{re.escape(spelling)})\b", text):
                span = match.span("word")
                inside = any(start < span[1] and span[0] < end for start, end in taken)
                if not inside and not _NEGATED.search(text[: match.start()]):
                    taken.append(span)
                    yield key, word


def _spellings() -> dict[str, list[tuple[str, str]]]:
    """List how each word of a choice is said, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, spoken in _SPOKEN.items():
        knob = BY_KEY[key]
        if isinstance(knob, Choice):
            said = {word: word for word in knob.words} | dict(knob.synonyms)
            own = {name.replace("_", " "): word for name, word in said.items() if name not in _AMBIGUOUS}
            found[key] = sorted((own | dict(spoken)).items(), key=lambda pair: -len(pair[0]))
    return found


_SPELLINGS = _spellings()


def _is_value(key: str, word: str) -> bool:
    try:
        BY_KEY[key].parse(word)
    except SpecError:
        return False
    return True
