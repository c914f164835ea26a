"""The experiment `precision`: against torch's own modules in each floating-point type."""

import json

import numpy as np
import pytest
import torch
from sim_oracles import drawn, only, run
from torch import Tensor, nn

from sim.experiments.precision import LOSS_SCALE, PRECISIONS
from sim.measurements import Array
from sim.spec import Spec

DTYPES = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float32": torch.float32,
    "float64": torch.float64,
}


def flushes_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 itself, and so turns subnormal numbers into 0."""
    tiny = torch.full((64, 64), 2.0**-130, dtype=torch.bfloat16)
    return not bool((tiny @ torch.eye(64, dtype=torch.bfloat16)).any())


FLUSHES = flushes_bfloat16()
SUBNORMAL_LAYERS = 4
"""Seven binary digits of subnormal numbers at a factor of .235 per layer, and one for rounding."""

# Half of the smallest number, IEEE 754: what is nearer to 0 than that is 0.
HALF_SMALLEST = {
    "float16": 2.0**-25,
    "bfloat16": 2.0**-126 if FLUSHES else 2.0**-134,
    "float32": 2.0**-150,
}

# The steps of a type above 0 at which values are compared, and how closely.
DIGITS = {"float16": (200, 0.1), "bfloat16": (200, 0.1), "float32": (1e6, 1e-3), "float64": (0, 1e-9)}


def by_modules(text: str, precision: str, scale: float) -> tuple[Array, Array]:
    """Return signal and weight (replica, layer) of the same networks as torch modules, loss multiplied."""
    spec, chunk = drawn(f"{text} precision={precision}")
    weights, (head,) = chunk.parameters.named("weight"), chunk.parameters.named("head")
    signals: list[list[float]] = []
    slopes: list[list[float]] = []
    for replica in range(spec.seeds):
        linears = [linear(w[replica]) for w in [*weights, head]]
        a: Tensor = chunk.batch.inputs[replica]
        streams: list[Tensor] = []
        for layer in linears[:-1]:
            h = layer(a)
            h.retain_grad()
            streams.append(h)
            a = torch.sigmoid(h)
        targets = chunk.batch.labels[replica].to(DTYPES[precision])
        example = nn.BCEWithLogitsLoss(reduction="none")(linears[-1](a).squeeze(1), targets)
        # The sum for the signal of each example, the mean for the weights.
        torch.autograd.backward(example.sum() * scale, retain_graph=True)
        signals.append([rms(h.grad) / scale for h in streams])
        for layer in linears:
            layer.zero_grad()
        torch.autograd.backward(example.mean() * scale)
        slopes.append([rms(layer.weight.grad) / scale for layer in linears[:-1]])
    return np.array(signals), np.array(slopes)


def linear(weights: Tensor) -> nn.Linear:
    layer = nn.Linear(weights.shape[0], weights.shape[1], bias=False)
    layer.weight = nn.Parameter(weights.T.clone())
    return layer


def rms(values: Tensor | None) -> float:
    assert values is not None
    return float(np.sqrt(np.mean(np.square(values.double().numpy()))))


def alive(values: Array) -> int:
    return int(np.count_nonzero(np.median(values, axis=0)))


@pytest.mark.parametrize("scale", [1.0, LOSS_SCALE])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_same_layers_survive_in_torch_s_own_modules(precision: str, scale: float) -> None:
    text = "sigmoid 84x12 batch=16 seeds=3"
    variant = only("precision", f"{text} precision={precision} vs seed=50")
    assert variant.spec.precision == precision
    suffix = "" if scale == 1 else "_scaled"
    signal, weight = by_modules(text, precision, scale)
    for name, expected in (("signal", signal), ("weight", weight)):
        measured = variant.series[f"{name}{suffix}"].values
        # A matrix product that adds up in another order may round its last layer to the other side.
        # Processors with bfloat16 products flush subnormal numbers to zero, in some shapes and not in others.
        apart = SUBNORMAL_LAYERS if precision == "bfloat16" and FLUSHES else 1
        assert abs(variant.facts[f"layers_with_{name}{suffix}"] - alive(expected)) <= apart
        # Below this a type has fewer digits than it is compared in.
        steps, share = DIGITS[precision]
        whole = expected > steps * HALF_SMALLEST.get(precision, 0.0) / scale
        np.testing.assert_allclose(measured[whole], expected[whole], rtol=share)
        assert whole.sum() >= 3 * 4


def test_a_type_loses_a_layer_where_the_exact_gradient_is_below_half_its_smallest_number() -> None:
    found = {one.spec.precision: one for one in run("precision", "sigmoid 84x12 batch=16 seeds=3").variants}
    exact = np.median(found["float64"].series["signal"].values, axis=0)
    for precision, limit in HALF_SMALLEST.items():
        lost = np.median(found[precision].series["signal"].values, axis=0) == 0
        # Single entries are larger than their root mean square: the last of them dies a few layers later.
        assert not lost[exact > 4 * limit].any()
        assert lost[exact < limit / 100].all()
        assert 0 < lost.sum() < 84


def test_one_spec_is_measured_in_every_type_and_several_as_they_are() -> None:
    assert [one.spec.precision for one in run("precision", "4x8 seeds=2 batch=4").variants] == [*PRECISIONS]
    two = run("precision", "4x8 seeds=2 batch=4 float16 vs float32").variants
    assert [one.spec.precision for one in two] == ["float16", "float32"]


def test_scaling_changes_nothing_where_nothing_is_lost() -> None:
    series = only("precision", "tanh 4x8 seeds=2 batch=4 float32 vs float64").series
    for name in ("signal", "weight"):
        np.testing.assert_array_equal(series[f"{name}_scaled"].values, series[name].values)


def test_scaling_saves_as_many_layers_as_the_factor_is_worth() -> None:
    facts = only("precision", "sigmoid 30x16 seeds=4 batch=16 float16 vs float32").facts
    saved = facts["layers_with_signal_scaled"] - facts["layers_with_signal"]
    worth = np.log(LOSS_SCALE) / -np.log(facts["factor_per_layer"])
    assert saved == pytest.approx(worth, abs=1)


def test_facts_are_json_values() -> None:
    measured = run("precision", "6x8 seeds=2 batch=4")
    assert measured.facts == {"loss_scale": LOSS_SCALE}
    for variant in measured.variants:
        assert json.loads(json.dumps(dict(variant.facts), allow_nan=False)) == dict(variant.facts)


def test_the_same_spec_gives_the_same_numbers() -> None:
    one, other = (run("precision", "sigmoid 12x8 seeds=2 batch=4") for _ in range(2))
    assert one.to_json()["variants"] == other.to_json()["variants"]


def test_every_type_starts_from_the_same_network() -> None:
    drawn_in = {
        name: drawn(Spec.parse(f"3x4 seeds=2 batch=4 precision={name}").text)[1] for name in PRECISIONS
    }
    exact = drawn_in["float64"].parameters.flat
    for name, chunk in drawn_in.items():
        assert torch.equal(chunk.parameters.flat, exact.to(DTYPES[name]))
