"""Gradient descent on S replicas at once."""

from sim.training.descent import Observe, train

__all__ = ["Observe", "train"]
