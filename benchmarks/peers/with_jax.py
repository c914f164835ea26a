# JAX is installed only for the benchmarks, and its functions take and return whatever it traces:
# pyright: basic, reportMissingImports=false
# ruff: noqa: ANN001, ANN202
"""All replicas by JAX: `jit` of `vmap` of `lax.scan` over the steps and over the layers.

NumPy draws the numbers: compiling JAX's own generators takes longer than the rest of the program.
Scanning over the layers compiles one layer instead of all of them, and runs as fast.
"""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from benchmarks.traces import Profiles, Traces
from sim.spec import Spec

Array = NDArray[np.float32]


class Start(NamedTuple):
    """Data and parameters of every replica, whose axis comes first; hidden layers are stacked behind it."""

    x: Array
    y: Array
    weights: Array
    head: Array


def train_with_norms(spec: Spec, start: Start | None = None) -> Traces:
    """Train all networks of a spec together, from `start` or from numbers of its own."""
    loss, signal, weight = map(np.asarray, _train(start or draw(spec), spec.steps, spec.lr))
    return {"signal": signal, "weight": weight, "loss": loss}


def initialise(spec: Spec, start: Start | None = None) -> Profiles:
    """Measure all networks of a spec together."""
    _, signal, weight = map(np.asarray, _train(start or draw(spec), 1, 0.0))
    return signal[:, 0], weight[:, 0]


def forget() -> None:
    """Throw away what is compiled, so that the next call is a cold one."""
    jax.clear_caches()


def draw(spec: Spec) -> Start:
    """Draw numbers of the same laws as the engine's, though not the same numbers."""
    n, m = spec.width, spec.batch
    drawn: list[Start] = []
    for replica in range(spec.seeds):
        random = np.random.default_rng(spec.seed + replica)
        labels = (random.permutation(m) % 2).astype(np.float32)
        x = random.standard_normal((m, n), dtype=np.float32)
        weights = _uniform(random, (spec.depth, n, n), 3 / n)
        drawn.append(Start(x, labels, weights, _uniform(random, (n, 1), 6 / (n + 1))))
    return Start(*map(np.stack, zip(*drawn, strict=True)))


def _uniform(random: np.random.Generator, shape: tuple[int, ...], bound_squared: float) -> Array:
    return (2 * random.random(shape, dtype=np.float32) - 1) * np.float32(bound_squared**0.5)


@functools.partial(jax.jit, static_argnums=1)
def _train(start: Start, steps: int, lr: float):
    return jax.vmap(lambda one: _train_one(one, steps, lr))(start)


def _train_one(start: Start, steps: int, lr: float):
    (batch, n), depth = start.x.shape, start.weights.shape[0]
    taps = jnp.zeros((depth, batch, n))

    def step(parameters, _):
        loss, (gradients, deltas) = jax.value_and_grad(_loss, (0, 1))(parameters, taps, start.x, start.y)
        measured = loss, jax.vmap(_rms)(deltas) * batch, jax.vmap(_rms)(gradients[0])
        return jax.tree.map(lambda p, g: p - lr * g, parameters, gradients), measured

    parameters = start.weights, jnp.zeros((depth, n)), start.head, jnp.zeros(1)
    return lax.scan(step, parameters, length=steps)[1]


def _loss(parameters, taps, x, y):
    weights, biases, head, head_bias = parameters

    def layer(a, own):
        w, b, tap = own
        return jax.nn.sigmoid(a @ w + b + tap), None

    a, _ = lax.scan(layer, x, (weights, biases, taps))
    z = (a @ head + head_bias)[:, 0]
    return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))


def _rms(values):
    """Return the root mean square; scaled, because JAX computes in float32, where squares of 1e-30 vanish."""
    largest = jnp.max(jnp.abs(values))
    scale = jnp.where(largest > 0, largest, 1.0)
    return scale * jnp.sqrt(jnp.mean((values / scale) ** 2))
