"""Greedy layer-wise pretraining: every layer first learns to encode what the layer below passes on.

Source: Bengio, Lamblin, Popovici & Larochelle 2007, Greedy layer-wise training of deep networks, NIPS 19,
section 4 (autoencoders). Here the decoder is linear with weights of its own, the error is squared, and every
layer takes as many steps as the training that follows, but always by Adam with a rate of 0.01: with the plain
steps of a supervised rate an autoencoder of sigmoid units hardly moves in a few hundred steps.
"""

from dataclasses import replace

import torch
from torch import Tensor

from sim.activations import Phi
from sim.data import Batch
from sim.networks import Parameters
from sim.spec import Spec
from sim.training.rules import rule_of


def pretrain(spec: Spec, phi: Phi, parameters: Parameters, batch: Batch) -> None:
    """Pretrain the hidden layers of a plain multi-layer perceptron in place, input side first."""
    own = replace(spec, optimizer="adam", lr=0.01)
    code = batch.inputs
    for weights, bias in zip(parameters.named("weight"), parameters.named("bias"), strict=False):
        _autoencode(own, phi, code, weights, bias)
        code = phi(torch.baddbmm(bias.unsqueeze(1), code, weights))


def _autoencode(spec: Spec, phi: Phi, inputs: Tensor, weights: Tensor, bias: Tensor) -> None:
    """Train one layer to keep what a linear decoder needs to restore its inputs."""
    decoder = weights.mT.clone()
    offset = torch.zeros_like(inputs[:, 0])
    own = (weights, bias, decoder, offset)
    rules = [rule_of(spec, tensor) for tensor in own]
    for _ in range(spec.steps):
        leaves = [tensor.detach().requires_grad_() for tensor in own]
        w, b, v, c = leaves
        hidden = phi(torch.baddbmm(b.unsqueeze(1), inputs, w))
        restored = torch.baddbmm(c.unsqueeze(1), hidden, v)
        error = (restored - inputs).square().flatten(1).mean(dim=1)
        gradients = torch.autograd.grad(error.sum(), leaves)
        for tensor, rule, gradient in zip(own, rules, gradients, strict=True):
            tensor.sub_(rule(gradient), alpha=spec.lr)
