"""What can be asked of the engine, as one frozen value with a text form."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sim.errors import SpecError
from sim.knobs import Number, nearest
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS, RECURRENT

MAX_VARIANTS = 6
MAX_TEXT = 2_000

_SIZE = re.compile(r"(\d+)[x×](\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?", re.IGNORECASE)
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
        given = _read(text)
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
        shown = {*_ALWAYS_SHOWN, *_IMPLIED.get(self.arch, {})}
        words = [
            f"{key}={BY_KEY[key].format(value)}"
            for key, value in asdict(self).items()
            if key in shown or value != getattr(default, key)
        ]
        return " ".join(words)

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

    Raises:
        SpecError: a configuration cannot be read, one side of a "vs" is empty, or there are too many.
    """
    parts = [part.strip() for part in _SEPARATOR.split(text)]
    if len(parts) > MAX_VARIANTS:
        msg = f"At most {MAX_VARIANTS} configurations are compared at once; got {len(parts)}; leave some out."
        raise SpecError(msg)
    if len(parts) > 1 and not all(parts):
        msg = 'A configuration stands on each side of "vs"; got an empty one; try: sigmoid vs relu he.'
        raise SpecError(msg)
    first = Spec.parse(parts[0])
    asked = set(_read(parts[0]))
    specs = (first, *(Spec.parse(part, base=first, inherited=asked) for part in parts[1:]))
    if len(set(specs)) < len(specs):
        twice = next(spec for spec in specs if specs.count(spec) > 1)
        msg = f"Compared configurations differ in at least one knob; got {twice.text!r} twice; change one."
        raise SpecError(msg)
    return specs


def content_key(specs: Iterable[Spec], **more: str) -> str:
    """Hash specs and whatever else decides a result into 64 hexadecimal digits."""
    # Written out by the grammar, equal numbers are equal texts: 2 and 2.0, 0.0 and -0.0.
    written = [{key: BY_KEY[key].format(value) for key, value in spec.to_json().items()} for spec in specs]
    blob = [written, more]
    return hashlib.sha256(json.dumps(blob, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _read(text: str) -> dict[str, Any]:
    """Read the knobs that a configuration gives."""
    if len(text) > MAX_TEXT:
        msg = f"A configuration has at most {MAX_TEXT} characters; got {len(text)}; leave some words out."
        raise SpecError(msg)
    given: dict[str, Any] = {}
    for word in _words(text):
        for key, value in _read_word(word):
            if key in given:
                msg = f"{key} is given once in a configuration; got it again in {word!r}; remove one."
                raise SpecError(msg)
            given[key] = value
    return given


def _words(text: str) -> list[str]:
    """Split a configuration into words; "depth = 30", "depth 30" and "30 layers" are one word each."""
    text = re.sub(r"\s*=\s*", "=", text.replace(",", " "))
    words: list[str] = []
    for word in text.split():
        last = words[-1] if words else ""
        if _is_numeric_key(last) and _NUMBER.fullmatch(word):
            words[-1] = f"{last}={word}"
        elif _NUMBER.fullmatch(last) and _is_numeric_key(word):
            words[-1] = f"{word}={last}"
        else:
            words.append(word)
    return words


def _is_numeric_key(word: str) -> bool:
    return isinstance(BY_KEY.get(KEY_SYNONYMS.get(word.lower(), word.lower())), Number)


def _read_word(word: str) -> list[tuple[str, Any]]:
    key, equals, value = word.partition("=")
    if equals:
        return [_read_pair(key, value, word)]
    if size := _SIZE.fullmatch(word):
        depth, width = size.groups()
        return [("depth", BY_KEY["depth"].parse(depth)), ("width", BY_KEY["width"].parse(width))]
    return [_read_bare(word)]


def _read_pair(key: str, value: str, word: str) -> tuple[str, Any]:
    name = key.lower().replace("-", "_")
    name = KEY_SYNONYMS.get(name, name)
    if name not in BY_KEY:
        msg = f"A word is key=value with a known key; got {word!r:.60}; {nearest(name, list(BY_KEY))}"
        raise SpecError(msg)
    if not value:
        msg = f"{name} needs a value after the equals sign; got {word!r}; try {name}={_example(name)}."
        raise SpecError(msg)
    return name, BY_KEY[name].parse(value)


def _read_bare(word: str) -> tuple[str, Any]:
    meanings = BARE_WORDS.get(word.lower(), ())
    if len(meanings) == 1 and word.lower() not in BY_KEY:
        return meanings[0]
    if meanings:
        pairs = [f"{key}={value}" for key, value in meanings]
        if word.lower() in BY_KEY:
            pairs.append(f"{word.lower()}={_example(word.lower())}")
        options = " or ".join(pairs)
        msg = f"{word!r} alone could mean more than one thing; write {options}."
        raise SpecError(msg)
    known = [bare for bare, means in BARE_WORDS.items() if len(means) == 1]
    key = KEY_SYNONYMS.get(word.lower(), word.lower())
    if key in BY_KEY:
        msg = f"{key} needs a value; got {word!r} alone; for example {key}={_example(key)}."
        raise SpecError(msg)
    if _NUMBER.fullmatch(word):
        msg = f"A number needs its key; got {word!r} alone; for example depth={word}."
        raise SpecError(msg)
    hint = nearest(word, [*known, *BY_KEY])
    hint = hint if hint.startswith("did") else "for example: depth=30 sigmoid vs relu he."
    msg = f"A word is key=value or a known value; got {word!r:.60}; {hint}"
    raise SpecError(msg)


def _example(key: str) -> str:
    default = getattr(Spec(), key)
    return "1" if default is None else BY_KEY[key].format(default)
