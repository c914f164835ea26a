"""The JSON that asks a job process for an experiment; it needs no torch to write."""

from collections.abc import Sequence
from typing import Any

from sim.spec import Spec


def request(experiment: str, specs: Sequence[Spec], themes: Sequence[str]) -> dict[str, Any]:
    """Ask `sim.tasks.measure` for this experiment on these specs, drawn in these themes."""
    return {"experiment": experiment, "specs": [spec.to_json() for spec in specs], "themes": list(themes)}
