"""The names of knobs and their values as people write them: ReLU, He, batch norm, width 64."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim.spec import Spec
from sim.vocabulary import BY_KEY, RECURRENT

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
    "loss": {"bce": "cross-entropy", "ce": "cross-entropy", "mse": "squared error"},
    "optimizer": {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"},
    "pretrain": {"none": "no pretraining", "greedy": "greedy pretraining"},
}  # fmt: skip
_PATTERNS = {
    "depth": "{} layers", "seeds": "{} seeds", "steps": "{} steps", "kernel": "{0}×{0} kernel",
    "image": "{0}×{0} image", "precision": "{}", "data": "{}", "clip": "clip {}", "lr": "rate {}",
}  # fmt: skip
_SAID_ELSEWHERE = ("arch", "depth", "width", "seeds", "seed", "steps", "batch", "activation", "init")
_TRAINING_ONLY = ("optimizer", "lr", "momentum", "clip", "layer_lr", "pretrain")


def phrase(key: str, value: Any) -> str:
    """Name the value of a knob so that it stands alone: "batch norm", "width 64", "ReLU"."""
    text = BY_KEY[key].format(value) if not isinstance(value, str) else value
    if key in _NAMES or key in {"activation", "arch"}:
        return _NAMES.get(key, {}).get(text, text)
    if key == "clip" and text == "none":
        return "no clipping"
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
    """Name the settings that all specs share and that are not the default."""
    default = Spec()
    trained = any(spec.steps for spec in specs)
    apart = {*differing(specs), *_SAID_ELSEWHERE, *(() if trained else _TRAINING_ONLY)}
    return tuple(
        phrase(key, value)
        for key, value in asdict(specs[0]).items()
        if key not in apart and value != getattr(default, key)
    )


def subject(specs: Sequence[Spec]) -> tuple[str, ...]:
    """Name the first spec as the subject of a sentence, the fullest name first.

    It is named by its activation where that tells it from the others, else by the first knob that does.
    """
    focus, keys = specs[0], differing(specs)
    activation = phrase("activation", focus.activation)
    own = [key for key in keys if all(getattr(other, key) != getattr(focus, key) for other in specs[1:])]
    if own and "activation" not in own:
        name = phrase(own[0], getattr(focus, own[0]))
        return (f"{activation} {name}", name) if own[0] == "arch" else (name, activation)
    arch = "" if focus.arch == "mlp" else f" {phrase('arch', focus.arch)}"
    added = [phrase(key, getattr(focus, key)) for key in ("norm", "skip") if getattr(focus, key) != "none"]
    names = [" + ".join([activation + arch, *added]), activation + arch, activation]
    if focus.arch in {"lstm", "gru", "transformer", "logistic"}:
        names = [phrase("arch", focus.arch)]
    return tuple(dict.fromkeys(names))


def unit(specs: Sequence[Spec]) -> str:
    """Return what one step along the horizontal axis is: a layer, or a time step of a recurrent net."""
    return "step" if all(spec.arch in RECURRENT for spec in specs) else "layer"


def _pretty(word: str) -> str:
    key, _, value = word.partition(" ")
    if value and key in BY_KEY:
        return phrase(key, value)
    for key in ("arch", "activation", "init"):
        if word in _NAMES.get(key, {}):
            return _NAMES[key][word]
    return word
