"""Say what the gradient does from layer to layer: title, labels and alternative text of its cards."""

from collections.abc import Sequence

from sim.measurements import Measurements, Variant
from sim.plots.conditions import conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.names import differing, phrase, short_labels, subject, unit
from sim.plots.spread import Spread
from sim.plots.wording import STEADY, change, count, finite, listing, number, ranges, sentence

_SAME = 1.05
"""Factors per layer within this ratio of each other are called the same."""
_LONGEST_NAME = 60  # characters of a label in an alternative text


def names(variants: Sequence[Variant]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what each line is called, and what the names leave out because all variants share it."""
    return short_labels([variant.label for variant in variants])


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
        return fit_title([f"{name}: {form}" for form in (f"gradient {words}", words) for name in subjects])
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
    return fit_title([f"{name}: {form}" for name in subjects for form in words])


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, focus, theory, context, spread, conditions."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    step, (own, shared) = unit(specs), names(variants)
    spread = Spread.of(variants[0].series["signal"])
    where = "next to the input" if step == "layer" else "the first input"
    sentences = [
        f"Line chart with a logarithmic vertical axis: size (RMS) of the gradient signal by {step}, "
        f"{ranges(int(x) for x in spread.x)}, {step} 1 {where}.",
        sentence(_course(own[0], variants[0], step)),
    ]
    theory = finite(variants[0].facts, "theory_factor_per_layer")
    if theory is not None and "theory" in variants[0].series:
        sentences.append(f"Dashes: {theory_words(theory)}.")
    if len(variants) == 1 and "weight" in variants[0].series:
        weight = Spread.of(variants[0].series["weight"])
        sentences.append(f"Context: the weight gradient goes {_ends(weight, step)}.")
    sentences += [
        f"Context: {_course(name, variant, step)}"
        for name, variant in zip(own[1:], variants[1:], strict=True)
    ]
    sentences.append(_width(spread, step))
    sentences.append(f"Conditions: {', '.join(found.words for found in conditions(specs, shared))}.")
    return bounded(sentences)


def theory_words(factor: float | None) -> str:
    """Say what the dashes are."""
    return "theory" if factor is None or factor <= 0 else f"theory: {change(factor, 3)} per layer"


def edge_words(spread: Spread, step: str) -> tuple[str, str]:
    """Say where the median overflows and where it is exactly 0; empty where it does neither."""
    over, under = spread.positions(spread.over), spread.positions(spread.under)
    return _where("overflow", over, spread, step), _where("exactly 0", under, spread, step)


def _where(what: str, positions: list[int], spread: Spread, step: str) -> str:
    if not positions:
        return ""
    if len(positions) == len(spread.x):
        return f"{what} in every {step}"
    if positions == list(range(1, len(positions) + 1)):
        return f"{what} in {step} 1" if len(positions) == 1 else f"{what} from {step} {positions[-1]} down"
    return f"{what} in {step}{'s' if len(positions) > 1 else ''} {ranges(positions)}"


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
    name = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
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
    loss = variant.facts.get("loss")
    trained = ""
    if variant.spec.steps and isinstance(loss, dict):
        first, last = loss.get("first"), loss.get("last")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        trained = (
            f"; in {count(variant.spec.steps, 'step')} the loss went from {number(first)} to {number(last)}"  # pyright: ignore[reportUnknownArgumentType]
        )
    return f"{name} {verb} {_ends(spread, step)}{rate}{edges}{trained}."


def _ends(spread: Spread, step: str) -> str:
    first, last = float(spread.median[0]), float(spread.median[-1])
    if len(spread.x) == 1:
        return f"at {number(first)} in its only {step}"
    return f"from {number(last)} at {step} {len(spread.x)} to {number(first)} at {step} 1"


def _width(spread: Spread, step: str) -> str:
    if spread.replicas == 1:
        return "One seed, so no spread is known."
    low, high = float(spread.low[0]), float(spread.high[0])
    text = f"Lines are medians of {spread.replicas} seeds, bands their 10 to 90 %"
    return f"{text}: {number(low)} to {number(high)} at {step} 1."
