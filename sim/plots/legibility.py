"""Find what cannot be read on a finished card: used by the tests, and by anyone who draws a new one."""

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plots.pixels import SMALL, Box

_TOUCH = 1.0  # pixels by which boxes may overlap: they include the blank edge of the glyphs


def check_legible(figure: Figure) -> list[str]:
    """Return one sentence per problem: text off the card, too small, or on top of other text."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes: list[tuple[str, Box]] = []
    problems: list[str] = []
    for artist in figure.findobj(Text):
        if not artist.get_visible() or not artist.get_text().strip():
            continue
        text, size = artist.get_text(), float(artist.get_fontsize())
        box = Box(*artist.get_window_extent(renderer).extents)
        if size < SMALL:
            problems.append(f"{text!r} has {size:g} pt; on a phone {SMALL:g} pt can be read.")
        if min(box.left, box.bottom) < 0 or box.right > figure.bbox.width or box.top > figure.bbox.height:
            problems.append(f"{text!r} reaches off the card.")
        boxes.append((text, box))
    problems += [
        f"{one!r} and {other!r} overlap." for (one, a), (other, b) in combinations(boxes, 2) if _overlap(a, b)
    ]
    return problems


def _overlap(a: Box, b: Box) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    up = min(a.top, b.top) - max(a.bottom, b.bottom)
    return across > _TOUCH and up > _TOUCH
