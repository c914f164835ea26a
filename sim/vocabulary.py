"""The words of the grammar: every knob of a simulation, its values and how it is spelled.

A knob is one row of this file; `sim.spec` has the field of the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sim.errors import SpecError


def nearest(word: str, known: list[str]) -> str:
    """Name the known word closest to `word`, or list them all, as the end of an error sentence."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A knob that takes one of a few words."""

    key: str
    words: tuple[str, ...]
    default: str
    help: str
    synonyms: Mapping[str, str] = field(default_factory=dict[str, str])

    def parse(self, text: str) -> str:
        """Return the canonical word; raise SpecError naming the nearest one."""
        word = text.lower()
        word = self.synonyms.get(word, word)
        if word not in self.words:
            known = [*self.words, *self.synonyms]
            msg = f"{self.key} is one of {', '.join(self.words)}; got {text!r}; {nearest(text, known)}"
            raise SpecError(msg)
        return word

    def format(self, value: str) -> str:
        """Write the value as the grammar spells it."""
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A knob that takes a number within a closed range."""

    key: str
    low: float
    high: float
    default: float | None
    help: str
    whole: bool = False
    none: bool = False  # the word "none" is allowed and means: off
    odd: bool = False
    exclusive_low: bool = False

    def parse(self, text: str) -> float | None:
        """Return the number (or None for "none"); raise SpecError naming the nearest valid one."""
        if self.none and text.lower() in {"none", "off"}:
            return None
        try:
            value = float(text)
        except ValueError:
            msg = f"{self.key} is {self.wanted()}; got {text!r}; for example {self.key}={self._example()}."
            raise SpecError(msg) from None
        fault = value != value or value < self.low or value > self.high
        fault = fault or (self.exclusive_low and value == self.low)
        fault = fault or (self.whole and value != int(value)) or (self.odd and value % 2 == 0)
        if fault:
            msg = f"{self.key} is {self.wanted()}; got {text}; the nearest valid value is {self._clamp(value)}."
            raise SpecError(msg)
        return int(value) if self.whole else value

    def wanted(self) -> str:
        """Say what the knob accepts, as a noun phrase."""
        kind = "an odd whole number" if self.odd else "a whole number" if self.whole else "a number"
        above = "above" if self.exclusive_low else "from"
        span = f"{kind} {above} {self.format(self.low)} to {self.format(self.high)}"
        return f"none or {span}" if self.none else span

    def format(self, value: float | None) -> str:
        """Write the value so that parsing it gives the same number again."""
        if value is None:
            return "none"
        return str(int(value)) if value == int(value) and abs(value) < 1e9 else repr(value)  # noqa: PLR2004

    def _example(self) -> str:
        return self.format(self.default if self.default is not None else 1.0)

    def _clamp(self, value: float) -> str:
        if value != value:  # NaN
            return self._example()
        inside = min(max(value, self.low), self.high)
        if self.exclusive_low and inside == self.low:
            return self._example()
        if self.whole:
            inside = int(inside)
        if self.odd and inside % 2 == 0:
            inside = inside + 1 if inside + 1 <= self.high else inside - 1
        return self.format(inside)


Knob = Choice | Number

ACTIVATIONS = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu"),
    *("gelu", "silu", "softplus", "softsign", "hardtanh", "noisy_relu"),
)
RECURRENT = ("rnn", "lstm", "gru")

KNOBS: tuple[Knob, ...] = (
    Choice(
        key="arch",
        words=("mlp", "cnn", *RECURRENT, "transformer", "logistic"),
        default="mlp",
        help="the architecture",
        synonyms={
            "dense_net": "mlp", "feedforward": "mlp", "fnn": "mlp", "dnn": "mlp", "conv": "cnn",
            "convnet": "cnn", "convolutional": "cnn", "recurrent": "rnn", "logreg": "logistic",
        },
    ),  # fmt: skip
    Number(key="depth", low=1, high=200, default=20, whole=True, help="hidden layers (time steps if recurrent)"),
    Number(key="width", low=1, high=1024, default=64, whole=True, help="units or channels per layer"),
    Choice(
        key="activation",
        words=ACTIVATIONS,
        default="sigmoid",
        help="the non-linearity",
        synonyms={
            "identity": "linear", "logistic_sigmoid": "sigmoid", "rectifier": "relu", "leakyrelu": "leaky_relu",
            "leaky": "leaky_relu", "lrelu": "leaky_relu", "swish": "silu", "hard_tanh": "hardtanh",
            "noisyrelu": "noisy_relu",
        },
    ),  # fmt: skip
    Number(key="slope", low=0, high=1, default=0.01, help="negative slope of leaky_relu"),
    Choice(
        key="init",
        words=("glorot", "he", "lecun", "orthogonal", "lsuv", "torch", "heuristic", "normal", "zeros"),
        default="glorot",
        help="how the weights are drawn",
        synonyms={"xavier": "glorot", "kaiming": "he", "pytorch": "torch", "gaussian_init": "normal"},
    ),
    Number(key="gain", low=0, high=1000, default=1, exclusive_low=True, help="multiplier of the initial weights"),
    Number(key="std", low=0, high=100, default=0.01, help="standard deviation of init=normal"),
    Choice(
        key="norm",
        words=("none", "batch", "layer", "group", "rms"),
        default="none",
        help="the normalisation layer",
        synonyms={
            "batchnorm": "batch", "batch_norm": "batch", "bn": "batch", "layernorm": "layer",
            "layer_norm": "layer", "ln": "layer", "groupnorm": "group", "group_norm": "group", "gn": "group",
            "rmsnorm": "rms", "rms_norm": "rms",
        },
    ),  # fmt: skip
    Choice(
        key="skip",
        words=("none", "residual", "highway", "dense"),
        default="none",
        help="the skip connection",
        synonyms={"resnet": "residual", "res": "residual", "densenet": "dense"},
    ),
    Choice(key="order", words=("pre", "post"), default="pre", help="normalisation before or after"),
    Choice(
        key="padding",
        words=("zeros", "circular"),
        default="zeros",
        help="what a convolution sees beyond the edge",
        synonyms={"zero": "zeros", "wrap": "circular"},
    ),
    Number(key="kernel", low=1, high=15, default=3, whole=True, odd=True, help="side of the convolution kernel"),
    Number(key="image", low=1, high=64, default=8, whole=True, help="side of the image in pixels"),
    Number(key="forget_bias", low=-20, high=20, default=0, help="gate bias of lstm and gru"),
    Choice(
        key="loss",
        words=("bce", "mse", "ce"),
        default="bce",
        help="the loss",
        synonyms={"cross_entropy": "ce", "crossentropy": "ce", "squared": "mse", "squared_error": "mse"},
    ),
    Choice(
        key="data",
        words=("blobs", "spirals", "xor", "parity", "gaussian", "digits"),
        default="gaussian",
        help="the data set",
        synonyms={"blob": "blobs", "spiral": "spirals", "noise": "gaussian"},
    ),
    Number(key="batch", low=2, high=4096, default=64, whole=True, help="examples"),
    Number(key="seeds", low=1, high=256, default=16, whole=True, help="replicas: independent networks"),
    Number(key="seed", low=0, high=2**31 - 1, default=0, whole=True, help="the first seed"),
    Number(key="steps", low=0, high=100_000, default=0, whole=True, help="training steps; 0 = untrained"),
    Choice(
        key="optimizer",
        words=("sgd", "adam", "rmsprop"),
        default="sgd",
        help="the training rule",
        synonyms={"gd": "sgd"},
    ),
    Number(key="lr", low=0, high=1000, default=0.1, exclusive_low=True, help="the learning rate"),
    Number(key="momentum", low=0, high=0.999, default=0, help="momentum of sgd"),
    Number(key="clip", low=0, high=1e6, default=None, none=True, exclusive_low=True, help="clip the gradient norm"),
    Number(
        key="layer_lr", low=0, high=1000, default=None, none=True, exclusive_low=True,
        help="learning rate multiplier per layer towards the input",
    ),  # fmt: skip
    Choice(
        key="pretrain",
        words=("none", "greedy"),
        default="none",
        help="layer-wise pretraining",
        synonyms={"layerwise": "greedy"},
    ),
    Choice(
        key="precision",
        words=("float64", "float32", "bfloat16", "float16"),
        default="float32",
        help="the floating-point type",
        synonyms={
            "fp64": "float64", "double": "float64", "fp32": "float32", "single": "float32",
            "bf16": "bfloat16", "fp16": "float16", "half": "float16",
        },
    ),  # fmt: skip
    Number(
        key="input_scale", low=0, high=1e6, default=1, exclusive_low=True,
        help="standard deviation of the inputs",
    ),  # fmt: skip
)

BY_KEY: dict[str, Knob] = {knob.key: knob for knob in KNOBS}
KEY_SYNONYMS = {
    "architecture": "arch", "model": "arch", "network": "arch", "layers": "depth", "hidden": "width",
    "units": "width", "channels": "width", "act": "activation", "nonlinearity": "activation",
    "initialization": "init", "initialisation": "init", "normalization": "norm", "normalisation": "norm",
    "batch_size": "batch", "replicas": "seeds", "learning_rate": "lr", "opt": "optimizer",
    "optimiser": "optimizer", "dtype": "precision", "dataset": "data",
}  # fmt: skip


def _bare_words() -> dict[str, tuple[tuple[str, str], ...]]:
    """Map every choice word to the (key, word) pairs it could mean without its key."""
    meanings: dict[str, tuple[tuple[str, str], ...]] = {}
    for knob in KNOBS:
        if isinstance(knob, Choice):
            spellings = {word: word for word in knob.words} | dict(knob.synonyms)
            for spelling, word in spellings.items():
                meanings[spelling] = (*meanings.get(spelling, ()), (knob.key, word))
    return meanings


BARE_WORDS = _bare_words()
