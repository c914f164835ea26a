"""How people say the knobs of the grammar: which words stand for a value, and which name a number.

The tables are shared by `answers.parameters`, which reads a whole question, and `answers.followups`, which
reads a few words said after an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import SpecError
from sim.knobs import Choice
from sim.vocabulary import BY_KEY

COUNTS: Mapping[str, int] = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(2, 13),
        strict=True,
    )
) | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000}
"""The whole numbers that people write as words."""

_COUNT = rf"(?P<value>\d{{1,5}}(?![\d.,^/]*\d)|{'|'.join(COUNTS)})"
_NUMBER = r"(?P<value>\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+)(?![\d.,^/-]*\d)"
_SIGNED = r"(?P<value>[-−]?\d+(?:\.\d+)?)(?![\d.,^/]*\d)"
_IS = r"(?:\s*[=:]\s*|\s+(?:(?:of|is|to|at|as)\s+)?)"
_LAYERS = r"(?:hidden[\s-]+|deep[\s-]+|fully[\s-]connected[\s-]+|conv\w*[\s-]+|more[\s-]+)?layer(?:s|ed)?\b"
_UNITS = r"(?:hidden[\s-]+)?(?:units?|neurons?|nodes?|channels?|filters?)\b"

# Each finds the number of one knob; of two that overlap the longer counts.
_NUMBERS: tuple[tuple[str, str], ...] = (
    ("depth", rf"{_COUNT}[\s-]*{_LAYERS}"),
    ("depth", rf"{_COUNT}\s+(?:instead of|rather than)\s+\d+[\s-]*{_LAYERS}"),
    ("depth", rf"{_COUNT}[\s-]*(?:time[\s-]*)?steps? (?:back|long|sequence)"),
    ("depth", rf"{_COUNT}[\s-]*time[\s-]*steps?\b"),
    ("depth", rf"\bsequences? (?:of (?:length )?|length ){_COUNT}\b"),
    ("depth", rf"\bdepth{_IS}{_COUNT}\b"),
    ("depth", rf"\b(?:n[ou]?m?_layers|number of (?:hidden )?layers){_IS}{_COUNT}\b"),
    ("depth", rf"\blayers\s*[=:]\s*{_COUNT}\b"),
    ("width", rf"{_COUNT}[\s-]+{_UNITS}(?:\s+(?:per|in each|in every|each)(?:\s+layer)?)?"),
    ("width", rf"{_COUNT}[\s-]+wide\b"),
    ("width", rf"\b(?:width|hidden[\s_](?:size|dim)){_IS}{_COUNT}\b"),
    ("batch", rf"\b(?:mini-?\s?)?batch(?:es)?(?:[\s_-]*size)?{_IS}{_COUNT}\b"),
    ("batch", rf"\bbs{_IS}{_COUNT}\b"),
    ("lr", rf"\b(?:learning[\s_-]+rate|lr|step size){_IS}{_NUMBER}"),
    ("lr", rf"{_NUMBER}\s+(?:as (?:the )?)?(?:learning rate|lr)\b"),
    ("layer_lr", rf"\blayer[\s_-]?(?:wise[\s_-])?(?:learning rate|lr)s?{_IS}{_NUMBER}"),
    ("momentum", rf"\bmomentum{_IS}{_NUMBER}"),
    ("momentum", rf"{_NUMBER}\s+momentum\b"),
    ("gain", rf"\bgain{_IS}{_NUMBER}"),
    ("slope", rf"\bnegative slope{_IS}{_NUMBER}"),
    ("std", rf"\b(?:standard deviation|std){_IS}{_NUMBER}"),
    ("residual_scale", rf"\b(?:residual[\s_](?:scale|scaling)|branch(?:es)? scaled by){_IS}{_NUMBER}"),
    ("transform_bias", rf"\btransform[\s_-](?:gate[\s-])?bias{_IS}{_SIGNED}"),
    ("forget_bias", rf"\bforget(?:[\s-]gate)?[\s_]bias{_IS}{_SIGNED}"),
    ("kernel", rf"\b(?:kernel|filter)(?:[\s_]size)?{_IS}{_COUNT}\b"),
    ("kernel", rf"{_COUNT}\s?[x×]\s?\d+\s+(?:kernels?|filters?|conv(?:olution)?s?)\b"),
    ("image", rf"\bimages?(?:[\s_]size)?{_IS}{_COUNT}\b"),
    ("image", rf"{_COUNT}\s?[x×]\s?\d+\s+(?:pixels?\s+)?(?:images?|pixels?|inputs?)\b"),
    ("seeds", rf"{_COUNT}\s+(?:seeds|replicas)\b"),
    ("seed", rf"\bseed{_IS}{_COUNT}\b"),
    ("steps", rf"\bafter {_COUNT} (?:training )?(?:steps|iterations|updates)\b"),
    ("steps", rf"{_COUNT} training (?:steps|iterations|updates)\b"),
    ("steps", rf"\btrain(?:ed|ing)?(?: it)? for {_COUNT} (?:steps|iterations|updates)\b"),
    ("clip", rf"\bclip(?:ping|ped)?(?: the)?(?: gradients?)?(?: norms?)?{_IS}{_NUMBER}"),
    ("clip_value", rf"\bclip(?:ping|ped)?(?: by)?[\s_]values?{_IS}{_NUMBER}"),
    ("input_scale", rf"\binputs?(?: are)?[\s_](?:scale|scaled by|times){_IS}{_NUMBER}"),
)
_PATTERNS = tuple(
    (key, re.compile(rf"(?<![\w.,]){pattern}" if pattern[0] == "(" else pattern)) for key, pattern in _NUMBERS
)

SPOKEN: Mapping[str, Mapping[str, str]] = {
    "activation": {
        "leaky relu": "leaky_relu", "relus": "relu", "sigmoids": "sigmoid", "logistic function": "sigmoid",
        "soft plus": "softplus", "soft sign": "softsign", "noisy relu": "noisy_relu",
    },
    "init": {
        "xavier initialization": "glorot", "glorot initialization": "glorot", "he initialization": "he",
        "kaiming initialization": "he", "xavier init": "glorot", "he init": "he", "he normal": "he",
        "orthogonal weights": "orthogonal", "default initialization": "torch",
        "lecun initialization": "lecun",
        "orthogonal initialization": "orthogonal", "zero initialization": "zeros", "zero init": "zeros",
        "pytorch initialization": "torch", "normal initialization": "normal",
        "gaussian initialization": "normal",
    },
    "norm": {
        "batch normalization": "batch", "batch norm": "batch", "layer normalization": "layer",
        "layer norm": "layer", "rms norm": "rms", "group norm": "group", "group normalization": "group",
    },
    "skip": {
        "skip connections": "residual", "skip connection": "residual", "residual connections": "residual",
        "skips": "residual", "residuals": "residual", "shortcuts": "residual", "resnets": "residual",
        "highway connections": "highway", "highway network": "highway", "dense connections": "dense",
    },
    "order": {
        "pre norm": "pre", "pre ln": "pre", "prenorm": "pre", "pre activation": "pre",
        "post norm": "post", "post ln": "post", "postnorm": "post", "post activation": "post",
    },
    "padding": {"zero padding": "zeros", "circular padding": "circular"},
    "loss": {"cross entropy loss": "ce", "binary cross entropy": "bce", "mean squared error": "mse",
             "squared loss": "mse"},
    "data": {"gaussian noise": "gaussian"},
    "pretrain": {
        "pretraining": "greedy", "greedy pretraining": "greedy", "layer wise pretraining": "greedy",
        "layerwise pretraining": "greedy", "pre training": "greedy",
    },
    "optimizer": {"adam optimizer": "adam", "plain sgd": "sgd"},
    "precision": {
        "half precision": "float16", "mixed precision": "float16", "double precision": "float64",
        "single precision": "float32",
    },
    "arch": {
        "lstms": "lstm", "rnns": "rnn", "grus": "gru", "cnns": "cnn", "mlps": "mlp",
        "transformers": "transformer",
        "convolutional network": "cnn", "convnet": "cnn", "recurrent network": "rnn",
        "recurrent neural network": "rnn", "logistic regression": "logistic",
        "multilayer perceptron": "mlp",
    },
}  # fmt: skip
"""How people say the words of a knob, beside the grammar's own spellings."""

NAMED: Mapping[str, str] = {
    "activation": r"activation(?: function)?",
    "init": r"(?:weight )?init(?:ialization)?",
    "norm": r"norm(?:alization)?",
    "optimizer": r"optimi[sz]er",
    "loss": r"loss(?: function)?",
    "data": r"data(?:set| set)?",
    "arch": r"architecture",
    "precision": r"precision|dtype",
}
"""What choices are called: beside it, as in "activation is tanh", any of its words is meant."""

# "he" and "none" are words of English, "torch" and "normal" say nothing by themselves, "dense" is a layer.
_AMBIGUOUS = frozenset(
    {
        *("he", "none", "torch", "normal", "zeros", "linear", "identity", "dense", "layer", "group"),
        *("batch", "leaky", "single", "double", "half", "model", "res", "zero", "wrap", "pre", "post"),
        *("noise", "heuristic", "squared", "parity", "cancer", "recall", "conv", "logistic", "greedy"),
        *("pytorch", "gaussian"),
    }
)

OFF: Mapping[str, tuple[str, str]] = {
    "norm": ("none", r"normali[sz]ations?(?: layers?)?"),
    "skip": ("none", r"shortcut connections?"),
    "pretrain": ("none", r"pre-?training"),
    "clip": ("none", r"(?:gradient )?clipping"),
    "momentum": ("0", r"momentum"),
    "activation": ("linear", r"activations?(?: functions?)?|non-?linearit(?:y|ies)"),
}
"""What "without …" sets a knob to, and what it is called besides the names of its values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value of a knob, and where in the text it is said."""

    key: str
    word: str
    start: int
    end: int


def numbers(text: str) -> list[Said]:
    """Find the numbers that are said of knobs, in order; one out of its range is found too."""
    found = [
        Said(key=key, word=number(match["value"]), start=match.start(), end=match.end())
        for key, pattern in _PATTERNS
        for match in pattern.finditer(text)
    ]
    return apart(found)


def number(word: str) -> str:
    """Write a number as the grammar does."""
    return str(COUNTS.get(word, word.replace("−", "-")))


def apart(found: list[Said]) -> list[Said]:
    """Leave out what overlaps with something longer, and return the rest in order."""
    kept: list[Said] = []
    for one in sorted(found, key=lambda said: (said.start - said.end, said.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda said: said.start)


def is_value(key: str, word: str) -> bool:
    """Tell whether the grammar takes this word for the knob."""
    try:
        BY_KEY[key].parse(word)
    except SpecError:
        return False
    return True


def spellings(key: str, *, ambiguous: bool = False) -> dict[str, str]:
    """Return how each word of a choice is said; if `ambiguous`, also what needs the knob's name beside it."""
    knob = BY_KEY[key]
    if not isinstance(knob, Choice):
        return {}
    said = {word: word for word in knob.words} | dict(knob.synonyms)
    own = {name.replace("_", " "): word for name, word in said.items() if ambiguous or name not in _AMBIGUOUS}
    return own | dict(SPOKEN.get(key, {}))


def as_pattern(spelling: str) -> str:
    """Write a spelling as a pattern that takes hyphens and underscores for its spaces."""
    return r"[\s_-]+".join(re.escape(word) for word in spelling.split())
