"""Telling how much of an experiment is done."""

from collections.abc import Callable, Iterator, Sequence

from sim.labels import labels
from sim.measurements import Variant
from sim.spec import Spec

Report = Callable[[float, str], None]
"""Called now and then with the share of the work that is done, 0 to 1, and a few words."""


def each(report: Report, names: Sequence[str]) -> Iterator[Report]:
    """Yield one report per part of the work, all of them equally long, for that part's own share."""
    for number, name in enumerate(names):

        def share(done: float, text: str = "", number: int = number, name: str = name) -> None:
            report((number + done) / len(names), text or name)

        yield share


def at_step(label: str, step: int, steps: int) -> str:
    """Say how far the training of one network is."""
    return f"{label}, step {step} of {steps}"


def one_by_one(
    specs: Sequence[Spec], report: Report, measure: Callable[[Spec, str, Report], Variant]
) -> tuple[Variant, ...]:
    """Measure every spec by itself, under its label and with a report of its own share of the work."""
    names = labels(specs)
    parts = zip(specs, names, each(report, names), strict=True)
    return tuple(measure(spec, name, share) for spec, name, share in parts)
