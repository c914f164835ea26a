"""The pass of a plain multi-layer perceptron, written out by hand.

Backpropagation (Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0) of S networks at once, into buffers
that are allocated once: what remains is little more than the matrix products.
"""

import torch
from torch import Tensor

from sim import losses
from sim.activations import into
from sim.algebra import SafeNorms
from sim.data import Batch
from sim.networks import Parameters
from sim.passes.derivatives import derivative
from sim.passes.reading import Reading
from sim.spec import Spec


def is_plain(spec: Spec) -> bool:
    """Say whether a spec is one that `PlainPass` computes."""
    plain = spec.arch == "mlp" and spec.norm == "none" and spec.skip == "none"
    return plain and spec.precision in {"float32", "float64"} and derivative(spec) is not None


class PlainPass:
    """h_l = a_{l−1} W_l + b_l, a_l = φ(h_l); δ_l = (δ_{l+1} W_{l+1}ᵀ)·φ'(h_l), ∂L/∂W_l = a_{l−1}ᵀ δ_l."""

    def __init__(self, spec: Spec, parameters: Parameters, batch: Batch) -> None:
        slope = derivative(spec)
        if slope is None:
            msg = f"No derivative of {spec.activation!r} is written out."
            raise ValueError(msg)
        self._spec, self._batch, self._slope = spec, batch, slope
        self._into = into(spec)
        self._weights, (self._head,) = parameters.named("weight"), parameters.named("head")
        self._biases = [bias.unsqueeze(1) for bias in parameters.named("bias")]
        self._flat_biases = parameters.flat[-sum(bias.numel() for bias in self._biases) :]
        self._parameters = parameters
        replicas, depth = parameters.replicas, spec.depth
        shape = (replicas, spec.batch, spec.width)
        empty = self._head.new_empty
        self._stack = _Stack(batch.inputs, depth) if _Stack.fits(batch.inputs, shape, depth) else None
        if self._stack:
            self._below = list(self._stack.below)
            self._deltas = list(self._stack.deltas)
            self._values = [*self._below[1:], empty(shape)]
        else:
            turns = (empty(shape), empty(shape))
            self._deltas = [turns[layer % 2] for layer in range(depth)]
            self._values = [empty(shape) for _ in range(depth)]
            self._below = [batch.inputs, *self._values[:-1]]
        self._arguments = [empty(shape) for _ in range(depth)] if slope.by_argument else self._values
        self._outputs = empty(replicas, spec.batch, self._head.shape[2])
        self._below_t = [values.mT for values in self._below]
        self._above_t = [weights.mT for weights in [*self._weights[1:], self._head]]
        self._signals, self._slopes = SafeNorms(replicas, depth), SafeNorms(replicas, depth)
        # Without a need for them all at once, the gradients of all layers take turns in one buffer.
        scratch = empty(max(weights.numel() for weights in self._weights))
        self._passing = [scratch[: weights.numel()].view(weights.shape) for weights in self._weights]
        self.gradient = empty(0)
        self._views: list[Tensor] = []

    def run(self, *, layers: bool, parameters: bool) -> Reading:
        """Run forward and backward; see `Pass`."""
        self._forward()
        loss = losses.per_example(self._spec, self._outputs, self._batch.labels).mean(dim=1)
        if not layers and not parameters:
            return Reading(loss=loss)
        self._backward(layers=layers, parameters=parameters)
        one_by_one = layers and not (parameters and self._stack)
        if one_by_one and not all([self._signals.settle(), self._slopes.settle()]):
            self._backward(layers=layers, parameters=parameters)
        if parameters:
            self.gradient.div_(self._spec.batch)
        if not layers:
            return Reading(loss=loss)
        return Reading(loss=loss, signal=self._signals.read(), weight=self._slopes.read() / self._spec.batch)

    def _forward(self) -> None:
        biased = bool(self._flat_biases.any())
        layers = zip(self._below, self._weights, self._biases, self._arguments, self._values, strict=False)
        for a, weights, bias, argument, value in layers:
            if biased:
                torch.baddbmm(bias, a, weights, out=argument)
            else:
                torch.bmm(a, weights, out=argument)
            self._into(argument, value)
        torch.baddbmm(self._biases[-1], self._values[-1], self._head, out=self._outputs)

    def _backward(self, *, layers: bool, parameters: bool) -> None:
        """Go back through the layers with the sum over examples, so that every δ is its own example's."""
        slopes, biases = self._gradients(parameters=parameters)
        delta = losses.gradient(self._spec, self._outputs, self._batch.labels)
        depth = self._spec.depth
        if parameters:
            torch.bmm(self._values[-1].mT, delta, out=slopes[depth])
            torch.sum(delta, 1, out=biases[depth])
        stack = self._stack if parameters else None
        for layer in range(depth - 1, -1, -1):
            below = self._deltas[layer]
            torch.bmm(delta, self._above_t[layer], out=below)
            delta = below
            self._slope.multiply(delta, self._arguments[layer])
            if stack:
                continue
            torch.bmm(self._below_t[layer], delta, out=slopes[layer])
            if layers:
                self._signals.put(layer, delta)
                self._slopes.put(layer, slopes[layer])
            if parameters:
                torch.sum(delta, 1, out=biases[layer])
        if stack:
            found = stack.collect(self.gradient, biases[0])
            if layers:
                self._signals.put_all(stack.deltas)
                self._slopes.put_all(found)

    def _gradients(self, *, parameters: bool) -> tuple[list[Tensor], list[Tensor]]:
        """Return where the gradients of weights and biases go: nowhere to stay, if not asked for."""
        if not parameters:
            return self._passing, []
        if not self.gradient.numel():
            self.gradient = torch.empty_like(self._parameters.flat)
            self._views = self._parameters.views(self.gradient)
        depth = self._spec.depth
        return self._views[: depth + 1], self._views[depth + 1 :]


class _Stack:
    """What all layers of a small network read and hand down, in one tensor each, axis 0 the layer.

    The products, sums and norms of all layers are then one call each. For large networks it is faster to use
    up every layer's δ while it lies in the processor's cache.
    """

    _LARGEST = 8 * 2**20  # bytes: of the order of a processor's share of cache

    @classmethod
    def fits(cls, inputs: Tensor, shape: tuple[int, ...], depth: int) -> bool:
        """Say whether all layers are alike, and small."""
        return inputs.shape == shape and depth * inputs.nbytes <= cls._LARGEST

    def __init__(self, inputs: Tensor, depth: int) -> None:
        self.below = inputs.new_empty(depth, *inputs.shape)
        self.below[0] = inputs
        self.deltas = torch.empty_like(self.below)

    def collect(self, gradient: Tensor, first_bias: Tensor) -> Tensor:
        """Fill in ∂L/∂W and ∂L/∂b of all layers; return the first as one tensor (layer, replica, n, n).

        Args:
            gradient: the flat gradient, which begins with the weights of the layers.
            first_bias: where in it the gradient of the first layer's bias lies; the others' follow.
        """
        depth, replicas, _, n = self.below.shape
        slopes = gradient[: depth * replicas * n * n]
        a, delta = self.below.flatten(0, 1), self.deltas.flatten(0, 1)
        torch.bmm(a.mT, delta, out=slopes.view(-1, n, n))
        start = first_bias.storage_offset()
        biases = gradient[start : start + depth * replicas * n]
        torch.sum(delta, 1, out=biases.view(-1, n))
        return slopes.view(depth, replicas, n, n)
