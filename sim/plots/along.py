"""The words for what a gradient passes on its way back: layers, or steps of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.plots.names import unit
from sim.plots.pixels import MARGIN, PANEL, WIDTH, text_width
from sim.spec import Spec

_WIDEST = 2 * (WIDTH - MARGIN - (PANEL.left + PANEL.right) / 2)  # pixels, centred below the axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """How the places along the horizontal axis are called; a gradient reaches place 1 last."""

    step: str
    """One place, with a number: "layer" 3, "step" 3."""
    each: str
    """One place, in full."""
    first: str
    """Where place 1 is."""
    last: str = ""
    """What happens at the last place, where that needs saying."""
    back: str = ""
    """What "per step" is followed by, where it goes back in time."""
    towards: str = "towards the input"

    @property
    def per(self) -> str:
        """What a factor is counted per."""
        return f"per {self.step}{self.back}"

    def x_label(self, most: Sequence[int]) -> str:
        """Say what the horizontal axis is and where its ends are, for lines of these lengths."""
        plain = f"{self.each} (1 = {self.first})"
        if not self.last:
            return plain
        end = str(most[0]) if len(set(most)) == 1 else "last"
        both = f"{self.each}: 1 = {self.first.removeprefix('the ')}, {end} = {self.last}"
        forms = (both, both.removesuffix(" is read"), plain)
        return next((form for form in forms if text_width(form) <= _WIDEST), plain)

    def named(self, words: str, *, full: bool = False) -> str:
        """Call a depth by what it counts: 30 steps instead of 30 layers, in full 30 time steps."""
        return re.sub(r"(\d) layer(s?)\b", rf"\1 {self.each if full else self.step}\2", words)

    def whereabouts(self, most: int) -> str:
        """Say in a sentence where the ends of the axis are."""
        last = f", {self.last} at {self.step} {most}" if self.last else ""
        return f"{self.step} 1 of {most} is {self.first}{last}"


LAYERS = Along(step="layer", each="layer", first="next to the input")
BLOCKS = Along(step="block", each="block", first="next to the input")
STEPS = Along(step="step", each="time step", first="the first input")
TIME = Along(
    step="step", each="time step", first="the start of the sequence", last="the loss is read", back=" back",
    towards="going back in time",
)  # fmt: skip


def along(specs: Sequence[Spec]) -> Along:
    """Return the words for the gradients of these specs by layer."""
    return {"layer": LAYERS, "block": BLOCKS, "step": STEPS}[unit(specs)]
