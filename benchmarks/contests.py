"""Who competes in training and in initialisation."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks import engine, floor, peers
from benchmarks.peers import Peer
from benchmarks.report import ENGINE
from benchmarks.timing import Contestant
from sim.spec import Spec

Measure = Callable[[Spec], object]

_WARM_UP_STEPS = 10


def contestants(spec: Spec, of: Callable[[Peer], Measure]) -> Sequence[Contestant]:
    """List the engine, its peers and the floor; `of` picks the function that they are compared by."""
    warm_up = replace(spec, steps=min(spec.steps, _WARM_UP_STEPS))
    torches: dict[str, Peer] = {ENGINE: engine, **peers.TORCH}
    measures = {name: of(peer) for name, peer in torches.items()}
    listed = [
        Contestant(name=name, run=lambda run=run: run(spec), warm_up=lambda run=run: run(warm_up))
        for name, run in measures.items()
    ]
    return [*listed, *_jax(spec, of), *_floor(spec)]


def _jax(spec: Spec, of: Callable[[Peer], Measure]) -> Sequence[Contestant]:
    if not peers.HAS_JAX:
        return ()
    from benchmarks.peers import with_jax  # noqa: PLC0415  not installed everywhere

    run = of(with_jax)
    return (
        Contestant(
            name="jax, cold", run=lambda: run(spec), warm_up=lambda: run(spec), prepare=with_jax.forget
        ),
        Contestant(name="jax, warm", run=lambda: run(spec)),  # what the cold one has compiled
    )


def _floor(spec: Spec) -> Sequence[Contestant]:
    products, drawing = floor.products(spec), floor.drawing(spec)
    return (
        Contestant(name="bare products", run=products, warm_up=products),
        Contestant(name="bare drawing", run=drawing, warm_up=drawing),
    )
