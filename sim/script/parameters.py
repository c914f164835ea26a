"""The lines that draw the parameters of one network, in the engine's order: weights first, biases last."""

from sim.script.text import number, times
from sim.spec import Spec
from sim.vocabulary import RECURRENT

GATES = {"lstm": 4, "gru": 3}
"""Gates whose matrices stand above each other in one `nn.Linear`, but are drawn one by one."""

_LAWS = {
    "glorot": "Glorot & Bengio 2010: U(±√(6 / (fan in + fan out)))",
    "he": "He et al. 2015: N(0, 2 / fan in)",
    "lecun": "LeCun et al. 1998: N(0, 1 / fan in)",
    "orthogonal": "Saxe et al. 2013: random orthogonal matrices",
    "lsuv": "Mishkin & Matas 2015: orthogonal, then scaled to the data",
    "torch": "PyTorch's own U(±1/√fan in), weights and biases",
    "heuristic": "Glorot & Bengio's heuristic U(±1/√fan in)",
    "normal": "normal numbers of one standard deviation everywhere",
    "zeros": "all zero",
}


def draw(spec: Spec) -> list[str]:
    """Write what replaces the numbers with which torch has filled `net`."""
    lines = [f"# {_LAWS[spec.init]}{'' if spec.init == 'torch' else '; biases 0'}."]
    if spec.arch in GATES:
        parts = ", ".join(
            f"*net.{name}.weight.data.chunk({GATES[spec.arch]})" for name in ("entering", "recurrent")
        )
        lines += [f"gates = [{parts}]", "for w in [*gates, net.head.weight.data]:"]
    else:
        lines.append("for w in [p.data for p in net.parameters() if p.ndim > 1]:")
    lines += [f"    {line}" for line in _weights(spec)]
    lines += _torch_biases(spec) if spec.init == "torch" else _ZERO_BIASES
    return lines + _constants(spec)


def _weights(spec: Spec) -> list[str]:
    """Write what fills one weight `w`; it is drawn as a matrix of inputs by outputs, torch's transposed."""
    if spec.init == "zeros" and spec.activation != "noisy_relu":
        return ["w.zero_()"]
    image = spec.arch == "cnn"
    sizes = "units, fan_in = len(w), w[0].numel()" if image else "units, fan_in = w.shape"
    end = ".T.reshape(w.shape))" if image else ".T)"
    if spec.init in {"orthogonal", "lsuv"}:
        gain = "" if spec.gain == 1 else f", gain={number(spec.gain)}"
        return [sizes, f"w.copy_(nn.init.orthogonal_(torch.empty(fan_in, units){gain}){end}"]
    if spec.init in _BOUNDS:
        return [
            sizes,
            f"bound = {times(spec.gain, _bound(spec))}",
            "u = rng.random((fan_in, units), dtype=np.float32)",
            f"w.copy_(torch.from_numpy((2 * u - 1) * bound){end}",
        ]
    # Zero times a normal number is drawn where later noise comes from the same generator.
    std = times(spec.gain, _STDS[spec.init] or number(spec.std if spec.init == "normal" else 0))
    return [sizes, f"w.copy_(torch.normal(0.0, {std}, (fan_in, units)){end}"]


_BOUNDS = ("glorot", "torch", "heuristic")
_STDS = {
    "he": "math.sqrt(2 / fan_in)",
    "lecun": "math.sqrt(1 / fan_in)",
    "normal": "",
    "zeros": "",
}
_ZERO_BIASES = [
    'for b in [p.data for name, p in net.named_parameters() if name.endswith("bias")]:',
    "    b.zero_()",
]


def _bound(spec: Spec) -> str:
    if spec.init == "glorot":
        fan_out = "w[:, 0].numel()" if spec.arch == "cnn" else "units"
        return f"math.sqrt(6 / (fan_in + {fan_out}))"
    if spec.init == "torch" and spec.arch in RECURRENT:
        return "math.sqrt(1 / width)"
    return "math.sqrt(1 / fan_in)"


def _torch_biases(spec: Spec) -> list[str]:
    """Write what draws the biases once all weights are drawn."""
    fan_in = "width" if spec.arch in RECURRENT else "fan_in"
    fill = [
        "u = rng.random(len(b), dtype=np.float32)",
        f"b.copy_(torch.from_numpy((2 * u - 1) * math.sqrt(1 / {fan_in})))",
    ]
    if spec.arch in GATES:
        entering, recurrent = (
            f"net.{name}.bias.data.chunk({GATES[spec.arch]})" for name in ("entering", "recurrent")
        )
        lines = [
            f"pairs = zip({entering}, {recurrent})",
            "for b in [*(b for pair in pairs for b in pair), net.head.bias.data]:",
        ]
        return lines + [f"    {line}" for line in fill]
    if spec.arch == "rnn":
        lines = ["for b in [net.entering.bias.data, net.recurrent.bias.data, net.head.bias.data]:"]
        return lines + [f"    {line}" for line in fill]
    kinds = "(nn.Linear, nn.Conv2d)" if spec.arch == "cnn" else "nn.Linear"
    lines = [
        f"for m in [m for m in net.modules() if isinstance(m, {kinds})]:",
        "    b, fan_in = m.bias.data, m.weight[0].numel()",
    ]
    return lines + [f"    {line}" for line in fill]


def _constants(spec: Spec) -> list[str]:
    """Write what adds the biases of gates."""
    if spec.skip == "highway" and spec.transform_bias:
        return [
            "for gate in net.gates:  # at first, let the input through",
            f"    gate.bias.data.add_({number(spec.transform_bias)})",
        ]
    if spec.arch not in GATES or not spec.forget_bias or spec.norm == "rms":
        return []
    keeper = {"lstm": 1, "gru": 0}[spec.arch]
    biases = f"net.entering.bias.data.chunk({GATES[spec.arch]})[{keeper}]"
    if spec.norm == "layer":  # which would remove a bias before it
        biases = f"net.norms[{keeper}].bias.data"
    return [f"{biases}.add_({number(spec.forget_bias)})  # of the gate that keeps the old state"]


def scale_to_data() -> list[str]:
    """Write what scales the layers one after the other, with the data on its way through them."""
    return [
        "hooks = [layer.register_forward_hook(to_unit_variance) for layer in net.layers]",
        "with torch.no_grad():",
        "    net(x)",
        "for hook in hooks:",
        "    hook.remove()",
    ]


def unit_variance(spec: Spec) -> list[str]:
    """Write the forward hook of `scale_to_data`."""
    return [
        "def to_unit_variance(layer, _inputs, h):",
        '    """Scale the weights by the standard deviation of what they give, still without biases."""',
        "    std = h.double().std().item()",
        f"    factor = {number(spec.gain)} / std if std > 0 else 1",
        "    layer.weight.data.mul_(factor)",
        "    return h * factor",
    ]
