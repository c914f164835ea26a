"""One random stream per replica, drawn into one batched tensor."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Generator, Tensor


class Streams:
    """Random numbers for S replicas: replica r draws from its own generators, seeded with its own seed.

    So a replica is the same network whether it runs alone, in a batch of 16 or in two of 8, and a plain
    script that calls `torch.manual_seed(seed)` and `numpy.random.default_rng(seed)` draws the same numbers:
    uniform ones come from numpy, which is twice as fast at them, all others from torch. Everything is drawn
    as float32 and cast afterwards: every precision starts from the same network.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._generators = [Generator().manual_seed(seed) for seed in seeds]
        self._seeds = tuple(seeds)
        self._uniform: list[np.random.Generator] = []  # seeding takes as long as 5,000 numbers

    def __len__(self) -> int:
        return len(self._generators)

    def normal(self, *shape: int) -> Tensor:
        """Draw standard normal numbers of shape (replica, *shape)."""
        return self.fill_normal(torch.empty((len(self), *shape)))

    def uniform(self, *shape: int) -> Tensor:
        """Draw numbers uniform on [-1, 1) of shape (replica, *shape)."""
        return self.fill_uniform(torch.empty((len(self), *shape)))

    def fill_normal(self, out: Tensor, std: float = 1.0) -> Tensor:
        """Fill `out`, whose axis 0 is the replica, with normal numbers of mean 0."""
        for row, generator in zip(out, self._generators, strict=True):
            row.normal_(0.0, std, generator=generator)
        return out

    def fill_uniform(self, out: Tensor, bound: float = 1.0) -> Tensor:
        """Fill `out`, whose axis 0 is the replica, with numbers uniform on [-bound, bound)."""
        self._uniform = self._uniform or [np.random.default_rng(seed) for seed in self._seeds]
        drawn = torch.empty(out.shape[1:])
        for row, generator in zip(out, self._uniform, strict=True):
            generator.random(out=drawn.numpy(), dtype=np.float32)
            torch.mul(drawn.sub_(0.5), 2 * bound, out=row)
        return out

    def integers(self, below: int, *shape: int) -> Tensor:
        """Draw whole numbers from 0 to below−1 of shape (replica, *shape)."""
        drawn = [torch.randint(below, shape, generator=generator) for generator in self._generators]
        return torch.stack(drawn)

    def permutation(self, length: int) -> Tensor:
        """Draw one permutation of 0 … length−1 per replica, of shape (replica, length)."""
        drawn = [torch.randperm(length, generator=generator) for generator in self._generators]
        return torch.stack(drawn)
