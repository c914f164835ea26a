"""How long one pass, one training step and the drawing take, on one thread.

Every constant was fitted to the processor time of some 700 random specs on one core of a server of 2025
(about 45 billion multiplications a second in large products); 98 % of them are within a factor of two.
"""

from dataclasses import dataclass, replace

from sim.cost.memory import chunks
from sim.cost.size import Size
from sim.spec import Spec

_NANO = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """Seconds of a forward and backward pass: per layer, and per thing that `Size` counts."""

    layer: float
    product: float
    number: float
    use: float


# Fixed costs per layer are those of calling torch: some dozen calls by hand, some fifty with autograd.
_RATES = {
    "plain": _Rates(layer=2.5e-5, product=0.045 * _NANO, number=4.9 * _NANO, use=0.5 * _NANO),
    "mlp": _Rates(layer=1.5e-4, product=0.055 * _NANO, number=4.2 * _NANO, use=3.8 * _NANO),
    "cnn": _Rates(layer=7.8e-4, product=0.025 * _NANO, number=7.7 * _NANO, use=26 * _NANO),
    "rnn": _Rates(layer=1.4e-4, product=0.043 * _NANO, number=8.6 * _NANO, use=2.9 * _NANO),
    "lstm": _Rates(layer=2.3e-4, product=0.042 * _NANO, number=8.8 * _NANO, use=1.9 * _NANO),
    "gru": _Rates(layer=2.7e-4, product=0.039 * _NANO, number=9.7 * _NANO, use=1.0 * _NANO),
    "transformer": _Rates(layer=1.06e-3, product=0.045 * _NANO, number=60 * _NANO, use=3.0 * _NANO),
}
_CHANNEL = 4.0 * _NANO  # grouped convolutions of few channels: per product and channel
_JOINED = 4.4 * _NANO
_PASS = 3e-4

# What normalisation and skip connections add, per layer and per number.
_NORM = _Rates(layer=2.1e-4, product=0, number=13 * _NANO, use=0)
_TRANSFORMER_NORM = 56 * _NANO  # two norms
_RESIDUAL = 4.4 * _NANO
_HIGHWAY = _Rates(layer=1.4e-4, product=0, number=16 * _NANO, use=0)

_ACTIVATION = {
    **dict.fromkeys(("sigmoid", "tanh", "elu", "selu", "gelu", "softsign"), 1.5 * _NANO),
    **dict.fromkeys(("silu", "softplus"), 5.0 * _NANO),
    "noisy_relu": 11 * _NANO,
}

# Types that the processor has no arithmetic for are converted back and forth. Per product, number and,
# without a fast convolution at all, product of a convolution.
_COARSE = {"bfloat16": (0.65 * _NANO, 55 * _NANO), "float16": (0.77 * _NANO, 60 * _NANO)}
_COARSE_CONVOLUTION = 2.0 * _NANO
_DOUBLE = 1.75

# The first pass of a process touches fresh memory and lets torch set itself up.
_FIRST = 4e-3
_FIRST_LAYER = 2e-5
_FRESH_NUMBER, _FRESH_USE = 8.4 * _NANO, 2.8 * _NANO

# Per parameter and training step.
_STEP = 1.8 * _NANO
_RULE = {"sgd": 0.0, "adam": 4.9 * _NANO, "rmsprop": 2.5 * _NANO}
_MOMENTUM, _CLIP, _CLIP_VALUE, _LAYER_RATES = 1.0 * _NANO, 1.5 * _NANO, 0.5 * _NANO, 1.0 * _NANO

_DRAWING = 6e-3
_TABLE = 3e-2  # reading a real data set
_SLOT = 8e-6  # per layer and replica
_DRAWN_INPUT, _DRAWN, _ORTHOGONAL, _QR = 9 * _NANO, 6.5 * _NANO, 45 * _NANO, 0.05 * _NANO


def is_plain(spec: Spec) -> bool:
    """Say what `sim.passes.plain.is_plain` says, which needs torch."""
    plain = spec.arch == "mlp" and spec.norm == "none" and spec.skip == "none"
    return plain and spec.precision in {"float32", "float64"} and spec.activation != "noisy_relu"


def one_pass(spec: Spec, *, by_hand: bool = True) -> float:
    """Estimate one forward and backward pass of all replicas; `by_hand` where there is such a pass."""
    calls, arithmetic = parts(spec, by_hand=by_hand)
    return calls + arithmetic


def first_pass(spec: Spec, *, by_hand: bool = True) -> float:
    """Estimate the first pass of a process, with the readings of all layers."""
    size = Size.of(spec)
    fresh = size.numbers * _FRESH_NUMBER + size.uses * _FRESH_USE
    setting_up = _FIRST + _FIRST_LAYER * layers(spec)
    return setting_up + one_pass(spec, by_hand=by_hand) + spec.seeds * fresh * _wide(spec)


def arithmetic(spec: Spec) -> float:
    """Estimate a pass without what calling torch costs."""
    return parts(spec, by_hand=True)[1]


def step(spec: Spec) -> float:
    """Estimate one training step of all replicas."""
    rule = _STEP + _RULE[spec.optimizer] + (_MOMENTUM if spec.momentum else 0)
    rule += (_CLIP if spec.clip is not None else 0) + (_CLIP_VALUE if spec.clip_value is not None else 0)
    rule += _LAYER_RATES if spec.layer_lr is not None else 0
    return one_pass(spec) + spec.seeds * Size.of(spec).parameters * rule * _wide(spec)


def training(spec: Spec) -> float:
    """Estimate the steps of one training and the reading after the last."""
    pretraining = 0.0
    if spec.pretrain == "greedy" and spec.steps:
        # Layer by layer, an autoencoder of two matrices by automatic differentiation and Adam.
        own = replace(spec, optimizer="adam", pretrain="none", clip=None, clip_value=None, layer_lr=None)
        pretraining = spec.steps * 2 * (step(own) + one_pass(own, by_hand=False))
    return pretraining + spec.steps * step(spec) + first_pass(spec)


def drawing(spec: Spec) -> float:
    """Estimate the drawing of data and weights."""
    size = Size.of(spec)
    weight = _DRAWN
    if spec.init in {"orthogonal", "lsuv"}:
        weight = _ORTHOGONAL + _QR * spec.width
    drawn = size.inputs * _DRAWN_INPUT + size.parameters * weight + _SLOT * layers(spec)
    lsuv = one_pass(spec) if spec.init == "lsuv" else 0.0
    return _DRAWING + (_TABLE if spec.data in {"digits", "cancer"} else 0.0) + spec.seeds * drawn + lsuv


def layers(spec: Spec) -> int:
    """Return how many layers call torch."""
    return 1 if spec.arch == "logistic" else spec.depth


def parts(spec: Spec, *, by_hand: bool) -> tuple[float, float]:
    """Return the seconds of calling torch, and those of arithmetic."""
    size = Size.of(spec)
    rates = _RATES[_kind(spec, by_hand=by_hand)]
    layer, number = rates.layer, rates.number
    product = rates.product + (_CHANNEL / spec.width if spec.arch == "cnn" else 0.0)
    inner = 4 if spec.arch == "transformer" else 1  # numbers that the activation sees, per number
    number += inner * _ACTIVATION.get(spec.activation, 0.0)
    if spec.norm != "none" and spec.arch != "logistic":
        layer += _NORM.layer
        number += _NORM.number + (_TRANSFORMER_NORM if spec.arch == "transformer" else 0.0)
    if spec.skip == "residual" and spec.arch != "transformer":
        number += _RESIDUAL
    if spec.skip == "highway":
        layer += _HIGHWAY.layer
        number += _HIGHWAY.number
    joined = _JOINED
    if spec.precision in _COARSE:
        more_product, more_number = _COARSE[spec.precision]
        product += _COARSE_CONVOLUTION if spec.arch == "cnn" else more_product
        number += more_number * (9 if spec.arch == "transformer" else 1)
        joined += more_number
    replica = size.products * product + size.numbers * number + size.joined * joined + size.uses * rates.use
    calls = chunks(spec) * (_PASS + layer * layers(spec))
    return calls, spec.seeds * replica * _wide(spec)


def _kind(spec: Spec, *, by_hand: bool) -> str:
    if by_hand and is_plain(spec):
        return "plain"
    return "mlp" if spec.arch == "logistic" else spec.arch


def _wide(spec: Spec) -> float:
    return _DOUBLE if spec.precision == "float64" else 1.0
