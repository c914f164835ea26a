"""How long one pass, one training step and the drawing take, on one thread.

Every constant was fitted to the processor time of some 700 random specs on the reference machine of
`sim.cost.machine`, and 98 % of other specs are within a factor of two there.
"""

from dataclasses import dataclass, replace

from sim.cost.memory import chunks
from sim.cost.size import Size
from sim.cost.work import Work
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
    "plain": _Rates(layer=3.2e-6, product=0.028 * _NANO, number=1.9 * _NANO, use=0.36 * _NANO),
    "mlp": _Rates(layer=5.4e-5, product=0.042 * _NANO, number=2.9 * _NANO, use=1.6 * _NANO),
    "cnn": _Rates(layer=2.6e-4, product=0.0085 * _NANO, number=8.6 * _NANO, use=8.2 * _NANO),
    "rnn": _Rates(layer=4.0e-5, product=0.015 * _NANO, number=8.3 * _NANO, use=0.37 * _NANO),
    "lstm": _Rates(layer=8.2e-5, product=0.030 * _NANO, number=6.5 * _NANO, use=0.8 * _NANO),
    "gru": _Rates(layer=9.6e-5, product=0.026 * _NANO, number=4.3 * _NANO, use=0.92 * _NANO),
    "transformer": _Rates(layer=6.5e-4, product=0.028 * _NANO, number=42 * _NANO, use=2.1 * _NANO),
}
_CHANNEL = 0.96 * _NANO  # grouped convolutions of few channels: per product and channel
_JOINED = 2.6 * _NANO
_READ = 0.68 * _NANO  # per input of a network without hidden layers
_PASS = 5.5e-5

# What normalisation and skip connections add, per layer and per number.
_NORM = _Rates(layer=8.8e-5, product=0, number=6.3 * _NANO, use=0)
_TRANSFORMER_NORM = 28 * _NANO  # two norms
_RESIDUAL = 3.2 * _NANO
_HIGHWAY = _Rates(layer=6.2e-5, product=0, number=7.2 * _NANO, use=0)

_ACTIVATION = {
    **dict.fromkeys(("sigmoid", "tanh", "elu", "selu", "gelu", "softsign"), 1.6 * _NANO),
    **dict.fromkeys(("silu", "softplus"), 2.4 * _NANO),
    "noisy_relu": 9.2 * _NANO,
}

# Half precisions, per product, product of a convolution, for which there is then no fast way, and number.
_COARSE = frozenset({"bfloat16", "float16"})
_COARSE_PRODUCT, _COARSE_CONVOLUTION, _COARSE_NUMBER = 0.33 * _NANO, 1.9 * _NANO, 26 * _NANO
_COARSE_CALLS = 1.3
_DOUBLE = 2.15

# The first pass of a process touches fresh memory and lets torch set itself up.
_FIRST = 6e-4
_FIRST_LAYER = 2e-5
_FRESH_NUMBER, _FRESH_USE = 4.8 * _NANO, 1.6 * _NANO

# Per training step, and per parameter of it.
_STEP_CALLS = 1e-5
_STEP = 0.8 * _NANO
_RULE = {"sgd": 0.0, "adam": 2.3 * _NANO, "rmsprop": 2.5 * _NANO}
_MOMENTUM, _CLIP, _CLIP_VALUE, _LAYER_RATES = 1.0 * _NANO, 2.0 * _NANO, 0.5 * _NANO, 1.0 * _NANO
_PRETRAINING = 1.6  # of two steps, for each

_DRAWING = 5.3e-3
_TABLE = 4e-3  # reading a real data set
_SLOT = 8e-6  # per layer and replica
_DRAWN_INPUT, _DRAWN, _ORTHOGONAL, _QR = 9 * _NANO, 6.5 * _NANO, 45 * _NANO, 0.05 * _NANO


def is_plain(spec: Spec) -> bool:
    """Say what `sim.passes.plain.is_plain` says, which needs torch."""
    plain = spec.arch == "mlp" and spec.norm == "none" and spec.skip == "none"
    return plain and spec.precision in {"float32", "float64"} and spec.activation != "noisy_relu"


def one_pass(spec: Spec, *, by_hand: bool = True) -> Work:
    """Estimate one forward and backward pass of all replicas; `by_hand` where there is such a pass."""
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
    replica = size.products * product + size.numbers * number + size.joined * _JOINED + size.uses * rates.use
    replica += size.inputs * _READ if spec.arch == "logistic" else 0.0
    calls = (
        chunks(spec) * (_PASS + layer * layers(spec)) * (_COARSE_CALLS if spec.precision in _COARSE else 1.0)
    )
    converting = spec.seeds * _converting(spec, size)
    arithmetic = spec.seeds * replica * _wide(spec)
    if spec.precision == "bfloat16":
        return Work(calls, arithmetic, bfloat16=converting)
    return Work(calls, arithmetic + converting)


def _converting(spec: Spec, size: Size) -> float:
    """Estimate what a type costs that the processor has no arithmetic for, and converts back and forth."""
    if spec.precision not in _COARSE:
        return 0.0
    product = _COARSE_CONVOLUTION if spec.arch == "cnn" else _COARSE_PRODUCT
    numbers = size.numbers * (9 if spec.arch == "transformer" else 1) + size.joined
    return size.products * product + numbers * _COARSE_NUMBER


def first_pass(spec: Spec, *, by_hand: bool = True) -> Work:
    """Estimate the first pass of a process, with the readings of all layers."""
    size = Size.of(spec)
    fresh = size.numbers * _FRESH_NUMBER + size.uses * _FRESH_USE
    setting_up = Work(_FIRST + _FIRST_LAYER * layers(spec), spec.seeds * fresh * _wide(spec))
    return setting_up + one_pass(spec, by_hand=by_hand)


def step(spec: Spec) -> Work:
    """Estimate one training step of all replicas."""
    rule = _STEP + _RULE[spec.optimizer] + (_MOMENTUM if spec.momentum else 0)
    rule += (_CLIP if spec.clip is not None else 0) + (_CLIP_VALUE if spec.clip_value is not None else 0)
    rule += _LAYER_RATES if spec.layer_lr is not None else 0
    return one_pass(spec) + Work(_STEP_CALLS, spec.seeds * Size.of(spec).parameters * rule * _wide(spec))


def training(spec: Spec) -> Work:
    """Estimate the steps of one training and the reading after the last."""
    pretraining = Work()
    if spec.pretrain == "greedy" and spec.steps:
        # Layer by layer, an autoencoder of two matrices by automatic differentiation and Adam.
        own = replace(spec, optimizer="adam", pretrain="none", clip=None, clip_value=None, layer_lr=None)
        pretraining = spec.steps * _PRETRAINING * (step(own) + one_pass(own, by_hand=False))
    return pretraining + spec.steps * step(spec) + first_pass(spec)


def drawing(spec: Spec) -> Work:
    """Estimate the drawing of data and weights."""
    size = Size.of(spec)
    weight = _DRAWN
    if spec.init in {"orthogonal", "lsuv"}:
        weight = _ORTHOGONAL + _QR * spec.width
    calls = _DRAWING + (_TABLE if spec.data in {"digits", "cancer"} else 0.0)
    calls += spec.seeds * _SLOT * layers(spec)
    drawn = Work(calls, spec.seeds * (size.inputs * _DRAWN_INPUT + size.parameters * weight))
    return drawn + (one_pass(spec) if spec.init == "lsuv" else Work())


def layers(spec: Spec) -> int:
    """Return how many layers call torch."""
    return 1 if spec.arch == "logistic" else spec.depth


def _kind(spec: Spec, *, by_hand: bool) -> str:
    if by_hand and is_plain(spec):
        return "plain"
    return "mlp" if spec.arch == "logistic" else spec.arch


def _wide(spec: Spec) -> float:
    return _DOUBLE if spec.precision == "float64" else 1.0
