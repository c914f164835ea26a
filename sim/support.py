"""Which configurations make sense, and which of those this version can run."""

from collections.abc import Sequence

from sim.errors import NotBuiltYet, SpecError
from sim.spec import Spec
from sim.vocabulary import BY_KEY

# Knobs that do something only for some architectures.
_ONLY = {
    "padding": ("cnn",),
    "kernel": ("cnn",),
    "image": ("cnn",),
    "forget_bias": ("lstm", "gru"),
}
# Knobs that do nothing without a hidden layer.
_HIDDEN_ONLY = ("depth", "width", "activation", "slope", "init", "gain", "std", "norm", "skip", "pretrain")
# Knobs that do nothing without training.
_TRAINING_ONLY = ("optimizer", "lr", "momentum", "clip", "layer_lr", "pretrain")

_BUILT = {
    "arch": {"mlp", "cnn", "logistic"},
    "norm": {"none"},
    "skip": {"none"},
    "data": {"gaussian", "blobs"},
    "optimizer": {"sgd"},
    "clip": {None},
    "layer_lr": {None},
    "pretrain": {"none"},
}
_NOT_BUILT = {"activation": {"noisy_relu"}, "init": {"lsuv"}}
_ARCHITECTURES = {
    "gradients": ("mlp", "cnn"),
    "differentiation": ("mlp",),
    "convexity": ("logistic", "mlp"),
    "speed": ("mlp",),
}

EXPERIMENTS = tuple(_ARCHITECTURES)
"""The kinds of experiment."""


def irrelevant(spec: Spec) -> frozenset[str]:
    """Return the knobs that change nothing for this spec."""
    knobs = {knob for knob, architectures in _ONLY.items() if spec.arch not in architectures}
    if spec.arch == "logistic":
        knobs.update(_HIDDEN_ONLY)
        if spec.data == "gaussian":
            knobs.remove("width")  # these inputs are as wide as the network
    if spec.activation != "leaky_relu":
        knobs.add("slope")
    if spec.init != "normal":
        knobs.add("std")
    if spec.steps == 0:
        knobs.update(_TRAINING_ONLY)
    return frozenset(knobs)


def require_runnable(experiment: str, specs: Sequence[Spec]) -> None:
    """Check that an experiment can run all these specs.

    Raises:
        SpecError: a combination makes no sense, with the reason.
        NotBuiltYet: it makes sense, but this version cannot run it.
    """
    for spec in specs:
        _require_sense(experiment, spec, steps=max(other.steps for other in specs))
        _require_built(spec)


def _require_sense(experiment: str, spec: Spec, steps: int) -> None:
    architectures = _ARCHITECTURES[experiment]
    if experiment == "gradients" and spec.arch == "logistic":
        msg = "The gradient by layer needs hidden layers; got arch=logistic, which has none; try arch=mlp."
        raise SpecError(msg)
    if spec.arch not in architectures and spec.arch in _BUILT["arch"]:
        msg = f"The experiment {experiment!r} needs arch={' or '.join(architectures)}; got arch={spec.arch}."
        raise SpecError(msg)
    default = Spec()
    for knob, owners in _ONLY.items():
        if spec.arch not in owners and getattr(spec, knob) != getattr(default, knob):
            msg = (
                f"{knob} belongs to arch={' or '.join(owners)}; got it with arch={spec.arch}; remove {knob}."
            )
            raise SpecError(msg)
    for knob in _TRAINING_ONLY:
        if not steps and getattr(spec, knob) != getattr(default, knob):
            value = BY_KEY[knob].format(getattr(spec, knob))
            msg = f"{knob}={value} acts only while training; got steps=0; add steps=200, or remove {knob}."
            raise SpecError(msg)
    if spec.arch == "cnn" and spec.data != "gaussian":
        msg = f"A CNN needs images; got data={spec.data}, which are points in the plane; use data=gaussian."
        raise SpecError(msg)
    if spec.arch == "cnn" and spec.kernel // 2 >= spec.image:
        widest = 2 * spec.image - 1
        msg = f"A kernel reaches at most across its image; got kernel={spec.kernel} with image={spec.image}; "
        raise SpecError(msg + f"the widest is {widest}.")


def _require_built(spec: Spec) -> None:
    for knob in BY_KEY:
        value = getattr(spec, knob)
        if value in _BUILT.get(knob, {value}) and value not in _NOT_BUILT.get(knob, set[str]()):
            continue
        built = [BY_KEY[knob].format(word) for word in sorted(_BUILT.get(knob, set()), key=str)]
        instead = f"this version has {knob}={' or '.join(built)}" if built else f"choose another {knob}"
        msg = f"{knob}={BY_KEY[knob].format(value)} cannot be run yet; {instead}."
        raise NotBuiltYet(msg)
