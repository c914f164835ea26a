"""What a student writes instead of `backchat simulate "sigmoid vs relu init=he" --plot FILE`."""
# pyright: basic

import sys

import matplotlib.pyplot as plt
import torch
from torch import nn

for phi, init in (nn.Sigmoid(), nn.init.xavier_uniform_), (nn.ReLU(), nn.init.kaiming_normal_):
    profiles = torch.empty(16, 2, 20)
    for seed in range(16):
        torch.manual_seed(seed)
        layers = [nn.Linear(64, 64) for _ in range(20)] + [nn.Linear(64, 1)]
        h, a, y = [], torch.randn(64, 64), (torch.randperm(64) % 2).float()
        for layer in layers:
            init(layer.weight)
            nn.init.zeros_(layer.bias)
            h.append(layer(a))
            a = phi(h[-1])
        loss = nn.functional.binary_cross_entropy_with_logits(h[-1].squeeze(1), y)
        gradients = torch.autograd.grad(loss, h[:-1] + [layer.weight for layer in layers[:-1]])
        profiles[seed] = torch.stack([g.double().square().mean().sqrt() for g in gradients]).view(2, 20)
    plt.semilogy(range(1, 21), (profiles.quantile(0.5, dim=0) * torch.tensor([[64], [1]])).T)
plt.savefig(sys.argv[1])
