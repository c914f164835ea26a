"""Which configurations make sense, for which experiment, and which experiment suits them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.data.fitting import require_fitting
from sim.errors import SpecError
from sim.spec import Spec
from sim.vocabulary import BY_KEY, RECURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A knob acts only where one of some other knobs has one of these values."""

    knob: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    try_also: str

    def acts(self, spec: Spec) -> bool:
        """Say whether the knob does anything for this spec."""
        return any(getattr(spec, owner) in words for owner, words in self.where)


def _use(knob: str, owner: str, *words: str) -> _Use:
    return _Use(knob=knob, where=((owner, words),), try_also=f"{owner}={words[0]}")


_NORMS = ("batch", "layer", "group", "rms")
_USES = (
    _use("padding", "arch", "cnn"),
    _use("kernel", "arch", "cnn"),
    _use("image", "arch", "cnn"),
    _use("forget_bias", "arch", "lstm", "gru"),
    _use("slope", "activation", "leaky_relu"),
    _use("std", "init", "normal"),
    _use("residual_scale", "skip", "residual"),
    _use("transform_bias", "skip", "highway"),
    _use("momentum", "optimizer", "sgd"),
    _Use(
        knob="order",
        where=(("norm", _NORMS), ("skip", ("residual", "highway"))),
        try_also="norm=layer",
    ),
)
# Knobs that do nothing without training.
_TRAINING_ONLY = ("optimizer", "lr", "momentum", "clip", "clip_value", "layer_lr", "pretrain")

_LAYERED = ("mlp", "cnn", *RECURRENT, "transformer")
_ARCHITECTURES = {
    "gradients": _LAYERED,
    "training": _LAYERED,
    "through_time": RECURRENT,
    "differentiation": ("mlp",),
    "convexity": ("logistic", "mlp"),
    "speed": ("mlp",),
    "precision": _LAYERED,
    "learning_rate": ("mlp", "cnn", "transformer"),
    "parameters": ("mlp", "cnn", *RECURRENT),
    "surface": (*_LAYERED, "logistic"),
}
# Experiments that train, whether or not the spec says so, have no use for steps=0.
_TRAINING = {"training": 200, "speed": 1000, "learning_rate": 200}
# Experiments that need the same function at every evaluation, which noise does not give.
_EXACT = ("differentiation", "convexity", "surface")

EXPERIMENTS = tuple(_ARCHITECTURES)
"""The kinds of experiment."""


def natural(specs: Sequence[Spec]) -> str:
    """Return the experiment that answers a plain request for these specs."""
    if all(spec.arch == "logistic" for spec in specs):
        return "convexity"
    if all(spec.steps for spec in specs):
        return "training"
    return "through_time" if all(spec.arch in RECURRENT for spec in specs) else "gradients"


def irrelevant(spec: Spec) -> frozenset[str]:
    """Return the knobs that change nothing for this spec."""
    knobs = {use.knob for use in _USES if not use.acts(spec)}
    knobs.update(spec.without_hidden)
    if spec.steps == 0:
        knobs.update(_TRAINING_ONLY)
    return frozenset(knobs)


def require_runnable(experiment: str, specs: Sequence[Spec]) -> None:
    """Check that an experiment can run all these specs.

    Raises:
        SpecError: a combination makes no sense, with the reason.
    """
    for spec in specs:
        _require_architecture(experiment, spec)
        _require_used(spec, specs)
        _require_sense(spec)
        require_fitting(spec)
        _require_steps(experiment, spec, specs)
        if experiment == "precision" and len(specs) == 1:
            require_fitting(replace(spec, precision="float16"))  # a single spec runs in every type
        if experiment in _EXACT and spec.activation == "noisy_relu":
            msg = f"The experiment {experiment!r} needs a loss without noise; got activation=noisy_relu; "
            raise SpecError(msg + "use activation=relu.")


def _require_architecture(experiment: str, spec: Spec) -> None:
    architectures = _ARCHITECTURES[experiment]
    if spec.arch in architectures:
        return
    if spec.arch == "logistic" and "mlp" in architectures:
        msg = f"The experiment {experiment!r} needs hidden layers; got arch=logistic, which has none; "
        raise SpecError(msg + "try arch=mlp.")
    msg = f"The experiment {experiment!r} needs arch={' or '.join(architectures)}; got arch={spec.arch}."
    raise SpecError(msg)


def _require_steps(experiment: str, spec: Spec, specs: Sequence[Spec]) -> None:
    if experiment not in _TRAINING or spec.steps:
        return
    if experiment == "training" and any(other.steps for other in specs):
        msg = f"Every variant of a training run trains; got steps=0 in {spec.text!r}; give it steps too."
        raise SpecError(msg)
    steps = _TRAINING[experiment]
    msg = f"The experiment {experiment!r} counts training steps; got steps=0; add steps={steps}."
    raise SpecError(msg)


def _require_used(spec: Spec, specs: Sequence[Spec]) -> None:
    """Refuse knobs that do nothing; what one variant uses, the others may inherit without using it."""
    default = Spec()
    for use in _USES:
        value = getattr(spec, use.knob)
        if value == getattr(default, use.knob) or any(use.acts(other) for other in specs):
            continue
        owners = " or ".join(f"{owner}={' or '.join(words)}" for owner, words in use.where)
        got = ", ".join(f"{owner}={getattr(spec, owner)}" for owner, _ in use.where)
        msg = f"{use.knob} acts only with {owners}; got {got}; remove {use.knob}, or add {use.try_also}."
        raise SpecError(msg)
    steps = max(other.steps for other in specs)
    for knob in _TRAINING_ONLY:
        if not steps and getattr(spec, knob) != getattr(default, knob):
            value = BY_KEY[knob].format(getattr(spec, knob))
            msg = f"{knob}={value} acts only while training; got steps=0; add steps=200, or remove {knob}."
            raise SpecError(msg)


def _require_sense(spec: Spec) -> None:
    """Refuse combinations of words that have no meaning together."""
    if spec.arch == "cnn" and spec.kernel // 2 >= spec.image:
        widest = 2 * spec.image - 1
        msg = f"A kernel reaches at most across its image; got kernel={spec.kernel} with image={spec.image}; "
        raise SpecError(msg + f"the widest is {widest}.")
    if spec.arch in (*RECURRENT, "transformer"):
        _require_sequence_sense(spec)
    if spec.init == "lsuv" and spec.arch not in {"mlp", "cnn", "logistic"}:
        msg = (
            f"init=lsuv scales one layer after the other to its data; got arch={spec.arch}, which shares or "
        )
        raise SpecError(msg + "splits its weights; use init=orthogonal.")
    lone = spec.width == 1 and not (spec.arch == "cnn" and spec.image > 1)
    if spec.norm == "layer" and lone:
        msg = "Layer norm needs two units or more, or it makes them all 0; got width=1; "
        raise SpecError(msg + "the nearest valid value is 2.")
    if spec.norm == "group" and spec.arch == "mlp" and spec.width in _ONE_UNIT_GROUPS:
        msg = "Group norm needs two units or more in every group, or it makes all of them 0; "
        nearest = max(spec.width + 1, 3)
        raise SpecError(msg + f"got width={spec.width}; the nearest valid value is {nearest}.")
    plain = spec.arch == "mlp" and spec.norm == "none" and spec.skip == "none"
    if spec.pretrain == "greedy" and spec.steps and not plain:
        msg = "Greedy pretraining builds a plain network layer by layer; got "
        raise SpecError(msg + f"arch={spec.arch} norm={spec.norm} skip={spec.skip}; remove pretrain.")
    if spec.layer_lr is not None and spec.steps:
        _require_rates(spec, spec.layer_lr)


def _require_sequence_sense(spec: Spec) -> None:
    name = "A transformer" if spec.arch == "transformer" else f"The recurrent network {spec.arch!r}"
    if spec.norm in {"batch", "group"}:
        msg = f"{name} normalises every step or token by itself; got norm={spec.norm}; "
        raise SpecError(msg + "use norm=layer or norm=rms.")
    skips = ("none", "residual") if spec.arch == "transformer" else ("none",)
    if spec.skip not in skips:
        msg = f"{name} has skip={' or '.join(skips)}; got skip={spec.skip}."
        raise SpecError(msg)
    if spec.arch in RECURRENT and spec.norm != "none" and spec.order == "post":
        msg = f"{name} normalises before its activation; got order=post; use order=pre."
        raise SpecError(msg)


_ONE_UNIT_GROUPS = (1, 2, 4)
_LARGEST_RATE = 30  # decades, of one layer relative to the last: beyond, single precision overflows


def largest_layer_lr(depth: int) -> float:
    """Return the largest `layer_lr` with which the rates of all layers stay within single precision."""
    layers = max(depth - 1, 1)
    return math.floor(100 * 10 ** (_LARGEST_RATE / layers)) / 100


def _require_rates(spec: Spec, layer_lr: float) -> None:
    if spec.arch in (*RECURRENT, "logistic"):
        msg = f"layer_lr needs layers with weights of their own; got arch={spec.arch}, which has one set of "
        raise SpecError(msg + "weights; remove layer_lr.")
    if (spec.depth - 1) * math.log10(layer_lr) <= _LARGEST_RATE:
        return
    most = largest_layer_lr(spec.depth)
    msg = f"layer_lr multiplies up to at most 1e{_LARGEST_RATE} from the last layer to the first; "
    msg += f"got layer_lr={layer_lr:g} over {spec.depth} layers; "
    raise SpecError(msg + f"the nearest valid value is {most:g}.")
