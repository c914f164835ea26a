"""Turn a figure into a small PNG: the same bytes for the same drawing, always."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim.plots.theme import Theme

_COLORS = 128
_NEAR = 6  # the quantizer moves a colour by a few units in 255; this far, it is still that colour


def encode(figure: Figure, theme: Theme, *, dense: bool = False) -> bytes:
    """Draw a figure and return it as a PNG in which the colours of the theme are exact.

    It has a palette, unless it is `dense`, with more colours than a palette holds.
    """
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rendered = np.asarray(canvas.buffer_rgba())
    pixels = Image.frombuffer("RGBA", (rendered.shape[1], rendered.shape[0]), rendered, "raw", "RGBA", 0, 1)
    image = pixels.convert("RGB")
    if not dense:
        image = image.quantize(_COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        image.putpalette(_exact(image.getpalette() or [], theme))
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=2 if dense else 4)
    return file.getvalue()


def _exact(palette: list[int], theme: Theme) -> list[int]:
    """Put the colours of the theme back where the quantizer has them almost right."""
    entries = np.array(palette).reshape(-1, 3)
    for color in (theme.card, theme.text, theme.muted, theme.grid, theme.band, *theme.series):
        wanted = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)])
        distances = np.abs(entries - wanted).max(axis=1)
        nearest = int(distances.argmin())
        if distances[nearest] <= _NEAR:
            entries[nearest] = wanted
    return [int(part) for part in entries.ravel()]
