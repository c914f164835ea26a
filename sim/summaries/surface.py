"""The loss around a network's weights, in a few lines."""

from sim.measurements import Variant
from sim.plots.wording import finite, nested, number, share

_SHAPES = {
    "bowl": "a bowl",
    "slope": "a slope",
    "flat": "flat",
    "guessing": "nowhere better than guessing",
    "overflow": "an overflow",
    "lost": "no finite loss in the middle",
}


def lines(variant: Variant) -> tuple[str, ...]:
    """Say how high the loss is on the map that is drawn, and what the maps of all seeds look like."""
    facts = variant.facts
    centre, lowest, highest, plateau = (
        number(facts[name]) for name in ("centre", "lowest", "highest", "plateau")
    )
    here = f"loss {centre} in the middle, {lowest} to {highest} on the map of seed {facts['seed']}"
    found = (f"{here} (knowing nothing scores {plateau})", _shapes(variant), _hidden(variant))
    return tuple(line for line in found if line)


def _shapes(variant: Variant) -> str:
    facts, seeds = variant.facts, variant.spec.seeds
    shapes = nested(nested(facts, "over_seeds"), "shapes")
    each = [f"{_SHAPES[shape]} for {many}" for shape, many in shapes.items()]
    told = f"{', '.join(each)} of {seeds} seeds" if seeds > 1 else _SHAPES[facts["shape"]]
    lower, over = finite(facts, "below"), finite(facts, "overflow")
    told += f"; {share(lower)} of that map lies lower" if lower is not None else ""
    return told + (f", {share(over)} overflows" if over else "")


def _hidden(variant: Variant) -> str:
    line, hidden = (finite(variant.facts, name) for name in ("line_change", "hidden_change"))
    if line is None or hidden is None:
        return ""
    told = f"along one direction the loss changes by {_percent(line)}"
    return f"{told}, by {_percent(hidden)} with the output layer left alone"


def _percent(value: float) -> str:
    return f"{number(100 * value)} %"
