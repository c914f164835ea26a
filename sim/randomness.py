"""One random stream per replica, drawn into one batched tensor."""

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor


class Streams:
    """Random numbers for S replicas: replica r draws from its own generator, seeded with its own seed.

    So a replica is the same network whether it runs alone, in a batch of 16 or in two of 8, and a
    plain script that calls `torch.manual_seed(seed)` draws the same numbers. Everything is drawn as
    float32 and cast afterwards: every precision starts from the same network.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._generators = [Generator().manual_seed(seed) for seed in seeds]

    def __len__(self) -> int:
        return len(self._generators)

    def normal(self, *shape: int) -> Tensor:
        """Draw standard normal numbers of shape (replica, *shape)."""
        return self._each(lambda out, generator: out.normal_(generator=generator), shape)

    def uniform(self, *shape: int) -> Tensor:
        """Draw numbers uniform on [-1, 1) of shape (replica, *shape)."""
        return self._each(lambda out, generator: out.uniform_(-1.0, 1.0, generator=generator), shape)

    def permutation(self, length: int) -> Tensor:
        """Draw one permutation of 0 … length−1 per replica, of shape (replica, length)."""
        drawn = [torch.randperm(length, generator=generator) for generator in self._generators]
        return torch.stack(drawn)

    def _each(self, draw: Callable[[Tensor, Generator], Tensor], shape: tuple[int, ...]) -> Tensor:
        out = torch.empty((len(self), *shape))
        for row, generator in zip(out, self._generators, strict=True):
            draw(row, generator)
        return out
