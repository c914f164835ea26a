"""The direct path of gated recurrent networks: what the gates alone let through from step to step.

The whole gradient has further routes through the gates' own arguments, which add to this one. A cell's
path is a random walk as in `sim.theory.paths`; gates of different steps are taken for independent.
Source: Hochreiter & Schmidhuber 1997, Long short-term memory; Gers et al. 2000, Learning to forget.
"""

import numpy as np

from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.nonlinearities import Nonlinearity, nonlinearity, shifted_sigmoid
from sim.theory.paths import quantiles
from sim.theory.recurrent import drive

_gate = shifted_sigmoid(0.0).value


def direct_path(
    spec: Spec, *, input_mean_square: float = 1.0, input_units: int | None = None
) -> Array | None:
    """Return √E f_t² of the gate that keeps the old state, for t = 2 … depth; None without such a gate.

    Item t−1 belongs to the way from step t+1 back to step t, as in `Prediction.factors`.

    Args:
        spec: an untrained, plain lstm or gru.
        input_mean_square: the mean square of one feature of one step.
        input_units: features per step; as many as the network is wide unless given.
    """
    phi = nonlinearity(spec)
    plain = spec.norm == "none" and not spec.steps and spec.init not in {"lsuv", "zeros"}
    if phi is None or not plain or spec.arch not in {"lstm", "gru"}:
        return None
    recurrent, driven = drive(spec, input_mean_square, input_units or spec.width)
    if spec.arch == "lstm":
        return _lstm(spec, phi, recurrent, driven)
    # Inside the reset gate are the recurrent part of the argument and, of torch's two biases, one.
    inside = law(spec, spec.width, spec.width).bias_std ** 2
    return _gru(spec, phi, recurrent, driven, inside)


def _lstm(spec: Spec, phi: Nonlinearity, recurrent: float, driven: float) -> Array:
    random = np.random.default_rng(0)
    z = quantiles()
    cell, state_square = np.zeros_like(z), 0.0
    kept: list[float] = []
    for _ in range(spec.depth):
        arguments = np.sqrt(recurrent * state_square + driven) * random.permuted(np.tile(z, (4, 1)), axis=1)
        forget, write, read = (
            _gate(arguments[0] + spec.forget_bias),
            _gate(arguments[1]),
            _gate(arguments[2]),
        )
        cell = forget * cell + write * phi.draw(arguments[3], random)[0]
        state_square = float(np.mean((read * phi.draw(cell, random)[0]) ** 2))
        kept.append(float(np.sqrt(np.mean(forget**2))))
    return np.array(kept[1:])


def _gru(spec: Spec, phi: Nonlinearity, recurrent: float, driven: float, inside: float) -> Array:
    random = np.random.default_rng(0)
    z = quantiles()
    state = np.zeros_like(z)
    kept: list[float] = []
    for _ in range(spec.depth):
        fed = recurrent * float(np.mean(state**2))
        update, reset, entered, recalled = random.permuted(np.tile(z, (4, 1)), axis=1)
        keep = _gate(np.sqrt(fed + driven) * update + spec.forget_bias)
        argument = np.sqrt(driven - inside) * entered
        argument = argument + _gate(np.sqrt(fed + driven) * reset) * np.sqrt(fed + inside) * recalled
        state = (1 - keep) * phi.draw(argument, random)[0] + keep * state
        kept.append(float(np.sqrt(np.mean(keep**2))))
    return np.array(kept[1:])
