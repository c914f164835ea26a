"""Draw the size of the gradient at each step of time: how far back does it reach?"""

from sim.measurements import Measurements
from sim.plots import gradients
from sim.plots.along import TIME
from sim.plots.card import Card
from sim.plots.dealing import plots
from sim.plots.plot import Plot
from sim.plots.theme import Theme


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the focus and its theory against at most two other variants a card."""
    return plots(measurements, theme, compose, alt)


def title(measurements: Measurements) -> str:
    """State what a step back in time leaves of the gradient, in at most 46 characters."""
    return gradients.title(measurements, TIME)


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    return gradients.compose(measurements, theme, TIME)


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, theory, context, spread, conditions."""
    return gradients.alt(measurements, TIME)
