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
# Knobs that do something only for one value of another knob.
_ONE_WORD_ONLY = {"slope": ("activation", "leaky_relu"), "std": ("init", "normal")}
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
        _require_sense(experiment, spec, specs)
        _require_built(experiment, spec)


def _require_sense(experiment: str, spec: Spec, specs: Sequence[Spec]) -> None:
    architectures = _ARCHITECTURES[experiment]
    if experiment == "gradients" and spec.arch == "logistic":
        msg = "The gradient by layer needs hidden layers; got arch=logistic, which has none; try arch=mlp."
        raise SpecError(msg)
    if spec.arch not in architectures and spec.arch in _BUILT["arch"]:
        msg = f"The experiment {experiment!r} needs arch={' or '.join(architectures)}; got arch={spec.arch}."
        raise SpecError(msg)
    if experiment == "speed" and not spec.steps:
        msg = "The experiment 'speed' counts training steps; got steps=0; add steps=1000."
        raise SpecError(msg)
    _require_used(spec, specs)
    if spec.arch == "cnn":
        _require_images(spec)


def _require_used(spec: Spec, specs: Sequence[Spec]) -> None:
    """Refuse knobs that do nothing; what one variant uses, the others may inherit without using it."""
    steps = max(other.steps for other in specs)
    default = Spec()
    for knob, owners in _ONLY.items():
        if spec.arch not in owners and getattr(spec, knob) != getattr(default, knob):
            msg = (
                f"{knob} belongs to arch={' or '.join(owners)}; got it with arch={spec.arch}; remove {knob}."
            )
            raise SpecError(msg)
    for knob, (owner, word) in _ONE_WORD_ONLY.items():
        used = any(getattr(other, owner) == word for other in specs)
        if not used and getattr(spec, knob) != getattr(default, knob):
            msg = f"{knob} acts only with {owner}={word}; got {owner}={getattr(spec, owner)}; remove {knob}."
            raise SpecError(msg)
    for knob in _TRAINING_ONLY:
        if not steps and getattr(spec, knob) != getattr(default, knob):
            value = BY_KEY[knob].format(getattr(spec, knob))
            msg = f"{knob}={value} acts only while training; got steps=0; add steps=200, or remove {knob}."
            raise SpecError(msg)


def _require_images(spec: Spec) -> None:
    if spec.data != "gaussian":
        msg = f"A CNN needs images; got data={spec.data}, which are points in the plane; use data=gaussian."
        raise SpecError(msg)
    if spec.kernel // 2 >= spec.image:
        widest = 2 * spec.image - 1
        msg = f"A kernel reaches at most across its image; got kernel={spec.kernel} with image={spec.image}; "
        raise SpecError(msg + f"the widest is {widest}.")


def _require_built(experiment: str, spec: Spec) -> None:
    for knob in BY_KEY:
        value = getattr(spec, knob)
        available = set(_ARCHITECTURES[experiment]) if knob == "arch" else _BUILT.get(knob, {value})
        if value in available and value not in _NOT_BUILT.get(knob, set[str]()):
            continue
        built = [BY_KEY[knob].format(word) for word in sorted(available, key=str)]
        instead = (
            f"choose another {knob}"
            if value in available
            else f"this version has {knob}={' or '.join(built)}"
        )
        msg = f"{knob}={BY_KEY[knob].format(value)} cannot be run yet; {instead}."
        raise NotBuiltYet(msg)
