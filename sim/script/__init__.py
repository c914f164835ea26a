"""A run of the engine as a short PyTorch script that prints the same numbers, up to rounding.

The script is meant to be read by a student: one network at a time, as an `nn.Module`. It draws random numbers
in the order of the engine, so its seed 0 is the engine's replica 0. Every file here writes the lines of one
part of it, and only those that a spec needs.

Untrained, that is to the last digits of the type; training amplifies the difference, except in float64.
"""

from collections.abc import Sequence

from sim.errors import SpecError
from sim.script import data, feedforward, measure, parameters, recurrent, training, transformer
from sim.script.head import criterion
from sim.script.text import cast, indented, number
from sim.spec import Spec
from sim.vocabulary import RECURRENT

__all__ = ["SCRIPTED", "require_scripted", "script"]

SCRIPTED = ("gradients", "training", "through_time")
"""The experiments that a script does too: all that read the gradient layer by layer, and nothing else."""

_PHI = {
    "linear": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "elu": "nn.ELU()",
    "selu": "nn.SELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "softplus": "nn.Softplus()",
    "softsign": "nn.Softsign()",
    "hardtanh": "nn.Hardtanh()",
}
_NETWORKS = {
    "mlp": feedforward.network,
    "cnn": feedforward.network,
    **dict.fromkeys(RECURRENT, recurrent.network),
    "transformer": transformer.network,
}
# (what a script has when it needs the import, the import), in the order of style guides
_IMPORTS = (
    (("math.", "import math"), ("median(", "from statistics import median")),
    (
        ("np.", "import numpy as np"),
        ("torch.", "import torch"),
        ("load_digits", "from sklearn.datasets import load_digits"),
        ("load_breast_cancer", "from sklearn.datasets import load_breast_cancer"),
        ("nn.", "from torch import nn"),
    ),
)


def require_scripted(experiment: str | None, specs: Sequence[Spec]) -> None:
    """Check that there are scripts for these specs, and for an experiment, if one is named.

    Raises:
        SpecError: there are none, with the reason.
    """
    if experiment is not None and experiment not in SCRIPTED:
        known = f"{', '.join(SCRIPTED[:-1])} and {SCRIPTED[-1]}"
        msg = f"There are scripts for {known}; got the experiment {experiment!r}; run it without --code."
        raise SpecError(msg)
    if any(spec.arch == "logistic" for spec in specs):
        msg = "A script reads the gradient of hidden layers; got arch=logistic, which has none; "
        raise SpecError(msg + "run it without --code, or use arch=mlp.")


def script(spec: Spec) -> str:
    """Return Python source that prints signal and weight gradient by layer, and the loss if the spec trains.

    It needs torch, for uniform numbers numpy, and for the real data sets scikit-learn.

    Args:
        spec: one that `sim.support.require_runnable` accepts for one of `SCRIPTED`.
    """
    definitions = [*_NETWORKS[spec.arch](spec), *measure.helpers(spec)]
    if spec.activation == "noisy_relu":
        definitions.insert(0, _noisy_relu(spec))
    if spec.init == "lsuv":
        definitions.append(parameters.unit_variance(spec))
    settings = [*_settings(spec), *data.tables(spec)]
    code = [*settings]
    for definition in definitions:
        code += ["", "", *definition]
    code += ["", "", *_main(spec), *measure.report(spec)]
    return "\n".join([*_heading(spec), *_imports("\n".join(code)), *code, ""])


def _heading(spec: Spec) -> list[str]:
    return [
        f'"""Gradient by {measure.place(spec)}, median over {spec.seeds} networks: {spec.text}.',
        "",
        f"signal: root mean square of δ = ∂(loss of an example)/∂({_STREAMS[_stream(spec)]}).",
        f"weight: root mean square of ∂(batch loss)/∂({_WEIGHTS.get(spec.arch, _WEIGHTS['mlp'])}).",
        *([_ROUNDING] if spec.steps and spec.precision != "float64" else []),
        '"""',
        "",
    ]


_ROUNDING = "Training amplifies rounding: in float64, more digits are the same on every machine."


_STREAMS = {
    "none": "pre-activation of a layer",
    "skip": "output of a layer, after its skip connection",
    "transformer": "output of a block",
    "recurrent": "state at a step",
    "lstm": "cell state at a step",
}
_WEIGHTS = {
    "mlp": "weights of a layer",
    **dict.fromkeys(RECURRENT, "recurrent weights, as one step uses them"),
    "transformer": "last weights of a block",
}


def _stream(spec: Spec) -> str:
    if spec.arch in RECURRENT:
        return "lstm" if spec.arch == "lstm" else "recurrent"
    if spec.arch == "transformer":
        return "transformer"
    return "skip" if spec.skip in {"residual", "highway"} else "none"


def _imports(code: str) -> list[str]:
    lines: list[str] = []
    for group in _IMPORTS:
        lines += [*(line for sign, line in group if sign in code), ""]
    return lines


def _settings(spec: Spec) -> list[str]:
    size = "time" if spec.arch in RECURRENT else "depth"
    lines = [f"{size}, width, batch = {spec.depth}, {spec.width}, {spec.batch}"]
    if spec.arch == "cnn":
        lines.append(f"image = {spec.image}  # pixels per side")
    if spec.activation == "leaky_relu":
        lines.append(f"phi = nn.LeakyReLU({number(spec.slope)})")
    elif spec.activation != "noisy_relu":
        lines.append(f"phi = {_PHI[spec.activation]}")
    return [*lines, criterion(spec)]


def _noisy_relu(spec: Spec) -> list[str]:
    return [
        "def phi(h):",
        '    """Nair & Hinton 2010: noise of variance sigmoid(h), through which no gradient flows."""',
        f"    noise = torch.sigmoid(h.detach()).sqrt() * torch.randn(h.shape){cast(spec)}",
        "    return torch.relu(h + noise)",
    ]


def _main(spec: Spec) -> list[str]:
    """Write the loop over networks."""
    body = [*data.examples(spec), *parameters.draw(spec)]
    if cast(spec):
        body.append(f"net, x = net{cast(spec)}, x{cast(spec)}")
    if spec.init == "lsuv":
        body += parameters.scale_to_data()
    if spec.steps and spec.pretrain == "greedy":
        body += ["", *training.pretrain(spec)]
    if spec.steps:
        body += ["", *training.train(spec)]
    body += ["", *measure.read(spec)]
    uniform = any("rng." in line for line in body)
    start = ["net = Net()", "torch.manual_seed(seed)"]
    if uniform:
        start.append("rng = np.random.default_rng(seed)")
    first, past = spec.seed, spec.seed + spec.seeds
    lists = ["signals", "weights", *(["before", "after"] if spec.steps else [])]
    return [
        f"{', '.join(lists)} = {', '.join('[]' for _ in lists)}",
        f"for seed in range({f'{first}, {past}' if first else past}):",
        *indented([*start, *body]),
        "",
    ]
