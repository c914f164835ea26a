"""Draw what the forward pass keeps of the difference between examples, layer by layer."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.along import Along, along
from sim.plots.card import Card
from sim.plots.conditions import Condition, conditions, fit_title, footer, seeds
from sim.plots.dealing import bounded
from sim.plots.frame import Frame
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.names import pretty, short_labels, subject
from sim.plots.plain_scales import linear_scale
from sim.plots.scales import count_scale
from sim.plots.spread import Spread, band, ends
from sim.plots.theme import Theme
from sim.plots.wording import finite, nested, number, sentence, share
from sim.quantiles import quantile

ALIKE = 0.99
"""The mean cosine from which on examples are called alike."""

_MOST_VARIANTS = 3
_NOTABLE = 0.05  # share of flat or dead units from which on a card names it
_LEAST = 0.05  # a smaller change of the cosine is none to speak of
_TOP = 1.16  # of the axis: room for a label above the line at 1


def known(measurements: Measurements) -> bool:
    """Tell whether there is something to draw, and few enough variants for one card."""
    variants = measurements.variants
    return len(variants) <= _MOST_VARIANTS and _measured(variants[0])


def title(measurements: Measurements) -> str:
    """State where examples become alike, or what their cosine does: of the line whose cosine changes most."""
    drawn = [variant for variant in measurements.variants if _measured(variant)]
    lead = max(drawn, key=_change)
    specs = [lead.spec, *(variant.spec for variant in measurements.variants if variant is not lead)]
    way = along(specs)
    spread = Spread.of(lead.series["cosine"])
    first, last = (float(spread.median[end]) for end in (0, -1))
    alike = spread.median >= ALIKE
    since = int(len(alike) - np.argmin(alike[::-1])) + 1 if not alike.all() else 1
    if alike[-1] and alike.all():
        forms = (f"examples look alike in every {way.step}", f"alike in every {way.step}")
    elif alike[-1]:
        forms = (f"examples look alike from {way.step} {since} on", f"alike from {way.step} {since} on")
    elif len(alike) == 1:
        forms = (f"cosine between examples {number(last)}",)
    elif _change(lead) == 0:
        middle = f"{round(float(np.median(spread.median)), 2):g}"
        forms = (f"cosine between examples stays near {middle}", f"cosine stays near {middle}")
    else:
        course = f"{_plain(first)} → {_plain(last)}"
        forms = (f"cosine between examples {course}", f"cosine {course}")
    names = [sentence(name) for name in subject(specs)]
    return fit_title([f"{name}: {form}" for form in forms for name in names])


def _change(variant: Variant) -> float:
    """Return how much the cosine changes from end to end; 0 where the seeds do not agree that it does.

    Every seed is compared with itself: its change is what most of them must share.
    """
    values = np.atleast_2d(variant.series["cosine"].values)
    changes = values[:, -1] - values[:, 0]
    low, middle, high = (float(quantile(changes, share)) for share in (0.1, 0.5, 0.9))
    # Rounded, so that of lines that change alike the first one leads.
    return 0.0 if low <= 0 <= high or abs(middle) < _LEAST else round(abs(middle), 1) or _LEAST


def _plain(value: float) -> str:
    """Write a cosine with two decimals at most: one that is nearly 0 is 0."""
    return f"{round(value, 2) + 0.0:g}"


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card, with every mark and label but not yet drawn."""
    drawn = [variant for variant in measurements.variants if _measured(variant)]
    specs = [variant.spec for variant in measurements.variants]
    way = along(specs)
    own, _ = short_labels([variant.label for variant in drawn])
    lines = [
        Line(name=name, spread=Spread.of(variant.series["cosine"]), pen=pen_of(theme, place))
        for place, (name, variant) in enumerate(zip(own, drawn, strict=True))
    ]
    spreads = [line.spread for line in lines]
    lengths = [len(spread.x) for spread in spreads]
    shown = [array for spread in spreads for array in (spread.median, spread.low, spread.high)]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="cosine between examples (1 = no longer told apart)",
            x_label=way.x_label(lengths),
            footer=footer(_conditions(measurements), seeds(spreads[0].replicas)),
            x=count_scale(max(lengths)),
            y=linear_scale(shown, top=_TOP),
        ),
    )
    card.rule([card.frame.x.low, card.frame.x.high], [1.0, 1.0], theme.muted)
    for line in lines:
        draw_line(card, line, most=24)
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, context, units, spread, conditions."""
    variants = [variant for variant in measurements.variants if _measured(variant)]
    way = along([variant.spec for variant in measurements.variants])
    own, _ = short_labels([variant.label for variant in variants])
    spread = Spread.of(variants[0].series["cosine"])
    courses = [
        f"{name} {_course(variant, way)}.{_units(variant, way)}"
        for name, variant in zip(own, variants, strict=True)
    ]
    words = [found.words for found in _conditions(measurements, full=True)]
    return bounded(
        [
            f"Line chart: mean cosine between what two different examples make each {way.each} pass on,",
            f"on an axis from 0 to 1, {way.whereabouts(len(spread.x))}.",
            f"At 1 a {way.each} no longer tells examples apart.",
            sentence(courses[0]),
            *(f"Context: {course}" for course in courses[1:]),
            f"{band(spread)}.",
            f"Conditions: {', '.join(words)}.",
        ]
    )


def sentence_of(variant: Variant, way: Along) -> str:
    """Say in one sentence what the forward pass does, where that was measured."""
    if not _measured(variant):
        return ""
    return f"Forward, the cosine between examples {_course(variant, way)}.{_units(variant, way)}"


def _measured(variant: Variant) -> bool:
    return "cosine" in variant.series and bool(nested(variant.facts, "cosine"))


def _course(variant: Variant, way: Along) -> str:
    """Tell the cosine in the direction in which it is computed, from the first layer to the last."""
    spread, facts = Spread.of(variant.series["cosine"]), nested(variant.facts, "cosine")
    if len(spread.x) == 1:
        return ends(spread, way.step)
    first, last = (number(finite(facts, end)) for end in ("first", "last"))
    return f"goes from {first} at {way.step} 1 to {last} at {way.step} {len(spread.x)}"


def _units(variant: Variant, way: Along) -> str:
    """Say how many units of the worst layer or step have almost no slope, or none at all."""
    found = _shares(variant, least=0.0)
    return f" Of the units of a {way.each} at most {' and '.join(found)}." if found else ""


def _shares(variant: Variant, *, least: float) -> list[str]:
    shares = {word: finite(variant.facts, f"{word}_share") for word in ("flat", "dead")}
    return [
        f"{share(value)} are {word}" for word, value in shares.items() if value is not None and value >= least
    ]


def _conditions(measurements: Measurements, *, full: bool = False) -> Sequence[Condition]:
    """Name the notable shares of the focus first, then what all have in common."""
    variants = list(measurements.variants)
    _, shared = short_labels([variant.label for variant in variants])
    said = pretty(variants[0].label) if len(variants) == 1 else ()
    found = conditions([variant.spec for variant in variants], shared, said)
    if full or len(variants) > 1:
        return found
    notable = [f"up to {words.replace(' are', '')}" for words in _shares(variants[0], least=_NOTABLE)]
    return [*(Condition(f"{words} units", 0) for words in notable), *found]
