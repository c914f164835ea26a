"""Say what the loss looks like around a network: the title and the alternative text of its map."""

from sim.measurements import Measurements, Variant
from sim.plots.conditions import Condition, conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.heat import CHECKED
from sim.plots.names import pretty, short_labels, subject
from sim.plots.wording import count, finite, nested, number, sentence, share, times

MOST = 2
"""Variants with a map of their own."""

_FEW = 0.1  # share of the map that is called only so much
_LARGE = 2.0  # a change to more than this many times is told as a ratio


def title(measurements: Measurements, place: int) -> str:
    """State in at most 46 characters what the maps of one variant show, of all its seeds."""
    variant = measurements.variants[place]
    others = [other.spec for at, other in enumerate(measurements.variants) if at != place]
    forms = _forms(variant)
    names = [sentence(name) for name in subject([variant.spec, *others])]
    # After a name and its colon, a second colon would be one too many.
    named = [f"{name}: {form.replace(': ', ', ', 1)}" for form in forms for name in names]
    return fit_title(named if others else [*named, *map(sentence, forms)])


def _forms(variant: Variant) -> tuple[str, ...]:
    """Say what the maps show, the fullest form first: numbers are medians, counts are of the seeds."""
    facts, seeds = variant.facts, variant.spec.seeds
    shape, together = facts["shape"], nested(variant.facts, "over_seeds")
    alike = finite(nested(together, "shapes"), shape) or seeds
    some = "" if alike == seeds else f"{alike:.0f} of {seeds} seeds"
    if shape == "lost":
        where = f"no finite loss for {some}" if some else "no finite loss in the middle of the map"
        return where, some or "no finite loss here"
    if shape == "overflow":
        over = share(_median(variant, "overflow"))
        forms = (f"the loss overflows on {over} of the map", f"overflow on {over} of the map")
        return (f"the loss overflows for {some}", f"overflow for {some}") if some else forms
    if shape == "flat":
        change = _percent(finite(facts, "change") or 0.0)
        flat = (f"flat: the loss changes by {change}", f"flat: changes by {change}")
        return (f"flat for {some}",) if some else flat
    if only := finite(together, "only_head"):
        who = "" if only == seeds else f" for {only:.0f} of {seeds}"
        if 2 * only > seeds:
            return f"hidden layers hardly change the loss{who}", f"hidden layers hardly matter{who}"
    if shape == "guessing":
        return _guessing(variant, int(finite(together, "beats_guessing") or 0))
    if shape == "bowl" and (not some or (finite(facts, "below") or 0.0) <= _FEW):
        return (f"a bowl for {some}",) if some else _bowl(variant)
    if seeds > 1 and (ends := _ends(variant)):
        return ends
    lower = finite(facts, "below") or 0.0
    words = f"{share(lower)} of the map lies lower"
    return (f"a slope: {words}", words) if lower > _FEW else (f"only {words}",)


def _ends(variant: Variant) -> tuple[str, ...]:
    """Say how far the loss goes down and up from the middle, where that is finite."""
    rise, fall = (finite(nested(variant.facts, "over_seeds"), name) for name in ("rise", "fall"))
    if rise is None or fall is None:
        return ()
    up = _percent(rise) if rise <= _LARGE else times(1 + rise)
    down = _percent(fall)
    return f"loss up to {down} lower, up to {up} higher", f"loss {down} lower to {up} higher"


def _guessing(variant: Variant, beaten: int) -> tuple[str, ...]:
    """Say on how many maps any point beats guessing."""
    seeds = variant.spec.seeds
    if not beaten:
        return ("no point on the map beats guessing", "nothing beats guessing")
    if 2 * beaten < seeds:
        never = seeds - beaten
        return f"{never} of {seeds} maps never beat guessing", f"{never} of {seeds} never beat guessing"
    return f"{beaten} of {seeds} maps reach below guessing", f"{beaten} of {seeds} beat guessing"


def _bowl(variant: Variant) -> tuple[str, ...]:
    """Say how far the loss rises from the middle."""
    rise = finite(nested(variant.facts, "over_seeds"), "rise")
    if _median(variant, "below") > _FEW and (ends := _ends(variant)):
        return ends
    if rise is not None and rise <= _LARGE - 1:
        return f"a bowl: the loss rises by up to {_percent(rise)}", f"a bowl: up to {_percent(rise)} higher"
    if rise is not None and variant.spec.seeds > 1:
        up = times(1 + rise)
        return f"a bowl: the loss rises up to {up}", f"a bowl: up to {up} higher"
    centre, highest = (number(finite(variant.facts, name) or 0.0) for name in ("centre", "highest"))
    return f"a bowl: loss {centre} here, up to {highest} around", f"a bowl: loss {centre} to {highest}"


def _median(variant: Variant, name: str) -> float:
    """Return a fact of the map as the median over all seeds; where that is not known, of the drawn one."""
    found = finite(nested(variant.facts, "over_seeds"), name)
    return (finite(variant.facts, name) or 0.0) if found is None else found


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
    known = conditions([variant.spec], pretty(variant.label), deep=True)
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
