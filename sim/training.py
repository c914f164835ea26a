"""Gradient descent on S replicas at once."""

from collections.abc import Callable

import torch
from torch import Tensor

from sim import losses
from sim.data import Batch
from sim.networks import Network
from sim.spec import Spec

Observe = Callable[[int, Tensor], bool]
"""Called before each step with its number and the batch loss of every replica; True stops the training."""


def train(spec: Spec, network: Network, batch: Batch, observe: Observe) -> None:
    """Take `spec.steps` full-batch steps of gradient descent with momentum, changing the parameters.

    `observe` is called once more after the last step, with its number `spec.steps`.
    """
    parameters = network.parameters()
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    for step in range(spec.steps + 1):
        for parameter in parameters:
            parameter.requires_grad_()
        loss = losses.per_example(spec, network(batch.inputs).outputs, batch.labels).mean(dim=1)
        # Replicas share no parameter, so the gradient of the sum is every replica's own.
        gradients = torch.autograd.grad(loss.sum(), parameters) if step < spec.steps else ()
        for parameter in parameters:
            parameter.requires_grad = False
        if observe(step, loss.detach()) or step == spec.steps:
            return
        for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
            velocity.mul_(spec.momentum).add_(gradient)
            parameter.sub_(velocity, alpha=spec.lr)
