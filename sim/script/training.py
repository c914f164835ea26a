"""The lines that train one network."""

from sim.script import feedforward, transformer
from sim.script.head import losses
from sim.script.text import indented, number
from sim.spec import Spec
from sim.vocabulary import RECURRENT


def pretrain(spec: Spec) -> list[str]:
    """Write greedy pretraining: every layer learns to encode what the layer below passes on."""
    inside = [
        "v, c = layer.weight.detach().T.clone().requires_grad_(), torch.zeros_like(code[0]).requires_grad_()",
        "optimizer = torch.optim.Adam([*layer.parameters(), v, c], lr=0.01)",
        f"for _ in range({spec.steps}):",
        *indented(
            [
                "restored = nn.functional.linear(phi(layer(code)), v, c)",
                "optimizer.zero_grad()",
                "(restored - code).square().mean().backward()",
                "optimizer.step()",
            ]
        ),
        "code = phi(layer(code)).detach()",
    ]
    return [
        "# Bengio et al. 2007: layer by layer, as an autoencoder with a linear decoder v, c.",
        "code = x",
        "for layer in net.layers:",
        *indented(inside),
    ]


def train(spec: Spec) -> list[str]:
    """Write full-batch gradient descent; `before` gets the loss of the first step."""
    step = [
        f"loss = {losses(spec)}.mean()",
        "if step == 0:",
        "    before.append(finite(loss))",
        "optimizer.zero_grad()",
        "loss.backward()",
    ]
    if spec.clip_value is not None:
        step.append(f"nn.utils.clip_grad_value_(net.parameters(), {number(spec.clip_value)})")
    if spec.clip is not None:
        step.append(f"nn.utils.clip_grad_norm_(net.parameters(), {number(spec.clip)})")
    return [
        *_optimizer(spec),
        f"for step in range({spec.steps}):",
        *indented([*step, "optimizer.step()"]),
    ]


def _optimizer(spec: Spec) -> list[str]:
    name = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}[spec.optimizer]
    momentum = f", momentum={number(spec.momentum)}" if spec.optimizer == "sgd" and spec.momentum else ""
    groups, of = _groups(spec), "groups"
    if not groups:
        of = "net.parameters()"
    return [*groups, f"optimizer = torch.optim.{name}({of}, lr={number(spec.lr)}{momentum})"]


def _groups(spec: Spec) -> list[str]:
    """Write the parameter groups, each with its rate; empty where all layers learn alike."""
    if spec.layer_lr is None or spec.arch in RECURRENT:  # whose steps share their weights
        return []
    is_blocks = spec.arch == "transformer"
    written = transformer if is_blocks else feedforward
    lists = ["blocks"] if is_blocks else feedforward.parts(spec)
    slower, owner = number(spec.layer_lr), "block" if is_blocks else "layer"
    top = "*net.head.parameters()"
    if written.has_last_norm(spec):
        top += f", *{'net.norm' if is_blocks else 'net.norms[-1]'}.parameters()"
    lines = [
        f"# Towards the input, every {owner} learns {slower} times as fast as the one after it.",
        f'groups = [{{"params": [{top}]}}]',
        f"for below, parts in enumerate(zip({', '.join(f'net.{name}' for name in lists)})):",
        f"    rate = {number(spec.lr)} * {slower} ** (depth - 1 - below)",
        '    groups.append({"params": nn.ModuleList(parts).parameters(), "lr": rate})',
    ]
    if written.has_stem(spec):
        rate = f"{number(spec.lr)} * {slower} ** (depth - 1)"
        lines.append(f'groups.append({{"params": net.stem.parameters(), "lr": {rate}}})')
    return lines
