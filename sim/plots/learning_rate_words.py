"""Say whether a learning rate helps: the title and the alternative text of its cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sim.measurements import Measurements, Variant
from sim.plots.conditions import Condition, conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.level import plateau_of, plateau_words
from sim.plots.names import phrase, pretty, subject
from sim.plots.spread import Spread, band
from sim.plots.wording import STEADY, change, finite, nested, number, sentence
from sim.spec import Spec

WAYS = {"loss": "one rate", "loss_by_layer": "layer-wise rates"}
"""The series of the two ways of choosing rates, and their names."""
DIVERGED = 2.0
"""A loss has diverged when it is no number or at least so many times the plateau, as in the facts."""

_FACTS = {"loss": "one_rate", "loss_by_layer": "by_layer"}


def title(measurements: Measurements, place: int = 0) -> str:
    """Answer whether it is the learning rate, in at most 46 characters."""
    variant = measurements.variants[place]
    others = [other.spec for at, other in enumerate(measurements.variants) if at != place]
    forms = _forms(variant)
    names = subject([variant.spec, *others])
    named = [f"{sentence(name)}: {form}" for form in forms for name in names]
    # Where there are several cards their names matter more than a long form.
    return fit_title(
        [*named, *map(sentence, forms)] if others else [*named[: len(names)], *map(sentence, forms)]
    )


def _forms(variant: Variant) -> tuple[str, ...]:
    rates = variant.series["rates"].values.tolist()
    whole = f"from {rates[0]:g} to {rates[-1]:g}"
    one, layered = (_rates(variant, way, "rates_that_learn") for way in WAYS)
    if not one and layered:
        return "layer-wise rates learn, one rate does not", "only layer-wise rates learn"
    if not one:
        lost = len(_rates(variant, "loss", "rates_that_diverge")) == len(rates)
        verb = "every rate {} diverges" if lost else "no rate {} helps"
        return verb.format(whole), verb.format("").replace("  ", " ")
    if len(one) == len(rates):
        return f"every rate {whole} learns", "every rate learns"
    if len(one) == 1:
        return (f"only rate {one[0]:g} learns",)
    first, last = rates.index(one[0]), rates.index(one[-1])
    if last - first + 1 == len(one):
        return (f"any rate from {one[0]:g} to {one[-1]:g} learns", f"{one[0]:g} to {one[-1]:g} learn")
    return f"{len(one)} of {len(rates)} rates learn", f"{len(one)} rates learn"


def alt(measurements: Measurements, place: int = 0) -> str:
    """Describe the card: kind and axes, one rate, level, layer-wise rates, spread, conditions."""
    variant = measurements.variants[place]
    plateau = plateau_of(variant)
    one, layered = (_course(variant, way) for way in WAYS)
    growth = growth_words(variant)
    return bounded(
        [
            f"{sentence(' · '.join(pretty(variant.label)))}. Line chart with a logarithmic horizontal axis:",
            "loss at the end of training against the learning rate.",
            f"With one rate for all layers {one}.",
            f"Dashed level: {plateau_words(plateau)} = {number(plateau)}, the loss of knowing nothing.",
            f"Context: with layer-wise rates{f', {growth} towards the input' if growth else ''}, {layered}.",
            f"{band(Spread.of(variant.series['loss']))}.",
            f"Conditions: {', '.join(found.words for found in conditions_of(variant, said=True))}.",
        ]
    )


def growth_words(variant: Variant) -> str:
    """Say how the layer-wise rates change from layer to layer towards the input."""
    growth = finite(variant.facts, "growth_by_layer")
    if growth is None or growth <= 0:
        return ""
    if STEADY[0] <= growth <= STEADY[1]:
        return "all alike"
    return f"{change(growth)} {'faster' if growth > 1 else 'slower'} per layer"


def conditions_of(variant: Variant, *, said: bool = False) -> list[Condition]:
    """Name the variant, unless that is said already, and how it was trained, but for the rate."""
    spec = replace(variant.spec, lr=Spec().lr, layer_lr=None)
    names = pretty(variant.label)
    found = conditions([spec], () if said else names, names if said else (), deep=True)
    rule = Condition(phrase("optimizer", spec.optimizer), 2)
    data = Condition("random labels" if spec.data == "gaussian" else phrase("data", spec.data), 1)
    rest = [one for one in found if one.words not in {rule.words, data.words}]
    return [*rest, rule, data]


def _course(variant: Variant, way: str) -> str:
    """Tell the loss at both ends of the rates, the best one, and where training diverges."""
    spread = Spread.of(variant.series[way], variant.series["rates"])
    facts = nested(variant.facts, _FACTS[way])
    ends = [f"{number(float(spread.median[end]))} at {spread.x[end]:g}" for end in (0, -1)]
    told = [f"it goes from {ends[0]} to {ends[1]}"]
    best, rate = finite(facts, "best_loss"), finite(facts, "best_rate")
    if facts.get("learns") and best is not None and rate is not None:
        told.append(f"the best is {number(best)} at {rate:g}")
    else:
        told.append("no rate leaves the level")
    if lost := _rates(variant, way, "rates_that_diverge"):
        told.append(f"training diverges at {', '.join(f'{rate:g}' for rate in lost)}")
    return "; ".join(told)


def _rates(variant: Variant, way: str, name: str) -> Sequence[float]:
    facts: Mapping[str, Any] = nested(variant.facts, _FACTS[way])
    found = facts.get(name)
    return cast("list[float]", found) if isinstance(found, list) else []
