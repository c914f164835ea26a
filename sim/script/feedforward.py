"""The lines of a multi-layer perceptron or a convolutional network."""

from sim.conventions import parts_of
from sim.data.fitting import input_units
from sim.script.head import output, outputs
from sim.script.text import indented, method, module, times
from sim.spec import Spec


def network(spec: Spec) -> list[list[str]]:
    """Write the definitions of a network, `Net` last; the signal is read at its `streams`."""
    definitions: list[list[str]] = []
    if spec.arch == "cnn":
        definitions.append(_convolution(spec))
        if spec.norm == "rms":
            definitions.append(_RMS)
    return [*definitions, module("Net", _init(spec), method("forward(self, x)", _forward(spec)))]


def has_stem(spec: Spec) -> bool:
    """Say whether inputs of another width need a linear map before the first skip connection."""
    return spec.skip in {"residual", "highway"} and input_units(spec) != spec.width


def parts(spec: Spec) -> list[str]:
    """Name the lists that hold the modules of the layers."""
    gates = ["gates"] if spec.skip == "highway" else []
    return ["layers", *gates, *(["norms"] if spec.norm != "none" else [])]


def has_last_norm(spec: Spec) -> bool:
    """Say whether there is one norm more than layers: before the head of a pre-activation network."""
    return spec.norm != "none" and spec.skip == "residual" and spec.order == "pre"


def _linear(spec: Spec, inputs: str) -> str:
    return f"convolution({inputs})" if spec.arch == "cnn" else f"nn.Linear({inputs}, width)"


def _convolution(spec: Spec) -> list[str]:
    mode = ', padding_mode="circular"' if spec.padding == "circular" else ""
    return method(
        "convolution(channels)",
        [f'return nn.Conv2d(channels, width, {spec.kernel}, padding="same"{mode})'],
    )


_RMS = module(
    "RMSNorm",
    ["self.weight = nn.Parameter(torch.ones(width))  # one scale per channel"],
    method(
        "forward(self, x)",
        [
            "mean_square = x.square().mean(dim=(1, 2, 3), keepdim=True)",
            "return x * (mean_square + 1e-5).rsqrt() * self.weight.view(-1, 1, 1)",
        ],
    ),
)


def _norm(spec: Spec) -> str:
    image = spec.arch == "cnn"
    return {
        "batch": "nn.BatchNorm2d(width)" if image else "nn.BatchNorm1d(width)",
        # nn.LayerNorm would learn a scale per pixel; one group has one per channel.
        "layer": "nn.GroupNorm(1, width)" if image else "nn.LayerNorm(width)",
        "group": f"nn.GroupNorm({parts_of(spec.width)}, width)",
        "rms": "RMSNorm()" if image else "nn.RMSNorm(width, eps=1e-5)",
    }[spec.norm]


def _init(spec: Spec) -> list[str]:
    inputs = input_units(spec)
    lines: list[str] = []
    if has_stem(spec):
        lines.append(f"self.stem = {_linear(spec, str(inputs))}  # to the width of the skip connections")
    lines.append(f"self.layers = nn.ModuleList({_layers(spec, inputs)})")
    if spec.skip == "highway":
        lines.append(f"self.gates = nn.ModuleList({_linear(spec, 'width')} for _ in range(depth))")
    if spec.norm != "none":
        count = "depth + 1" if has_last_norm(spec) else "depth"
        lines.append(f"self.norms = nn.ModuleList({_norm(spec)} for _ in range({count}))")
    return [*lines, f"self.head = nn.Linear({_features(spec, inputs)}, {outputs(spec)})"]


def _layers(spec: Spec, inputs: int) -> str:
    if spec.skip == "dense":
        below = "(number + 1) * width" if inputs == spec.width else f"{inputs} + number * width"
        return f"{_linear(spec, below)} for number in range(depth)"
    if inputs == spec.width or has_stem(spec):
        return f"{_linear(spec, 'width')} for _ in range(depth)"
    return f"{_linear(spec, 'n')} for n in [{inputs}] + [width] * (depth - 1)"


def _features(spec: Spec, inputs: int) -> str:
    """Write how many numbers the head reads."""
    units = "width"
    if spec.skip == "dense":
        units = "(depth + 1) * width" if inputs == spec.width else f"({inputs} + depth * width)"
    if spec.arch == "cnn":
        return f"{units} * image**2"
    return units.strip("()") if units.startswith("(") and units.endswith(")") else units


def _forward(spec: Spec) -> list[str]:
    lists = parts(spec)
    names = ", ".join(name.removesuffix("s") for name in lists)
    source = f"zip({', '.join(f'self.{name}' for name in lists)})" if len(lists) > 1 else "self.layers"
    lines = ["self.streams = []", *(["x = self.stem(x)"] if has_stem(spec) else [])]
    lines += [f"for {names} in {source}:", *indented(_layer(spec))]
    if spec.skip == "residual" and spec.order == "pre":
        lines.append("x = phi(self.norms[-1](x))" if spec.norm != "none" else "x = phi(x)")
    return [*lines, output(spec, "x.flatten(1)" if spec.arch == "cnn" else "x")]


def _layer(spec: Spec) -> list[str]:
    pre, a = spec.order == "pre", spec.residual_scale

    def before(x: str) -> str:
        return f"norm({x})" if pre and spec.norm != "none" else x

    def after(x: str) -> str:
        return f"norm({x})" if not pre and spec.norm != "none" else x

    if spec.skip == "residual":
        branch = f"layer(phi({before('x')}))" if pre else after("layer(x)")
        total = f"x + {times(a, branch)}"
        return [f"x = {total if pre else f'phi({total})'}", _READ.format("x")]
    if spec.skip == "highway":
        u = "u" if before("x") != "x" else "x"
        return [
            *([f"u = {before('x')}"] if u == "u" else []),
            f"t = torch.sigmoid(gate({u}))",
            f"x = {after(f't * phi(layer({u})) + (1 - t) * x')}",
            _READ.format("x"),
        ]
    a_l = after(f"phi({before('h')})")
    passed = a_l if spec.skip == "none" else f"torch.cat([x, {a_l}], dim=1)"
    return ["h = layer(x)", _READ.format("h"), f"x = {passed}"]


_READ = "self.streams.append({})  # the signal δ is read here"
