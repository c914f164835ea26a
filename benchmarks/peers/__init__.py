"""The same measurements as others would write them, each for speed within its style.

plain: what a competent student writes; batched: the replicas as one axis, with autograd; vmapped:
torch.func; with_jax: JAX, where it is installed. plain_plot.py stands against the whole command.
"""

from importlib.util import find_spec

from benchmarks.peers import batched, plain, vmapped
from benchmarks.peers.peer import Peer

__all__ = ["HAS_JAX", "TORCH", "Peer"]

HAS_JAX = find_spec("jax") is not None
"""`benchmarks.peers.with_jax` cannot be imported without it."""

TORCH: dict[str, Peer] = {"plain": plain, "vmap": vmapped, "batched": batched}
"""The peers that draw the same numbers as the engine."""
