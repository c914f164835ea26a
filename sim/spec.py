"""What can be asked of the engine, as one frozen value with a text form."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sim.errors import SpecError
from sim.vocabulary import BY_KEY, HIDDEN_ONLY, RECURRENT
from sim.words import read

MAX_VARIANTS = 6

_SEPARATOR = re.compile(r"(?:^|\s)vs\.?(?=\s|$)", re.IGNORECASE)
# The knobs that name a configuration in text and on plots even at their defaults.
_ALWAYS_SHOWN = ("arch", "depth", "width", "activation", "init")
# What the name of an architecture implies, where nothing else is said: a transformer as in Vaswani et al.
# 2017, arXiv:1706.03762, section 3; recurrent networks as in `torch.nn`.
_IMPLIED = {
    "transformer": {"norm": "layer", "skip": "residual", "activation": "relu"},
    **{arch: {"activation": "tanh"} for arch in RECURRENT},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One configuration of the engine; the field of each knob of `sim.vocabulary`."""

    arch: str = "mlp"
    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    slope: float = 0.01
    init: str = "glorot"
    gain: float = 1.0
    std: float = 0.01
    norm: str = "none"
    skip: str = "none"
    order: str = "pre"
    residual_scale: float = 1.0
    transform_bias: float = -2.0
    padding: str = "zeros"
    kernel: int = 3
    image: int = 8
    forget_bias: float = 0.0
    loss: str = "bce"
    data: str = "gaussian"
    batch: int = 64
    seeds: int = 16
    seed: int = 0
    steps: int = 0
    optimizer: str = "sgd"
    lr: float = 0.1
    momentum: float = 0.0
    clip: float | None = None
    clip_value: float | None = None
    layer_lr: float | None = None
    pretrain: str = "none"
    precision: str = "float32"
    input_scale: float = 1.0

    @classmethod
    def parse(cls, text: str, base: "Spec | None" = None, inherited: Iterable[str] = ()) -> "Spec":
        """Read one configuration; words it does not give come from `base`.

        Some architectures imply words that are not given, see `_IMPLIED`; `inherited` names the knobs of
        `base` that were asked for, and so stay.

        Raises:
            SpecError: a word is unknown, a value is wrong, or a knob is given twice; the message
                names the nearest valid word.
        """
        given = read(text)
        start = base or cls()
        default = cls()
        for key, word in _IMPLIED.get(given.get("arch", ""), {}).items():
            if getattr(start, key) == getattr(default, key) and key not in inherited:
                given.setdefault(key, word)
        return replace(start, **given)

    @property
    def text(self) -> str:
        """The canonical text: parsing it gives this spec again."""
        default = Spec()
        shown = {*_ALWAYS_SHOWN, *_IMPLIED.get(self.arch, {})} - self.without_hidden
        words = [
            f"{key}={BY_KEY[key].format(value)}"
            for key, value in asdict(self).items()
            if key in shown or value != getattr(default, key)
        ]
        return " ".join(words)

    @property
    def without_hidden(self) -> frozenset[str]:
        """The knobs that do nothing here because there is no hidden layer."""
        if self.arch != "logistic":
            return frozenset()
        # Gaussian inputs are as wide as the network, even if that is a single unit.
        return HIDDEN_ONLY - ({"width"} if self.data == "gaussian" else set())

    @property
    def key(self) -> str:
        """The content key: equal exactly when every knob is equal."""
        return content_key([self])

    def to_json(self) -> dict[str, Any]:
        """Return every knob as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Spec":
        """Rebuild a spec from `to_json`; raise SpecError if a knob is unknown or out of range."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(data) - known):
            msg = f"A spec has the knobs of the grammar; got {', '.join(unknown)}."
            raise SpecError(msg)
        texts = {key: "none" if value is None else str(value) for key, value in data.items()}
        values: dict[str, Any] = {key: BY_KEY[key].parse(text) for key, text in texts.items()}
        return cls(**values)


def parse_variants(text: str) -> tuple[Spec, ...]:
    """Read `SPEC [vs SPEC…]`; every later configuration inherits from the first.

    What a logistic regression inherits but has no use for is left out of it.

    Raises:
        SpecError: a configuration cannot be read or gives a knob that does nothing without hidden layers, one
            side of a "vs" is empty, or there are too many.
    """
    parts = [part.strip() for part in _SEPARATOR.split(text)]
    if len(parts) > MAX_VARIANTS:
        msg = f"At most {MAX_VARIANTS} configurations are compared at once; got {len(parts)}; leave some out."
        raise SpecError(msg)
    if len(parts) > 1 and not all(parts):
        msg = 'A configuration stands on each side of "vs"; got an empty one; try: sigmoid vs relu he.'
        raise SpecError(msg)
    first = Spec.parse(parts[0])
    given = [read(part) for part in parts]
    parsed = (first, *(Spec.parse(part, base=first, inherited=given[0]) for part in parts[1:]))
    idle = [spec.without_hidden for spec in parsed]
    # What the first configuration gives may be there for others to inherit.
    idle[0] = idle[0].intersection(*idle[1:])
    for own, unused in zip(given, idle, strict=True):
        _require_hidden([key for key in own if key in unused])
    default = Spec().to_json()
    specs = tuple(replace(spec, **{key: default[key] for key in spec.without_hidden}) for spec in parsed)
    if len(set(specs)) < len(specs):
        twice = next(spec for spec in specs if specs.count(spec) > 1)
        msg = f"Compared configurations differ in at least one knob; got {twice.text!r} twice; change one."
        raise SpecError(msg)
    return specs


def require_words(text: str) -> None:
    """Refuse a text without a word: it would be a run of defaults that nobody asked for.

    Raises:
        SpecError: there is none.
    """
    if not text.strip():
        msg = "A configuration has at least one word; got none; for example: depth=30 sigmoid vs relu he."
        raise SpecError(msg)


def _require_hidden(keys: list[str]) -> None:
    """Refuse knobs that were given to a logistic regression."""
    if keys:
        them = "it" if len(keys) == 1 else "them"
        msg = (
            f"{' and '.join(keys)} need{'s' * (len(keys) == 1)} a hidden layer; got arch=logistic, which has "
        )
        raise SpecError(msg + f"none; leave {them} out, or use arch=mlp.")


def content_key(specs: Iterable[Spec], **more: str) -> str:
    """Hash specs and whatever else decides a result into 64 hexadecimal digits."""
    # Written out by the grammar, equal numbers are equal texts: 2 and 2.0, 0.0 and -0.0.
    written = [{key: BY_KEY[key].format(value) for key, value in spec.to_json().items()} for spec in specs]
    blob = [written, more]
    return hashlib.sha256(json.dumps(blob, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
