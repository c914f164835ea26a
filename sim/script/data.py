"""The lines that draw the examples of one network, in the engine's order."""

import math
from collections.abc import Callable

from sim.data.fitting import TOKENS, classes, example_shape
from sim.script.text import number
from sim.spec import Spec
from sim.vocabulary import RECURRENT


def tables(spec: Spec) -> list[str]:
    """Write what reads a real data set, once for all networks; empty for the others."""
    return _TABLES.get(spec.data, [])


def examples(spec: Spec) -> list[str]:
    """Write what draws inputs `x` and labels `y`."""
    lines = _EXAMPLES[spec.data](spec)
    if spec.input_scale != 1:
        lines.append(f"x = x * {number(spec.input_scale)}")
    return lines


def _labels(spec: Spec) -> list[str]:
    return [f"y = torch.randperm(batch) % {classes(spec)}"]


def _order(spec: Spec) -> list[str]:
    return ["order = torch.randperm(batch)", f"y = order % {classes(spec)}"]


def _shape(spec: Spec) -> str:
    """Write the shape of a batch, by name where the script has names."""
    sizes = [str(size) for size in example_shape(spec)]
    if spec.arch in RECURRENT:
        sizes[0] = "time"
    if spec.data == "gaussian":
        places = {"cnn": slice(0, 3), "mlp": slice(0, 1)}.get(spec.arch, slice(1, 2))
        sizes[places] = ["width", "image", "image"] if spec.arch == "cnn" else ["width"]
    return ", ".join(["batch", *sizes])


def _gaussian(spec: Spec) -> list[str]:
    return [*_labels(spec), f"x = torch.randn({_shape(spec)})"]


def _blobs(spec: Spec) -> list[str]:
    return [
        *_labels(spec),
        "direction = nn.functional.normalize(torch.randn(1, 2), dim=1)",
        "side = (2.0 * y - 1.0).unsqueeze(1)",
        "x = (2.0 * side * direction + torch.randn(batch, 2)) / math.sqrt(3)",
    ]


def _spirals(spec: Spec) -> list[str]:
    return [
        *_labels(spec),
        "along = torch.from_numpy(rng.random(batch, dtype=np.float32))  # how far out on its arm",
        "noise = 0.2 * torch.randn(batch)",
        f"angle = 2 * math.pi / {classes(spec)} * y + 2 * math.pi * along + noise",
        "radius = 0.1 + 0.9 * along",
        "x = torch.stack([torch.cos(angle), torch.sin(angle)], dim=1) * radius.unsqueeze(1)",
        "x = x / math.sqrt((1 + 0.1 + 0.1**2) / 3 / 2)  # to a root mean square of 1",
    ]


def _xor(spec: Spec) -> list[str]:
    return [
        *_order(spec),
        "right = 2.0 * (order // 2 % 2) - 1.0",
        "up = right * (1.0 - 2.0 * y)  # the label is 1 where the signs differ",
        "centres = 3.0 * torch.stack([right, up], dim=1)",
        "x = (centres + torch.randn(batch, 2)) / math.sqrt(10)",
    ]


def _parity(spec: Spec) -> list[str]:
    count = "time" if spec.arch in RECURRENT else str(math.prod(example_shape(spec)))
    lines = [
        *_labels(spec),
        f"bits = torch.randint(2, (batch, {count}))",
        "bits[:, -1] = (y + bits[:, :-1].sum(dim=1)) % 2  # the label: is the number of ones odd?",
        "x = 2.0 * bits - 1.0",
    ]
    if spec.arch != "mlp":
        lines[-1] = "x = (2.0 * bits - 1.0).unsqueeze(2)"
    return lines


def _recall(spec: Spec) -> list[str]:
    recurrent = spec.arch in RECURRENT
    lines = [
        *_labels(spec),
        f"values = torch.randn(batch, {'time' if recurrent else TOKENS})",
        "values[:, 0] = values[:, 0].abs() * (2.0 * y - 1.0)  # the label is the sign of the first",
    ]
    if recurrent:
        return [*lines, "x = values.unsqueeze(2)"]
    return [
        *lines,
        f"positions = math.sqrt({TOKENS}) * torch.eye({TOKENS})  # tells the tokens apart",
        f"x = torch.cat([values.unsqueeze(2), positions.expand(batch, {TOKENS}, {TOKENS})], dim=2)",
    ]


def _real(spec: Spec) -> list[str]:
    count = classes(spec)
    kind = "targets" if spec.data == "cancer" or count > 2 else "targets % 2"  # noqa: PLR2004  even or odd
    lines = [
        *_order(spec),
        "rows = torch.empty_like(order)",
        f"for label in range({count}):  # as many of every class up to one, none of them twice",
        f"    members = ({kind} == label).nonzero().squeeze(1)",
        "    shuffled = members[torch.randperm(len(members))]",
        f"    rows[y == label] = shuffled[order[y == label] // {count}]",
        "x = features[rows]",
    ]
    if spec.arch != "mlp":
        lines[-1] += f".reshape({_shape(spec)})"
    return lines


_EXAMPLES: dict[str, Callable[[Spec], list[str]]] = {
    "gaussian": _gaussian,
    "blobs": _blobs,
    "spirals": _spirals,
    "xor": _xor,
    "parity": _parity,
    "recall": _recall,
    "digits": _real,
    "cancer": _real,
}
_TABLES = {
    "digits": [
        "features, targets = load_digits(return_X_y=True)  # 1797 images of 8 × 8 pixels",
        "features = features - features.mean(axis=0)",
        "features = torch.tensor(features / features.std(), dtype=torch.float32)",
        "targets = torch.tensor(targets)",
    ],
    "cancer": [
        "features, targets = load_breast_cancer(return_X_y=True)  # 569 tumours with 30 features",
        "features = (features - features.mean(axis=0)) / features.std(axis=0)",
        "features, targets = torch.tensor(features, dtype=torch.float32), torch.tensor(targets)",
    ],
}
