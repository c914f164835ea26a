"""The loss of a spec as a function of its parameters, on the same data at every point."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import hessian, vmap  # pyright: ignore[reportPrivateImportUsage]

from sim import losses
from sim.algebra import eigenvalues, root_mean_square
from sim.data import Batch
from sim.networks import Network
from sim.networks.slots import Slot
from sim.spec import Spec

_CHUNK_BYTES = 128 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """A network's loss on each replica's data; a point is all parameters behind one another, slot by slot."""

    spec: Spec
    network: Network
    batch: Batch

    @property
    def parameters(self) -> int:
        """How many numbers a point has."""
        return sum(_size(slot) for slot in self.network.slots)

    def tensors(self, points: Tensor) -> list[Tensor]:
        """Cut points of shape (replica, parameter) into one tensor per slot."""
        found: list[Tensor] = []
        start = 0
        for slot in self.network.slots:
            end = start + _size(slot)
            found.append(points[:, start:end].reshape(-1, *slot.shape))
            start = end
        return found

    def loss(self, points: Tensor) -> Tensor:
        """Return the batch loss at one point per replica, shape (replica,)."""
        return self._loss(points, self.batch.inputs, self.batch.labels)

    def losses(self, points: Tensor) -> Tensor:
        """Return the batch loss at points of shape (replica, point, parameter), shape (replica, point)."""
        return torch.stack([self.loss(points[:, place]) for place in range(points.shape[1])], dim=1)

    def slopes(self, points: Tensor) -> Tensor:
        """Return |∂L/∂point|, the Euclidean norm, at points (replica, point, parameter)."""
        norms: list[Tensor] = []
        for place in range(points.shape[1]):
            at = points[:, place].detach().requires_grad_()
            (gradient,) = torch.autograd.grad(self.loss(at).sum(), at)
            norms.append(root_mean_square(gradient) * self.parameters**0.5)
        return torch.stack(norms, dim=1)

    def curvatures(self, points: Tensor) -> Tensor:
        """Return the Hessian's eigenvalues, ascending, at points (replica, point, parameter)."""

        def loss(point: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
            return self._loss(point.unsqueeze(0), inputs.unsqueeze(0), labels.unsqueeze(0)).squeeze(0)

        # Differentiating twice holds a copy of the batch for every pair of parameters.
        size = 8 * self.parameters**2 * (self.spec.batch + 3)
        together = max(1, min(points.shape[1], int(_CHUNK_BYTES // size)))
        at_points = vmap(hessian(loss), in_dims=(0, None, None), chunk_size=together)
        data = zip(points, self.batch.inputs, self.batch.labels, strict=True)
        return eigenvalues(torch.stack([at_points(*one) for one in data]))

    def _loss(self, points: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
        outputs = self.network(self.tensors(points), inputs).outputs
        return losses.per_example(self.spec, outputs, labels).mean(dim=1)


def _size(slot: Slot) -> int:
    return torch.Size(slot.shape).numel()
