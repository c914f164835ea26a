"""Say what the gradient does from layer to layer: title, labels and alternative text of its cards."""

import math
from collections.abc import Sequence

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots.along import TIME, Along, along
from sim.plots.conditions import conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.edges import edge_words
from sim.plots.gradients_collapse import sentence_of
from sim.plots.names import differing, phrase, pretty, short_labels, subject, whole
from sim.plots.pixels import abridge
from sim.plots.spread import QUANTILES, Spread, band, ends
from sim.plots.wording import STEADY, change, count, finite, listing, nested, number, sentence

_SAME = STEADY[1]
"""Factors per layer within this ratio of each other are called the same: as near as one that is no change."""
_PAIR = 2
_LONGEST_NAME = 60  # characters of a label in an alternative text


def names(variants: Sequence[Variant], way: Along) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what each line is called, and what the names leave out because all variants share it."""
    own, shared = short_labels([variant.label for variant in variants])
    return tuple(map(way.named, own)), tuple(map(way.named, shared))


_SMALL = 0.1  # a factor below this is easier read as a ratio
_WITHIN = 2.0  # how far a curve may stray from a straight line before "every layer" is not said


def title(measurements: Measurements, way: Along | None = None) -> str:
    """State the finding in at most 46 characters: of several lines that of the one that changes most."""
    variants = measurements.variants
    way = way or along([variant.spec for variant in variants])
    if same := _same_factor(variants, way):
        return fit_title(same)
    lead = max(range(len(variants)), key=lambda place: _change(variants[place]))
    focus = variants[lead]
    specs = [focus.spec, *(variant.spec for place, variant in enumerate(variants) if place != lead)]
    subjects = [sentence(way.named(name)) for name in subject(specs)]
    spread, step = Spread.of(focus.series["signal"]), way.step
    over, under = edge_words(spread, step)
    if over or under:
        words = over or under
        verb = f"gradient {words.replace('overflow', 'overflows', 1) if over else f'is {words}'}"
        forms = (verb, verb.replace("exactly ", ""), words, words.replace("exactly ", ""))
        full = sentence(way.named(whole(specs)))
        return fit_title(
            [f"{name}: {form}" for form in forms for name in ([full] if full else []) + subjects]
        )
    if _is_noise(focus):
        forms = _by_seed(_ratios(focus))
    else:
        forms = _rate(finite(focus.facts, "factor_per_layer"), spread, way)
    titles = [f"{name}: {form}" for name in subjects for form in forms]
    if full := sentence(way.named(whole(specs))):
        titles = [f"{full}: {form}" for form in (*forms, *_sign(focus, way))] + titles
    return fit_title(titles)


def _sign(variant: Variant, way: Along) -> tuple[str, ...]:
    """Write the factor as short as it can be: ÷1.8 per layer."""
    factor = finite(variant.facts, "factor_per_layer")
    if factor is None or factor <= 0 or _is_noise(variant) or _regime(factor) == 0:
        return ()
    return (f"{'÷' if factor < 1 else '×'}{change(factor).removesuffix('×')} {way.per}",)


def _by_seed(ratios: Array) -> tuple[str, ...]:
    """Say in how many seeds the gradient does what it does in most."""
    shrunk, seeds = int((ratios < 0).sum()), len(ratios)
    how = f"shrinks in {shrunk}" if 2 * shrunk >= seeds else f"grows in {seeds - shrunk}"
    return f"gradient {how} of {seeds} seeds", f"{how} of {seeds} seeds"


def _change(variant: Variant) -> float:
    """Return how much a line changes from place to place, an overflow or an exact zero most of all.

    Changes that are called the same are the same, so that of those the first line leads.
    """
    spread, factor = Spread.of(variant.series["signal"]), finite(variant.facts, "factor_per_layer")
    if (spread.over | spread.under).any():
        return np.inf
    if factor is None or factor <= 0 or _is_noise(variant) or _regime(factor) == 0:
        return 0.0
    return max(round(abs(math.log(factor)) / math.log(STEADY[1])), 1)


def _is_noise(variant: Variant) -> bool:
    """Tell whether the seeds do not agree on a line's direction: some rise where others fall."""
    factor, ratios = finite(variant.facts, "factor_per_layer"), _ratios(variant)
    if len(ratios) < _PAIR or factor is None or _regime(factor) == 0:
        return False
    low, high = (float(np.quantile(ratios, share)) for share in QUANTILES)
    return low < 0 < high


def _ratios(variant: Variant) -> Array:
    """Return by how much the gradient at place 1 exceeds that at the last, of every seed, as a logarithm."""
    values = np.atleast_2d(variant.series["signal"].values)
    with np.errstate(all="ignore"):
        ratios = np.log(values[:, 0] / values[:, -1])
    return ratios[np.isfinite(ratios)]


def _rate(factor: float | None, spread: Spread, way: Along) -> tuple[str, ...]:
    """Say what one layer or step does to the gradient, the fullest form first."""
    step = way.step
    if factor is None or factor <= 0:
        one = len(spread.x) == 1
        return (f"one {step}, no factor per {step}",) if one else (f"no steady change per {step}",)
    if way == TIME and _SMALL < factor < STEADY[0]:
        every = _every(spread, factor)
        share = f"{number(factor)} of the gradient {way.per}"
        return (share, f"{number(factor)} {way.per}") if every else (f"{share}, on average", share)
    if not _every(spread, factor):
        return _on_average(factor, way)
    if factor < STEADY[0]:
        return _changes("shrinks", "smaller", change(factor), way)
    if factor > STEADY[1]:
        return _changes("grows", "larger", change(factor), way)
    return (
        f"the gradient keeps its size in every {step}",
        f"every {step}{way.back} keeps the gradient's size",
        "the gradient keeps its size",
    )


def _every(spread: Spread, factor: float) -> bool:
    """Tell whether the medians change from step to step as the mean factor says, within a factor of two."""
    places = np.arange(len(spread.median))
    expected = np.log(spread.median[-1]) + (places[-1] - places) * np.log(factor)
    return bool(np.all(np.abs(np.log(spread.median) - expected) < np.log(_WITHIN)))


def _on_average(factor: float, way: Along) -> tuple[str, ...]:
    if STEADY[0] <= factor <= STEADY[1]:
        return (f"first and last {way.step} get the same gradient", "both ends get the same gradient")
    verb = "shrinks" if factor < 1 else "grows"
    rate = f"{verb} {change(factor)} {way.per}"
    return f"gradient {rate} on average", f"{rate} on average", rate


def alt(measurements: Measurements, way: Along | None = None) -> str:
    """Describe the card: kind and axes, focus, theory, context, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    way = way or along(specs)
    own, shared = names(variants, way)
    spread = Spread.of(variants[0].series["signal"])
    kind = "Line chart with a logarithmic vertical axis"
    sentences = [
        f"{kind}: size (RMS) of the gradient signal by {way.each}, {way.whereabouts(len(spread.x))}.",
        sentence(_course(own[0], variants[0], way)),
    ]
    theory = finite(variants[0].facts, "theory_factor_per_layer")
    if theory is not None and "theory" in variants[0].series:
        sentences.append(f"Dashes: {theory_words(theory, way)}.")
    if direct := direct_words(variants[0]):
        sentences.append(f"{sentence(direct)}.")
    if len(variants) == 1 and "weight" in variants[0].series:
        weight = Spread.of(variants[0].series["weight"])
        sentences.append(f"Context: the weight gradient {ends(weight, way.step)}.")
    sentences += [
        f"Context: {_course(name, variant, way)}" for name, variant in zip(own[1:], variants[1:], strict=True)
    ]
    sentences += [sentence_of(variants[0], way), _width(spread, way.step)]
    sentences.append(
        f"Conditions: {', '.join(found.words for found in conditions(specs, shared, said(measurements)))}."
    )
    return bounded(sentences)


def said(measurements: Measurements) -> tuple[str, ...]:
    """Return the words of the label where there is one line, and so need no repetition in the footer."""
    return pretty(measurements.variants[0].label) if len(measurements.variants) == 1 else ()


def theory_words(factor: float | None, way: Along) -> str:
    """Say what the dashes are, in the terms of the title."""
    if factor is not None and way == TIME and _SMALL < factor < STEADY[0]:
        return f"theory: {number(factor)} {way.per}"
    return "theory" if factor is None or factor <= 0 else f"theory: {change(factor, 3)} {way.per}"


def direct_words(variant: Variant) -> str:
    """Say what a gated network hands back past its gates, where theory knows it."""
    direct = finite(variant.facts, "direct_per_step")
    return "" if direct is None else f"direct path alone: {number(direct)} per step"


def _same_factor(variants: Sequence[Variant], way: Along) -> tuple[str, ...]:
    """Return titles that say that different architectures change the gradient alike, if they do."""
    factors = [finite(variant.facts, "factor_per_layer") for variant in variants]
    known = [factor for factor in factors if factor is not None and factor > 0]
    archs = list(dict.fromkeys(variant.spec.arch for variant in variants))
    if len(archs) < len(variants) or len(variants) == 1 or len(known) < len(variants):
        return ()
    if "arch" not in differing([variant.spec for variant in variants]) or max(known) > _SAME * min(known):
        return ()
    if len({_regime(factor) for factor in known}) > 1:
        return ()
    who = sentence(listing([phrase("arch", arch) for arch in archs]))
    if _regime(known[0]) == 0:
        forms = ("the gradient keeps its size in both", "both keep the gradient's size")
        return tuple(f"{who}: {form}" for form in (forms if len(archs) == _PAIR else ("no change",)))
    rate = f"{change(known[0])} {way.per}"
    return (f"{who}: the same {rate}", f"The same {rate} in all")


def _regime(factor: float) -> int:
    """Return -1 where a gradient shrinks, 1 where it grows, 0 where it does neither to speak of."""
    return int(factor > STEADY[1]) - int(factor < STEADY[0])


def _changes(verb: str, comparative: str, ratio: str, way: Along) -> tuple[str, ...]:
    return (
        f"every {way.step}{way.back} {verb} the gradient {ratio}",
        f"gradient {verb} {ratio} {way.per}",
        f"{ratio} {comparative} {way.per}",
    )


def _course(name: str, variant: Variant, way: Along) -> str:
    """Tell a line from the last layer, where the gradient starts, to the first."""
    spread = Spread.of(variant.series["signal"])
    factor = finite(variant.facts, "factor_per_layer")
    name = abridge(name, lambda short: len(short) <= _LONGEST_NAME)
    verb = "goes"
    rate = ""
    if factor is not None and factor > 0:
        steady = STEADY[0] <= factor <= STEADY[1]
        verb = (
            "stays about level,"
            if steady
            else f"falls {way.towards}"
            if factor < 1
            else f"grows {way.towards}"
        )
        rate = "" if steady else f", {change(factor)} {way.per}"
    edges = "".join(f"; {words}" for words in edge_words(spread, way.step) if words)
    trained = ""
    if variant.spec.steps and (loss := nested(variant.facts, "loss")):
        course = f"from {number(finite(loss, 'first'))} to {number(finite(loss, 'last'))}"
        trained = f"; in {count(variant.spec.steps, 'step')} the loss went {course}"
    return f"{name} {ends(spread, way.step, verb)}{rate}{edges}{trained}."


def _width(spread: Spread, step: str) -> str:
    low, high = number(float(spread.low[0])), number(float(spread.high[0]))
    same = spread.replicas == 1 or low == high
    return f"{band(spread)}." if same else f"{band(spread)}: {low} to {high} at {step} 1."
