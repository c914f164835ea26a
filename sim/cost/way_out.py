"""A smaller run that fits, for who asked for one that does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sim.spec import Spec
from sim.support import irrelevant

Fits = Callable[[Sequence[Spec]], bool]
"""Whether specs can be run, and within the allowance."""

# Turned down alone, by halves, down to these.
_ALONE = {"steps": 1, "seeds": 4, "batch": 16, "width": 16, "depth": 5}
# Turned down together, by the same share: first the networks and their training, then how many there are.
_TOGETHER = (
    {"depth": 2, "width": 4, "steps": 50},
    {"depth": 2, "width": 4, "steps": 50, "seeds": 4, "batch": 16},
)
_SHARE = 2**-0.25
_TRIES = 48  # of these shares: together less than a thousandth


def way_out(specs: Sequence[Spec], fits: Fits) -> str:
    """Name what to turn down, as the end of a sentence: one knob if that is enough, else several."""
    for knob, floor in _ALONE.items():
        value = _most(specs, knob) // 2
        while value >= floor:
            if _fits(specs, {knob: value}, fits):
                return f"{knob}={value} would fit"
            value //= 2
    for floors in _TOGETHER:
        for tries in range(1, _TRIES):
            smaller = _smaller(specs, floors, _SHARE**tries)
            if _fits(specs, smaller, fits):
                return f"{_written(smaller)} would fit"
            if all(value == floors[knob] for knob, value in smaller.items()):
                break
    return "turn down width, depth, batch and steps together"


def _most(specs: Sequence[Spec], knob: str) -> int:
    """Return the largest value of a knob among the specs that it does something for."""
    return max((getattr(spec, knob) for spec in specs if knob not in irrelevant(spec)), default=0)


def _smaller(specs: Sequence[Spec], floors: Mapping[str, int], share: float) -> dict[str, int]:
    """Multiply knobs by a share, to two significant digits; leave out what is at its floor or below."""
    values = {knob: float(f"{share * _most(specs, knob):.1e}") for knob in floors}
    return {
        knob: max(round(values[knob]), floor) for knob, floor in floors.items() if _most(specs, knob) > floor
    }


def _fits(specs: Sequence[Spec], most: Mapping[str, int], fits: Fits) -> bool:
    smaller = [
        replace(
            spec,
            **{
                knob: min(getattr(spec, knob), value)
                for knob, value in most.items()
                if knob not in irrelevant(spec)
            },
        )
        for spec in specs
    ]
    distinct = len(set(smaller)) == len(set(specs))  # variants are compared to one another
    return distinct and fits(smaller)


def _written(values: Mapping[str, int]) -> str:
    """Write values as a configuration: 4x12 steps=100."""
    size = "{depth}x{width}".format(**values) if {"depth", "width"} <= set(values) else ""
    rest = [f"{knob}={value}" for knob, value in values.items() if not (size and knob in {"depth", "width"})]
    return " ".join([size, *rest] if size else rest)
