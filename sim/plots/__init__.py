"""Draw what was measured: one drawing per experiment, found by its name.

matplotlib is imported by the drawing, not here: most callers only carry finished plots around.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from sim.measurements import Measurements
from sim.plots.plot import MAX_ALT, Plot
from sim.plots.theme import DARK, LIGHT, Theme, theme_named

__all__ = ["DARK", "LIGHT", "MAX_ALT", "Drawing", "Plot", "Theme", "draw"]


class Drawing(Protocol):
    """What a file of this package offers to be the drawing of the experiment it is named after."""

    def title(self, measurements: Measurements) -> str:
        """State the finding in at most 46 characters."""
        ...

    def alt(self, measurements: Measurements) -> str:
        """Say in words what the card shows."""
        ...

    def draw(self, measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
        """Draw one card or several."""
        ...


def draw(measurements: Measurements, theme: str = "dark") -> tuple[Plot, ...]:
    """Draw the cards of an experiment in the theme "dark" or "light".

    Raises:
        ValueError: there is no such theme, or no drawing is named after the experiment.
    """
    return _drawing(measurements.experiment).draw(measurements, theme_named(theme))


def _drawing(experiment: str) -> Drawing:
    name = f"{__name__}.{experiment}"
    if experiment.isidentifier() and find_spec(name):
        module = import_module(name)
        if all(hasattr(module, part) for part in ("title", "alt", "draw")):
            return cast("Drawing", module)
    msg = f"An experiment is drawn by a file of sim/plots named after it; got {experiment!r}; add that file."
    raise ValueError(msg)
