"""Describe, build, measure, predict, draw: the simulation engine."""
