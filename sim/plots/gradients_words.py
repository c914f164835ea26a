"""Say what the gradient does from layer to layer: title, labels and alternative text of its cards."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Measurements, Variant
from sim.plots.conditions import conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.edges import edge_words
from sim.plots.names import differing, phrase, pretty, short_labels, subject, unit
from sim.plots.spread import Spread, band, ends
from sim.plots.wording import STEADY, change, count, finite, listing, nested, number, sentence

_SAME = 1.05
"""Factors per layer within this ratio of each other are called the same."""
_LONGEST_NAME = 60  # characters of a label in an alternative text


def names(variants: Sequence[Variant]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what each line is called, and what the names leave out because all variants share it."""
    return short_labels([variant.label for variant in variants])


_WITHIN = 2.0  # how far a curve may stray from a straight line before "every layer" is not said


def title(measurements: Measurements) -> str:
    """State the finding in at most 46 characters."""
    variants = measurements.variants
    if same := _same_factor(variants):
        return fit_title(same)
    focus = variants[0]
    specs = [variant.spec for variant in variants]
    subjects = [sentence(name) for name in subject(specs)]
    spread, step = Spread.of(focus.series["signal"]), unit(specs)
    over, under = edge_words(spread, step)
    if over or under:
        words = over or under
        verb = f"gradient {words.replace('overflow', 'overflows', 1) if over else f'is {words}'}"
        forms = (verb, verb.replace("exactly ", ""), words)
        return fit_title([f"{name}: {form}" for form in forms for name in subjects])
    factor = finite(focus.facts, "factor_per_layer")
    if factor is None or factor <= 0:
        one = len(spread.x) == 1
        words = (f"one {step}, no factor per {step}",) if one else (f"no steady change per {step}",)
    elif factor < STEADY[0]:
        words = _changes("shrinks", "smaller", change(factor), step)
    elif factor > STEADY[1]:
        words = _changes("grows", "larger", change(factor), step)
    else:
        words = (f"every {step} keeps the gradient its size", "the gradient keeps its size")
    if factor and not _every(spread, factor):
        words = _on_average(factor, step)
    return fit_title([f"{name}: {form}" for name in subjects for form in words])


def _every(spread: Spread, factor: float) -> bool:
    """Tell whether the medians change from step to step as the mean factor says, within a factor of two."""
    places = np.arange(len(spread.median))
    expected = np.log(spread.median[-1]) + (places[-1] - places) * np.log(factor)
    return bool(np.all(np.abs(np.log(spread.median) - expected) < np.log(_WITHIN)))


def _on_average(factor: float, step: str) -> tuple[str, ...]:
    if STEADY[0] <= factor <= STEADY[1]:
        return (f"first and last {step} get the same gradient", "both ends get the same gradient")
    verb = "shrinks" if factor < 1 else "grows"
    return (
        f"gradient {verb} {change(factor)} per {step} on average",
        f"{verb} {change(factor)} per {step} on average",
    )


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, theory, context, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    step, (own, shared) = unit(specs), names(variants)
    spread = Spread.of(variants[0].series["signal"])
    where = "next to the input" if step == "layer" else "the first input"
    kind = "Line chart with a logarithmic vertical axis"
    sentences = [
        f"{kind}: size (RMS) of the gradient signal by {step}, {step} 1 of {len(spread.x)} is {where}.",
        sentence(_course(own[0], variants[0], step)),
    ]
    theory = finite(variants[0].facts, "theory_factor_per_layer")
    if theory is not None and "theory" in variants[0].series:
        sentences.append(f"Dashes: {theory_words(theory)}.")
    if len(variants) == 1 and "weight" in variants[0].series:
        weight = Spread.of(variants[0].series["weight"])
        sentences.append(f"Context: the weight gradient {ends(weight, step)}.")
    sentences += [
        f"Context: {_course(name, variant, step)}"
        for name, variant in zip(own[1:], variants[1:], strict=True)
    ]
    sentences.append(_width(spread, step))
    sentences.append(
        f"Conditions: {', '.join(found.words for found in conditions(specs, shared, said(measurements)))}."
    )
    return bounded(sentences)


def said(measurements: Measurements) -> tuple[str, ...]:
    """Return the words of the label where there is one line, and so need no repetition in the footer."""
    return pretty(measurements.variants[0].label) if len(measurements.variants) == 1 else ()


def theory_words(factor: float | None) -> str:
    """Say what the dashes are."""
    return "theory" if factor is None or factor <= 0 else f"theory: {change(factor, 3)} per layer"


def _same_factor(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Return titles that say that different architectures change the gradient alike, if they do."""
    factors = [finite(variant.facts, "factor_per_layer") for variant in variants]
    known = [factor for factor in factors if factor is not None and factor > 0]
    archs = list(dict.fromkeys(variant.spec.arch for variant in variants))
    if len(archs) < len(variants) or len(variants) == 1 or len(known) < len(variants):
        return ()
    if "arch" not in differing([variant.spec for variant in variants]) or max(known) > _SAME * min(known):
        return ()
    who = sentence(listing([phrase("arch", arch) for arch in archs]))
    if all(STEADY[0] <= factor <= STEADY[1] for factor in known):
        return (f"{who}: both keep the gradient its size",) if len(archs) == 2 else (f"{who}: no change",)  # noqa: PLR2004
    return (f"{who}: the same {change(known[0])} per layer", f"The same {change(known[0])} per layer in all")


def _changes(verb: str, comparative: str, ratio: str, step: str) -> tuple[str, ...]:
    return (
        f"every {step} {verb} the gradient {ratio}",
        f"gradient {verb} {ratio} per {step}",
        f"{ratio} {comparative} per {step}",
    )


def _course(name: str, variant: Variant, step: str) -> str:
    """Tell a line from the last layer, where the gradient starts, to the first."""
    spread = Spread.of(variant.series["signal"])
    factor = finite(variant.facts, "factor_per_layer")
    name = (
        name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
    )
    verb = "goes"
    rate = ""
    if factor is not None and factor > 0:
        steady = STEADY[0] <= factor <= STEADY[1]
        verb = (
            "stays about level,"
            if steady
            else "falls towards the input"
            if factor < 1
            else "grows towards the input"
        )
        rate = "" if steady else f", {change(factor)} per {step}"
    edges = "".join(f"; {words}" for words in edge_words(spread, step) if words)
    trained = ""
    if variant.spec.steps and (loss := nested(variant.facts, "loss")):
        course = f"from {number(finite(loss, 'first'))} to {number(finite(loss, 'last'))}"
        trained = f"; in {count(variant.spec.steps, 'step')} the loss went {course}"
    return f"{name} {ends(spread, step, verb)}{rate}{edges}{trained}."


def _width(spread: Spread, step: str) -> str:
    low, high = number(float(spread.low[0])), number(float(spread.high[0]))
    same = spread.replicas == 1 or low == high
    return f"{band(spread)}." if same else f"{band(spread)}: {low} to {high} at {step} 1."
