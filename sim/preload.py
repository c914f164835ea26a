"""Importing this module imports every experiment and its drawing, so that forked processes start at once."""

import importlib

from sim import experiments

for _name in experiments.names():
    importlib.import_module(f"sim.experiments.{_name}")
    importlib.import_module(f"sim.plots.{_name}")
