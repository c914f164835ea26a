"""The pieces the papers share: findings, Jacobians, the correlation of two examples."""

import json
import math

import numpy as np
import pytest
import torch
from sim_oracles import Plain, drawn, silent

from sim import papers
from sim.papers import jacobians
from sim.papers.correlation import MeanField
from sim.papers.finding import Bounds, Finding, Paper, Reproduction, per_replica, within
from sim.papers.measuring import measure, weight_gradient_of_one_example
from sim.papers.yang import relu_rate


def finding(*values: float, differs: str = "") -> Finding:
    return Finding(
        what="a factor", place="eq. 1", says="it is 2", paper=2.0, values=values,
        bounds=within(2.0, 0.1), why="10 %: few", differs=differs,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "agrees"),
    [((1.0, 2.1, 3.0), True), ((2.3, 2.3), False), ((1.7,), False), ((math.nan,), False)],
)
def test_a_finding_agrees_where_its_median_is_within_its_bounds(
    values: tuple[float, ...],
    agrees: bool,  # noqa: FBT001  a case of the table
) -> None:
    assert finding(*values).agrees is agrees


def test_bounds_hold_a_share_on_both_sides() -> None:
    assert within(2.0, 0.1) == Bounds(least=1.8, most=2.2)


def test_a_reproduction_survives_its_json() -> None:
    one = Reproduction(
        name="he",
        paper=Paper(authors="A", year=2000, title="B", link="https://example.org"),
        findings=(finding(1.0, 2.0, 3.5), finding(9.0, differs="it is not")),
        runs=("mlp relu",),
        seconds=0.5,
    )
    data = one.to_json()
    assert Reproduction.from_json(json.loads(json.dumps(data))) == one
    assert not data["agrees"]
    assert [written["agrees"] for written in data["findings"]] == [True, False]
    assert data["findings"][0]["measured"] == 2.0
    assert data["findings"][0]["p10"] == pytest.approx(1.2)


def test_an_unknown_paper_is_named_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="glorot, he, saxe"):
        papers.reproduce("nobody", silent)


def test_the_end_to_end_map_of_a_linear_network_is_the_product_of_its_weights() -> None:
    _, chunk = drawn("mlp 3x5 linear lecun batch=2 seeds=2 precision=float64")
    product = torch.eye(5, dtype=torch.float64).expand(2, 5, 5)
    for weights in chunk.parameters.named("weight"):
        product = torch.bmm(product, weights)
    wanted = np.linalg.svd(product.numpy(), compute_uv=False)
    assert jacobians.end_to_end(chunk).numpy() == pytest.approx(wanted, rel=1e-9)


def test_the_jacobian_of_a_layer_is_its_slopes_times_its_weights() -> None:
    spec, chunk = drawn("mlp 2x4 tanh lecun batch=2 seeds=2 precision=float64")
    found = jacobians.by_layer(chunk)
    assert found.shape == (2, 1, 4)
    plain = Plain(spec, chunk.parameters, 1)
    first = torch.tanh(plain.hidden[0](chunk.batch.inputs[1, 0]))
    slope = 1 - torch.tanh(plain.hidden[1](first)) ** 2
    jacobian = slope.unsqueeze(1) * plain.hidden[1].weight
    wanted = np.linalg.svd(jacobian.detach().numpy(), compute_uv=False)
    assert found[1, 0].numpy() == pytest.approx(wanted, rel=1e-9)


def test_the_spectral_radius_of_a_rotation_is_one() -> None:
    rotation = torch.tensor([[[0.6, -0.8], [0.8, 0.6]], [[3.0, 1.0], [0.0, -4.0]]])
    assert jacobians.spectral_radius(rotation).numpy() == pytest.approx(np.array([1.0, 4.0]))


def test_the_weight_gradient_of_one_example_is_that_of_a_batch_of_one() -> None:
    text = "mlp 3x6 tanh lecun batch=4 seeds=2 precision=float64"
    spec, chunk = drawn(text)
    wanted: list[list[float]] = []
    for replica in range(2):
        plain = Plain(spec, chunk.parameters, replica)
        squares = [
            plain.signal_and_weight(chunk.batch.inputs[replica, [e]], chunk.batch.labels[replica, [e]])[1]
            ** 2
            for e in range(3)
        ]
        wanted.append(np.sqrt(np.mean(squares, axis=0)).tolist())
    assert weight_gradient_of_one_example(text, 3) == pytest.approx(np.array(wanted), rel=1e-9)


def test_a_measurement_without_a_theory_says_so_when_asked_for_it() -> None:
    found = measure("mlp 3x8 tanh data=xor batch=8 seeds=2")
    with pytest.raises(LookupError, match="no theory"):
        _ = found.theory


def test_the_critical_line_of_tanh_passes_the_papers_point() -> None:
    field = MeanField(weight=1.76, bias=0.05)
    assert field.chi(field.variance()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("weight", [1.0, 4.0])
def test_the_correlation_settles_at_its_slope(weight: float) -> None:
    field = MeanField(weight=weight, bias=0.05)
    q = field.variance()
    fixed = field.correlation(q)
    assert field.next_correlation(fixed, q) == pytest.approx(fixed, abs=1e-6)
    step = 1e-4
    slope = (field.next_correlation(fixed - step, q) - field.next_correlation(fixed - 2 * step, q)) / step
    assert slope == pytest.approx(field.correlation_slope(fixed, q), rel=1e-2)
    if fixed == 1.0:  # the ordered phase: order returns as fast as the gradient vanishes
        assert field.correlation_slope(fixed, q) == pytest.approx(field.chi(q))


def test_the_rate_of_batch_normalised_relu_networks_falls_to_its_limit() -> None:
    rates = [relu_rate(batch) for batch in (8, 32, 128, 100_000)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(1.788, abs=1e-3)
    assert rates[-1] == pytest.approx(math.pi / (math.pi - 1), abs=1e-4)


def test_one_number_per_replica_is_kept() -> None:
    assert per_replica(np.array([1.0, 2.5])) == (1.0, 2.5)
