"""The names of knobs and their values as people write them: ReLU, He, batch norm, width 64."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain, combinations
from typing import Any

from sim.parts import part
from sim.spec import Spec
from sim.support import irrelevant
from sim.vocabulary import BY_KEY

_NAMES: dict[str, dict[str, str]] = {
    "arch": {"mlp": "MLP", "cnn": "CNN", "rnn": "RNN", "lstm": "LSTM", "gru": "GRU"},
    "activation": {
        "relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
        "silu": "SiLU", "hardtanh": "hard tanh", "noisy_relu": "noisy ReLU",
    },
    "init": {
        "glorot": "Glorot", "he": "He", "lecun": "LeCun", "lsuv": "LSUV", "torch": "PyTorch init",
        "heuristic": "1/√n init", "normal": "normal init", "zeros": "zero init",
    },
    "norm": {
        "none": "no norm", "batch": "batch norm", "layer": "layer norm", "group": "group norm",
        "rms": "RMS norm",
    },
    "skip": {"none": "no skip", "residual": "residual", "highway": "highway", "dense": "dense skips"},
    "order": {"pre": "norm first", "post": "norm last"},
    "padding": {"zeros": "zero padding", "circular": "circular padding"},
    "loss": {"bce": "binary cross-entropy", "ce": "cross-entropy", "mse": "squared error"},
    "optimizer": {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"},
    "pretrain": {"none": "no pretraining", "greedy": "greedy pretraining"},
}  # fmt: skip
_PATTERNS = {
    "depth": "{} layers", "seeds": "{} seeds", "steps": "{} steps", "kernel": "{0}×{0} kernel",
    "image": "{0}×{0} image", "precision": "{}", "data": "{}", "clip": "clip {}", "lr": "rate {}",
    "clip_value": "value clip {}", "layer_lr": "rate ×{} per layer",
}  # fmt: skip
_NONE = {"clip": "no clipping", "clip_value": "no value clip", "layer_lr": "one rate"}
_BRIEF = {"binary cross-entropy": "BCE", "cross-entropy": "CE", "squared error": "MSE"}
_COMPANIONS = frozenset({"depth", "init", "lr", "seed"})
"""Knobs that usually go with another one, as He goes with ReLU: a name may leave them to the labels."""
_SAID_ELSEWHERE = ("arch", "depth", "width", "seeds", "seed", "steps", "batch", "activation", "init")
_TRAINING_ONLY = ("optimizer", "lr", "momentum", "clip", "layer_lr", "pretrain")


def phrase(key: str, value: Any) -> str:
    """Name the value of a knob so that it stands alone: "batch norm", "width 64", "ReLU"."""
    text = BY_KEY[key].format(value) if not isinstance(value, str) else value
    if key in _NAMES or key in {"activation", "arch"}:
        return _NAMES.get(key, {}).get(text, text)
    if key in _NONE and text == "none":
        return _NONE[key]
    if key == "steps" and text == "0":
        return "untrained"
    if key in {"depth", "seeds", "steps"} and text == "1":
        return _PATTERNS[key].format(text).removesuffix("s")
    return _PATTERNS.get(key, key.replace("_", " ") + " {}").format(text)


def pretty(label: str) -> tuple[str, ...]:
    """Split the label of a variant at its dots and name each part as people write it."""
    return tuple(_pretty(word) for word in label.split(" · "))


def short_labels(labels: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name each variant by what its label does not share with all others; return also what they share."""
    parts = [pretty(label) for label in labels]
    common = tuple(word for word in parts[0] if len(parts) > 1 and all(word in other for other in parts))
    own = [tuple(word for word in words if word not in common) for words in parts]
    if not all(own):
        return tuple(" · ".join(words) for words in parts), ()
    return tuple(" · ".join(words) for words in own), common


def differing(specs: Sequence[Spec]) -> tuple[str, ...]:
    """Return the knobs in which the specs differ, in the order of the grammar."""
    return tuple(key for key in BY_KEY if len({getattr(spec, key) for spec in specs}) > 1)


def special(specs: Sequence[Spec]) -> tuple[str, ...]:
    """Name the settings that all specs share, that are not the default and that act on any of them."""
    default = Spec()
    trained = any(spec.steps for spec in specs)
    idle = {key for key in irrelevant(specs[0]) if all(key in irrelevant(spec) for spec in specs)}
    apart = {*differing(specs), *_SAID_ELSEWHERE, *idle, *(() if trained else _TRAINING_ONLY)}
    return tuple(
        phrase(key, value)
        for key, value in asdict(specs[0]).items()
        if key not in apart and value != getattr(default, key)
    )


def subject(specs: Sequence[Spec]) -> tuple[str, ...]:
    """Name the first spec as the subject of a sentence, the fullest name first.

    It is named by its activation where that tells it from the others, else by the first knob that does, else
    by a few that do together: no name fits another of the specs as well.
    """
    focus, others = specs[0], specs[1:]
    activation, arch = phrase("activation", focus.activation), phrase("arch", focus.arch)
    own = _own(focus, others)
    if own and own != ("activation",):
        name = " · ".join(phrase(key, getattr(focus, key)) for key in own)
        return (f"{activation} {name}", name) if own == ("arch",) else (name,)
    named = focus.arch in {"lstm", "gru", "transformer", "logistic"}
    if named and not own:
        return (arch,)
    full = activation if focus.arch == "mlp" else f"{activation} {arch}"
    added = [phrase(key, getattr(focus, key)) for key in ("norm", "skip") if getattr(focus, key) != "none"]
    names = [full, activation] if named else [" + ".join([full, *added]), full, activation]
    return tuple(dict.fromkeys(names))


def whole(specs: Sequence[Spec]) -> str:
    """Name the first spec by everything that none of the others has; empty where one knob is all there is.

    A finding that is put down to a shorter name could be the work of what that name leaves out.
    """
    focus, others = specs[0], specs[1:]
    own = _own(focus, others)
    idle = irrelevant(focus)
    apart = [
        key
        for key in differing(specs)
        if key not in {*own, *idle, *_COMPANIONS}
        and all(getattr(other, key) != getattr(focus, key) for other in others)
    ]
    if not own or not apart or own == ("arch",):
        return ""
    keys = [key for key in BY_KEY if key in own or key in apart]
    return " · ".join(phrase(key, getattr(focus, key)) for key in keys)


def brief(name: str) -> str:
    """Write the losses in a name as their initials: BCE, CE, MSE."""
    for long, short in _BRIEF.items():
        name = name.replace(long, short)
    return name


def _own(focus: Spec, others: Sequence[Spec]) -> tuple[str, ...]:
    """Return the fewest knobs that tell the focus from all others, of equally few those that act on it."""
    keys = differing([focus, *others])
    keys = sorted(keys, key=lambda key: (key in irrelevant(focus), key != "activation"))
    for chosen in chain.from_iterable(combinations(keys, size) for size in range(1, len(keys) + 1)):
        if all(any(getattr(other, key) != getattr(focus, key) for key in chosen) for other in others):
            return chosen
    return ()


def unit(specs: Sequence[Spec]) -> str:
    """Return what the gradient passes: layers, blocks of a transformer, or time steps of a recurrent net."""
    parts = {part(spec) for spec in specs}
    return parts.pop() if len(parts) == 1 else "layer"


def _pretty(word: str) -> str:
    key, _, value = word.partition(" ")
    if value and key in BY_KEY:
        return phrase(key, value)
    for key in ("arch", "activation", "init"):
        if word in _NAMES.get(key, {}):
            return _NAMES[key][word]
    return word
