"""Sentences as unit vectors: near in meaning is near in angle. Runs without torch, on one thread."""

from answers.matching.encoder.lexical import Lexical
from answers.matching.encoder.weights import WEIGHTS, Found, find

__all__ = ["WEIGHTS", "Found", "Lexical", "find"]
