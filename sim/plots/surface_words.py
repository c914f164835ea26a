"""Say what the loss looks like around a network: the title and the alternative text of its map."""

from sim.measurements import Measurements, Variant
from sim.plots.conditions import Condition, conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.heat import CHECKED
from sim.plots.names import pretty, short_labels, subject
from sim.plots.wording import count, finite, number, sentence, share

MOST = 2
"""Variants with a map of their own."""

_STILL = 0.01  # a change of the loss by less is none to speak of
_MATTERS = 5.0  # times the change through the hidden layers, if the output layer alone matters
_FEW = 0.1  # share of the map that is called only so much
_LARGE = 2.0  # a change to more than this many times is told as a ratio


def title(measurements: Measurements, place: int) -> str:
    """State in at most 46 characters what the map of one variant shows."""
    variant = measurements.variants[place]
    others = [other.spec for at, other in enumerate(measurements.variants) if at != place]
    forms = _forms(variant)
    names = [sentence(name) for name in subject([variant.spec, *others])]
    # After a name and its colon, a second colon would be one too many.
    named = [f"{name}: {form.replace(': ', ', ', 1)}" for form in forms for name in names]
    return fit_title([*named, *map(sentence, forms)])


def _forms(variant: Variant) -> tuple[str, ...]:
    """Say what the map shows, the fullest form first."""
    facts = variant.facts
    shape = facts["shape"]
    if shape == "lost":
        return ("no finite loss in the middle of the map", "no finite loss here")
    if shape == "overflow":
        over = share(finite(facts, "overflow") or 0.0)
        return (f"the loss overflows on {over} of the map", f"overflow on {over} of the map")
    if shape == "flat":
        change = _percent(finite(facts, "change") or 0.0)
        return (f"flat: the loss changes by {change}", f"flat: changes by {change}")
    if _only_head(variant):
        return ("hidden layers hardly change the loss", "hidden layers hardly matter")
    if shape == "guessing":
        return ("no point on the map beats guessing", "nothing beats guessing")
    if shape == "bowl":
        return _bowl(variant)
    lower = finite(facts, "below") or 0.0
    words = f"{share(lower)} of the map lies lower"
    return (f"a slope: {words}", words) if lower > _FEW else (f"only {words}",)


def _bowl(variant: Variant) -> tuple[str, ...]:
    """Say how far the loss rises from the middle."""
    centre, highest = (finite(variant.facts, name) or 0.0 for name in ("centre", "highest"))
    here, around = number(centre), number(highest)
    if centre and highest <= _LARGE * centre:
        rise = _percent(highest / centre - 1)
        return f"a bowl: the loss rises by up to {rise}", f"a bowl: up to {rise} higher"
    return f"a bowl: loss {here} here, up to {around} around", f"a bowl: loss {here} to {around}"


def _only_head(variant: Variant) -> bool:
    """Tell whether moving the hidden layers changes next to nothing, and moving the output layer does."""
    hidden, line = (finite(variant.facts, name) for name in ("hidden_change", "line_change"))
    return (
        hidden is not None and line is not None and hidden < _STILL and line > _MATTERS * max(hidden, _STILL)
    )


def _percent(value: float) -> str:
    return f"{number(100 * value)} %"


def alt(measurements: Measurements, place: int) -> str:
    """Describe the map: kind and axes, centre and extremes, the line beside it, what a slice hides."""
    variant = measurements.variants[place]
    facts = variant.facts
    dimensions = count(finite(facts, "dimensions") or 0, "dimension")
    seed = f"seed {facts['seed']}"
    side, moved = facts["side"], count(finite(facts, "moved") or 0, "weight")
    words = [condition.words for condition in found(measurements, place)]
    return bounded(
        [
            f"Map of the loss around the weights of {_name(measurements, place)}, {seed}: steps of up to the",
            "weights' own size along random direction 1, across, and direction 2, upwards;",
            f"{side} by {side} points.",
            f"{sentence(_course(variant))}.",
            _beside(variant),
            _spread(variant),
            f"Two random directions of {dimensions}, moving {moved}: a slice can hide what lies elsewhere.",
            f"Conditions: {', '.join(words)}.",
            _undrawn(measurements) if place == MOST - 1 else "",
        ]
    )


def found(measurements: Measurements, place: int) -> list[Condition]:
    """Name the conditions of one map."""
    variant = measurements.variants[place]
    spec = variant.spec
    # A logistic regression has no width of its own, but its data may have one.
    narrow = spec.arch == "logistic" and spec.data != "gaussian"
    known = conditions([spec], pretty(variant.label), (f"width {spec.width}",) if narrow else ())
    over = [Condition(f"{CHECKED}: overflow", 0)] if finite(variant.facts, "overflow") else []
    return [*over, *known]


def _name(measurements: Measurements, place: int) -> str:
    own, _ = short_labels([variant.label for variant in measurements.variants])
    return own[place]


def _course(variant: Variant) -> str:
    facts = variant.facts
    centre, lowest, highest = (number(facts[name]) for name in ("centre", "lowest", "highest"))
    if facts["shape"] == "lost":
        return "the loss in the middle is no finite number"
    below, over = (finite(facts, name) or 0.0 for name in ("below", "overflow"))
    told = f"the loss is {centre} in the middle and {lowest} to {highest} on the map"
    if lowest == highest:
        told = f"the loss is {centre} and changes by {_percent(finite(facts, 'change') or 0.0)} on the map"
    told += f"; {share(below) if below else 'none'} of it lies lower"
    told += f", and knowing nothing scores {number(finite(facts, 'plateau'))}"
    return f"{told}; on {share(over)} of it the loss overflows" if over else told


def _beside(variant: Variant) -> str:
    line, hidden = (finite(variant.facts, name) for name in ("line_change", "hidden_change"))
    if line is None:
        return ""
    told = f"Line chart beside it: along direction 1 the loss changes by {_size(line)}"
    if hidden is None:
        return f"{told}."
    return f"{told}, and by {_size(hidden)} if the output layer is left alone."


def _size(change: float) -> str:
    return _percent(change) if change < _LARGE else f"{number(change)} times its size"


def _spread(variant: Variant) -> str:
    seeds = variant.spec.seeds
    if seeds == 1:
        return "One seed, so no spread is known."
    low, high = (finite(variant.facts, name) for name in ("change_low", "change_high"))
    if low is None:
        return f"Most of {seeds} seeds overflow somewhere."
    top = "an overflow" if high is None else _size(high)
    return f"The one of {seeds} seeds with the median change; 10 to 90 % change by {_size(low)} to {top}."


def _undrawn(measurements: Measurements) -> str:
    own, _ = short_labels([variant.label for variant in measurements.variants])
    rest = [
        f"{name} ({variant.facts['shape']})"
        for name, variant in list(zip(own, measurements.variants, strict=True))[MOST:]
    ]
    return f"Measured but not drawn: {', '.join(rest)}." if rest else ""
