"""What was measured, as a table for a phone and as CSV."""

import csv
import io
import math
from typing import Any

import numpy as np
import pytest

from bot.discord.playing.numbers import WIDTH, counted, table, to_csv
from sim.measurements import Measurements, Provenance, Series, Variant
from sim.spec import Spec

PROVENANCE = Provenance(version="0", torch="0", threads=1, seconds=0.1)
FACTS: dict[str, Any] = {
    "factor_per_layer": 0.25,
    "theory_factor_per_layer": math.nan,
    "regime": "vanishes",
    "overflow_layers": [],
    "underflow_layers": [],
    "weight": {"first": 1e-30},
}


def run(depth: int = 3, count: int = 1, label: str = "sigmoid · glorot", arch: str = "mlp") -> Measurements:
    values = np.stack([np.linspace(scale, 1, depth) for scale in (0.1, 0.2, 0.4)])
    series = {
        "signal": Series(axes=("replica", "layer"), values=values),
        "weight": Series(axes=("replica", "layer"), values=values * math.inf),
        "theory": Series(axes=("layer",), values=values[0]),
        "loss": Series(axes=("replica", "step"), values=values[:, :2]),
        "loss_steps": Series(axes=("step",), values=np.array([0.0, 50.0])),
    }
    variants = [Variant(spec=Spec(arch=arch, depth=depth), label=label, series=series, facts=FACTS)] * count
    return Measurements(experiment="gradients", variants=tuple(variants), provenance=PROVENANCE)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_is_one_number_with_its_quantiles() -> None:
    found = rows(to_csv([run()]))
    assert list(found[0])[:4] == ["experiment", "network", "configuration", "quantity"]
    signal = [row for row in found if row["quantity"] == "signal"]
    assert [row["layer"] for row in signal] == ["1", "2", "3"]
    assert (signal[0]["median"], signal[0]["p10"], signal[0]["p90"]) == ("0.2", "0.12", "0.36")
    [theory, *_] = [row for row in found if row["quantity"] == "theory"]
    assert (theory["median"], theory["p10"]) == ("0.1", "")


def test_steps_are_those_of_the_training_and_facts_have_no_place() -> None:
    found = rows(to_csv([run()]))
    assert [row["step"] for row in found if row["quantity"] == "loss"] == ["0", "50"]
    facts = {row["quantity"]: row for row in found}
    assert (facts["factor_per_layer"]["median"], facts["factor_per_layer"]["layer"]) == ("0.25", "")
    assert facts["theory_factor_per_layer"]["median"] == ""
    assert facts["weight.first"]["median"] == "1e-30"
    assert "regime" not in facts


@pytest.mark.parametrize("depth", [1, 3, 13, 14, 200])
def test_a_table_fits_a_phone_and_shows_both_ends(depth: int) -> None:
    lines = table([run(depth)], 3_300).splitlines()
    assert max(map(len, lines)) <= WIDTH
    layers = [line.split()[0] for line in lines if line.split()[0].isdecimal()]
    assert layers[0] == "1"
    assert layers[-1] == str(depth)
    assert len(layers) == min(depth, 13)
    assert "…" not in "".join(lines)  # a line of dots would take the room of a layer


@pytest.mark.parametrize(
    ("arch", "column", "said"),
    [
        ("mlp", "layer", "layer 1 is next to the input"),
        ("transformer", "block", "block 1 is next to the input"),
        ("lstm", "step", "step 1 is the start of the sequence"),
    ],
)
def test_a_table_counts_what_the_network_has(arch: str, column: str, said: str) -> None:
    runs = [run(arch=arch)]
    heads = [line.split()[0] for line in table(runs, 3_300).splitlines() if "signal" in line]
    assert heads == [column]
    assert counted(runs) == said


def test_where_layers_are_counted_from_is_said_once_for_each_kind() -> None:
    said = counted([run(), run(arch="rnn", count=2), run()])
    assert said == "layer 1 is next to the input, step 1 is the start of the sequence"


@pytest.mark.parametrize("room", [3_300, 800, 200])
def test_a_table_of_many_networks_stays_within_its_room(room: int) -> None:
    text = table([run(200, 6, label="w" * 90)] * 2, room)
    assert len(text) <= room
    assert max(map(len, text.splitlines())) <= WIDTH
