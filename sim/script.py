"""A run of `gradients` as a short PyTorch script that prints the same numbers.

The script is meant to be read: one network at a time, `nn.Module`s, hooks for the signal. It draws
random numbers in the order of the engine, so its seed 0 is the engine's replica 0.
"""

import math

from sim.initialisation import Law, law
from sim.spec import Spec

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


def script(spec: Spec) -> str:
    """Return Python source that needs only torch and prints the signal and weight gradient by layer.

    For a spec that `sim.support.require_runnable` accepts for the experiment `gradients`.
    """
    features = spec.width * spec.image**2 if spec.arch == "cnn" else spec.width
    return _TEMPLATE.format(
        text=spec.text,
        settings=_settings(spec),
        inputs=_inputs(spec),
        phi=f"nn.LeakyReLU({spec.slope})" if spec.activation == "leaky_relu" else _PHI[spec.activation],
        layer=_layer(spec),
        input_size=2 if spec.data == "blobs" else spec.width,
        features=features,
        outputs=2 if spec.loss == "ce" else 1,
        law=_law(spec),
        loss=_LOSS[spec.loss],
        training=_TRAINING.format(steps=spec.steps, lr=spec.lr, momentum=spec.momentum) if spec.steps else "",
        first=spec.seed,
        past=spec.seed + spec.seeds,
    )


def _settings(spec: Spec) -> str:
    lines = [f"depth, width, batch = {spec.depth}, {spec.width}, {spec.batch}"]
    if spec.arch == "cnn":
        lines.append(f"kernel, image = {spec.kernel}, {spec.image}")
    lines.append(f"dtype = torch.{spec.precision}")
    return "\n".join(lines)


def _inputs(spec: Spec) -> str:
    scale = f" * {spec.input_scale!r}" if spec.input_scale != 1 else ""
    if spec.data == "blobs":
        return (
            "direction = nn.functional.normalize(torch.randn(1, 2), dim=-1)\n"
            "    side = (2.0 * y - 1.0).unsqueeze(-1)\n"
            f"    x = (2.0 * side * direction + torch.randn(batch, 2)) / 3.0**0.5{scale}"
        )
    shape = "batch, width, image, image" if spec.arch == "cnn" else "batch, width"
    return f"x = torch.randn({shape}){scale}"


def _layer(spec: Spec) -> str:
    if spec.arch == "mlp":
        return "nn.Linear(n, width)"
    return f'nn.Conv2d(n, width, kernel, padding="same", padding_mode="{spec.padding}")'


def _law(spec: Spec) -> str:
    """Write the draw of one layer for fans that are only known in the script."""
    formulas = {
        "glorot": "(2 / (fan_in + fan_out)) ** 0.5",
        "he": "(2 / fan_in) ** 0.5",
        "lecun": "(1 / fan_in) ** 0.5",
        "torch": "(1 / (3 * fan_in)) ** 0.5",
        "heuristic": "(1 / (3 * fan_in)) ** 0.5",
        "normal": repr(spec.std),
        "zeros": "0.0",
    }
    rule: Law = law(spec, 1, 1)
    gain = f" * {spec.gain!r}" if spec.gain != 1 else ""
    if rule.shape == "orthogonal":
        lines = [
            "    flat = torch.randn(shape).flatten(0, -2)",
            "    q, r = torch.linalg.qr(flat if flat.shape[0] >= flat.shape[1] else flat.mT)",
            "    q = q * r.diagonal().sign()",
            f"    w = (q if flat.shape[0] >= flat.shape[1] else q.mT).reshape(shape){gain}",
        ]
    else:
        drawn = {
            "uniform": f"torch.empty(shape).uniform_(-1, 1) * 3**0.5 * std{gain}",
            "normal": f"torch.randn(shape) * std{gain}",
        }[rule.shape]
        lines = [f"    std = {formulas[spec.init]}", f"    w = {drawn}"]
    if rule.bias_std and not math.isclose(rule.bias_std, 0.0):
        lines.append("    b = torch.empty(shape[-1]).uniform_(-1, 1) * 3**0.5 * std")
    else:
        lines.append("    b = torch.zeros(shape[-1])")
    return "\n".join(lines)


_LOSS = {
    "bce": 'nn.functional.binary_cross_entropy_with_logits(out.squeeze(-1), y.to(dtype), reduction="none")',
    "mse": "(out.squeeze(-1).sigmoid() - y.to(dtype)) ** 2",
    "ce": 'nn.functional.cross_entropy(out, y, reduction="none")',
}

_TRAINING = """
    optimizer = torch.optim.SGD(net.parameters(), lr={lr!r}, momentum={momentum!r})
    for _ in range({steps}):
        optimizer.zero_grad()
        losses(net(x), y).mean().backward()
        optimizer.step()
    net.zero_grad()
"""

_TEMPLATE = '''\
"""Gradient by layer for: {text}

Signal = RMS of d(example's loss)/d(pre-activation); weight = RMS of d(batch loss)/d(weights).
"""
import torch
from torch import nn

{settings}


def draw(layer):
    """Draw one layer's parameters; its weights are drawn in the order (inputs..., outputs)."""
    w_shape = layer.weight.shape
    shape = (*w_shape[1:], w_shape[0])
    taps = layer.weight[0, 0].numel()
    fan_in, fan_out = w_shape[1] * taps, w_shape[0] * taps
{law}
    layer.weight.data = w.movedim(-1, 0).to(dtype).contiguous()
    layer.bias.data = b.to(dtype)


def losses(out, y):
    """Loss of every example."""
    return {loss}


def rms(t):
    return t.double().square().mean().sqrt()


def measure(seed):
    hidden = [{layer} for n in [{input_size}, *[width] * (depth - 1)]]
    head = nn.Linear({features}, {outputs})
    torch.manual_seed(seed)
    y = torch.randperm(batch) % 2
    {inputs}
    x = x.to(dtype)
    for layer in [*hidden, head]:
        draw(layer)
    parts = [part for layer in hidden for part in (layer, {phi})]
    net = nn.Sequential(*parts, nn.Flatten(), head)
{training}
    h = []  # pre-activations, caught on the way forward
    for layer in hidden:
        layer.register_forward_hook(lambda module, args, out: (out.retain_grad(), h.append(out)) and None)
    losses(net(x), y).sum().backward()
    signal = torch.stack([rms(each.grad) for each in h])
    net.zero_grad()
    losses(net(x), y).mean().backward()
    weight = torch.stack([rms(layer.weight.grad) for layer in hidden])
    return signal, weight


runs = [measure(seed) for seed in range({first}, {past})]
signal = torch.stack([run[0] for run in runs]).quantile(0.5, dim=0)
weight = torch.stack([run[1] for run in runs]).quantile(0.5, dim=0)
print("layer       signal       weight")
for layer in range(depth):
    print(f"{{layer + 1:5d}} {{signal[layer]:12.5e}} {{weight[layer]:12.5e}}")
factors = []
for run in runs:
    usable = [layer for layer in range(depth) if 0 < run[0][layer] < float("inf")]
    if len(usable) > 1:
        low, high = usable[0], usable[-1]
        factors.append((run[0][low] / run[0][high]) ** (1 / (high - low)))
if factors:
    print(f"factor per layer {{torch.stack(factors).quantile(0.5):.4f}}")
'''
