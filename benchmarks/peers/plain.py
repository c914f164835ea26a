"""A loop over the seeds, one `nn.Sequential` at a time, with hooks: what a competent student writes.

Of the ways a student has, the fastest are taken, measured on the training case: one backward pass for
both gradients; `retain_grad` in a forward hook, which is faster than a hook on every tensor or a full
backward hook; norms that stay tensors instead of an `.item()` each; `nn.Linear` overwritten, which
is faster than `skip_init`.
"""
# torch leaves the types of a few functions open:
# pyright: reportUnknownMemberType=false

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.traces import Profiles, Traces
from sim.spec import Spec


def train_with_norms(spec: Spec) -> Traces:
    """Train the networks of a spec one after the other."""
    signal = torch.empty(spec.seeds, spec.steps, spec.depth, dtype=torch.float64)
    weight = torch.empty_like(signal)
    loss = torch.empty(spec.seeds, spec.steps, dtype=torch.float64)
    for replica in range(spec.seeds):
        x, y, hidden, head = draw(spec, spec.seed + replica)
        net, h = hooked(hidden, head)
        optimizer = torch.optim.SGD(net.parameters(), lr=spec.lr)
        for step in range(spec.steps):
            optimizer.zero_grad()
            loss[replica, step] = backward(net, h, x, y)
            signal[replica, step], weight[replica, step] = norms(h, hidden)
            optimizer.step()
    return {"signal": signal.numpy(), "weight": weight.numpy(), "loss": loss.numpy()}


def initialise(spec: Spec) -> Profiles:
    """Measure the networks of a spec one after the other."""
    signal = torch.empty(spec.seeds, spec.depth, dtype=torch.float64)
    weight = torch.empty_like(signal)
    for replica in range(spec.seeds):
        x, y, hidden, head = draw(spec, spec.seed + replica)
        net, h = hooked(hidden, head)
        backward(net, h, x, y)
        signal[replica], weight[replica] = norms(h, hidden)
    return signal.numpy(), weight.numpy()


def draw(spec: Spec, seed: int) -> tuple[Tensor, Tensor, list[nn.Linear], nn.Linear]:
    """Draw data and layers in the order of the script that `backchat simulate --code` prints."""
    hidden = [nn.Linear(spec.width, spec.width) for _ in range(spec.depth)]
    head = nn.Linear(spec.width, 1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    y = (torch.randperm(spec.batch) % 2).float()
    x = torch.randn(spec.batch, spec.width)
    with torch.no_grad():
        for layer in [*hidden, head]:
            n, m = layer.in_features, layer.out_features
            uniform = torch.from_numpy(rng.random((n, m), dtype=np.float32))
            layer.weight.copy_(uniform.sub_(0.5).mul_(2 * (6 / (n + m)) ** 0.5).T)
            layer.bias.zero_()
    return x, y, hidden, head


def hooked(hidden: list[nn.Linear], head: nn.Linear) -> tuple[nn.Sequential, list[Tensor]]:
    """Build the network and the list in which every forward pass leaves its pre-activations."""
    h: list[Tensor] = []

    def catch(_layer: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        output.retain_grad()
        h.append(output)

    for layer in hidden:
        layer.register_forward_hook(catch)
    return nn.Sequential(*[part for layer in hidden for part in (layer, nn.Sigmoid())], head), h


def backward(net: nn.Sequential, h: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Run one forward and one backward pass and return the batch loss."""
    h.clear()
    loss = nn.functional.binary_cross_entropy_with_logits(net(x).squeeze(1), y)
    torch.autograd.backward(loss)
    return loss.detach()


def norms(h: list[Tensor], hidden: list[nn.Linear]) -> tuple[Tensor, Tensor]:
    """Return the root mean squares of every layer, signal and weight."""
    deltas = [each.grad for each in h if each.grad is not None]
    weights = [layer.weight.grad for layer in hidden if layer.weight.grad is not None]
    # The batch loss is a mean, so an example's own gradient is the batch size times as large.
    return rms(deltas) * len(deltas[0]), rms(weights)


def rms(gradients: list[Tensor]) -> Tensor:
    """Return the root mean square over the last two axes of every gradient, which become the last one.

    In float64, because squares of 1e-30 vanish in float32.
    """
    sizes: list[Tensor] = [
        torch.linalg.vector_norm(each, dim=(-2, -1), dtype=torch.float64) for each in gradients
    ]
    return torch.stack(sizes, dim=-1) / gradients[0].shape[-2:].numel() ** 0.5
