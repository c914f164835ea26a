"""What was measured, as a table for a phone and as CSV for a spreadsheet."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, cast

import numpy as np

from sim.measurements import AXES, Measurements, Series, Variant
from sim.parts import part
from sim.quantiles import quantile
from sim.summaries import SUMMARIES

WIDTH = 40
"""Characters of a line of code on a phone held upright."""
_FEW, _FEWEST = 13, 3
_FACTS = 10
_REPLICA = "replica"
_NAME, _NUMBER = 29, 10
_AXES = tuple(axis for axis in AXES if axis != _REPLICA)
_FIRST = {
    "layer": "layer 1 is next to the input",
    "block": "block 1 is next to the input",
    "step": "step 1 is the start of the sequence",
}


def table(runs: Sequence[Measurements], room: int) -> str:
    """Write the numbers of some runs in lines of at most 40 characters, fewer layers where room is short."""
    text = ""
    for layers in range(_FEW, _FEWEST - 1, -2):
        text = "\n\n".join(_of_variant(run, variant, layers) for run in runs for variant in run.variants)
        if len(text) <= room:
            return text
    return _whole_lines(text, room)


def counted(runs: Sequence[Measurements]) -> str:
    """Say from where layers are counted, as what they are: a recurrent network's are time steps."""
    parts = dict.fromkeys(part(variant.spec) for run in runs for variant in run.variants)
    return ", ".join(_FIRST[name] for name in parts)


def to_csv(runs: Sequence[Measurements]) -> str:
    """Write everything that was measured, a number a row; docs/cards.md says what the columns are."""
    rows = [row for run in runs for row in _rows(run)]
    axes = [axis for axis in _AXES if any(axis in row for row in rows)]
    names = ["experiment", "network", "configuration", "quantity", *axes, "median", "p10", "p90"]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _of_variant(run: Measurements, variant: Variant, layers: int) -> str:
    lines = wrap(variant.label, WIDTH)
    for line in SUMMARIES[run.experiment](variant):
        lines += wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ")
    signal = variant.series.get("signal")
    if signal is not None and signal.axes == (_REPLICA, "layer"):
        return "\n".join([*lines, *_by_layer(variant, layers)])
    facts = [(name, value) for name, value in _numbers(variant.facts)][:_FACTS]
    return "\n".join([*lines, *(f"{name[:_NAME]:<{_NAME}} {value:>{_NUMBER}.4g}" for name, value in facts)])


def _by_layer(variant: Variant, layers: int) -> Iterator[str]:
    columns = [name for name in ("signal", "theory", "weight") if name in variant.series]
    yield f"{part(variant.spec):>5}" + "".join(f" {name:>{_NUMBER}}" for name in columns)
    values = [_over_replicas(variant.series[name])[0] for name in columns]
    count = len(values[0])
    # The numbers say by themselves what is left out; lines of dots would take as much room as they do.
    for index in _spread(count, layers):
        yield f"{index + 1:>5}" + "".join(f" {_short(float(column[index])):>{_NUMBER}}" for column in values)


def _spread(count: int, most: int) -> list[int]:
    """Choose some of so many places, the first and the last among them, evenly."""
    if count <= most:
        return list(range(count))
    return sorted({round(number * (count - 1) / (most - 1)) for number in range(most)})


def _whole_lines(text: str, room: int) -> str:
    kept = text[: max(0, room - 2)]
    return f"{kept.rpartition(chr(10))[0]}\n…"


def _rows(run: Measurements) -> Iterator[dict[str, Any]]:
    for variant in run.variants:
        head = {
            "experiment": run.experiment,
            "network": variant.label,
            "configuration": variant.spec.text,
        }
        for name, value in _numbers(variant.facts):
            yield {**head, "quantity": name, "median": _written(value)}
        for name, series in variant.series.items():
            for row in _of_series(name, series, variant):
                yield {**head, **row}


def _of_series(name: str, series: Series, variant: Variant) -> Iterator[dict[str, Any]]:
    replicated = _REPLICA in series.axes
    middle, low, high = _over_replicas(series)
    axes = [axis for axis in series.axes if axis != _REPLICA]
    for place in np.ndindex(middle.shape):
        row: dict[str, Any] = {"quantity": name}
        for axis, index in zip(axes, place, strict=True):
            row[axis] = _named(name, axis, index, variant)
        row["median"] = _written(float(middle[place]))
        if replicated:
            row |= {"p10": _written(float(low[place])), "p90": _written(float(high[place]))}
        yield row


def _over_replicas(series: Series) -> tuple[Any, Any, Any]:
    """Return median, 10 % and 90 % quantile over the networks; of what has none of them, itself."""
    if _REPLICA not in series.axes:
        return series.values, series.values, series.values
    values = np.moveaxis(series.values, series.axes.index(_REPLICA), 0)
    return quantile(values, 0.5), quantile(values, 0.1), quantile(values, 0.9)


def _named(name: str, axis: str, index: int, variant: Variant) -> str:
    """Write where on an axis a number belongs: layers count from 1, steps are those of the training."""
    if axis == "layer":
        return str(index + 1)
    steps = variant.series.get(f"{name.partition('_')[0]}_steps")
    if axis == "step" and steps is not None and index < len(steps.values):
        return f"{steps.values[index]:g}"
    return str(index)


def _numbers(facts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _numbers(cast("Mapping[str, Any]", value), f"{before}{key}.")
        elif isinstance(value, int | float):
            yield f"{before}{key}", float(value)


def _written(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.9g}"


def _short(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}"
