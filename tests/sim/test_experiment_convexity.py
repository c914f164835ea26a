"""The experiment `convexity`: eigenvalues of the Hessian at random points."""

import json

import numpy as np
import pytest
import torch
from sim_oracles import TORCH_JVP, only

from sim import losses
from sim.cost import Allowance, require_affordable
from sim.data import draw_batch
from sim.errors import TooExpensive
from sim.experiments.convexity import POINTS, layer_shapes
from sim.measurements import Array
from sim.networks import build
from sim.randomness import Streams
from sim.spec import Spec

pytestmark = pytest.mark.filterwarnings(TORCH_JVP)


def points_and_data(spec: Spec) -> tuple[Array, Array, Array]:
    """Draw again what the experiment drew: points (replica, point, parameter), inputs, labels."""
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    batch = draw_batch(spec, streams)
    count = sum(n * m + m for n, m in layer_shapes(spec, inputs=batch.inputs.shape[-1]))
    points = streams.normal(POINTS, count)
    return points.double().numpy(), batch.inputs.double().numpy(), batch.labels.double().numpy()


@pytest.mark.parametrize("words", ["data=blobs", "width=3 batch=9", "data=blobs input_scale=4"])
def test_logistic_regression_has_the_hessian_of_the_textbook(words: str) -> None:
    # H = mean of p(1-p) x̃ x̃ᵀ, with x̃ the input and a 1 for the bias.
    spec = Spec.parse(f"arch=logistic {words} seeds=3 float64")
    variant = only("convexity", spec.text)
    points, inputs, _ = points_and_data(spec)
    for replica in range(spec.seeds):
        extended = np.concatenate([inputs[replica], np.ones((spec.batch, 1))], axis=1)
        for number, point in enumerate(points[replica]):
            p = 1 / (1 + np.exp(-extended @ point))
            hessian = (extended * (p * (1 - p))[:, None]).T @ extended / spec.batch
            spectrum = np.linalg.eigvalsh(hessian)
            found = [variant.series[name].values[replica, number] for name in ("smallest", "largest")]
            np.testing.assert_allclose(found, spectrum[[0, -1]], rtol=1e-8, atol=1e-15)


def test_a_network_has_the_hessian_of_a_second_backward_pass() -> None:
    # The oracle is the engine's other network, differentiated twice by plain autograd.
    spec = Spec.parse("tanh 2x3 data=blobs loss=mse seeds=1 batch=5 float64")
    variant = only("convexity", spec.text)
    points, _, _ = points_and_data(spec)
    streams = Streams([0])
    batch = draw_batch(spec, streams)
    network = build(spec, streams, inputs=2, outputs=1)
    parameters = network.parameters()
    # The experiment lays out weights and biases layer by layer.
    order = [0, 2, 1, 3, 4, 5]
    for number in (0, 7, 49):
        start = 0
        for which in order:
            size = parameters[which].numel()
            part = torch.as_tensor(points[0, number, start : start + size])
            parameters[which].requires_grad = False
            parameters[which].copy_(part.reshape(parameters[which].shape)).requires_grad_()
            start += size
        loss = losses.per_example(spec, network(batch.inputs).outputs, batch.labels).mean()
        slopes = torch.autograd.grad(loss, [parameters[which] for which in order], create_graph=True)
        flat = torch.cat([slope.flatten() for slope in slopes])
        rows = [
            torch.cat(
                [
                    g.flatten()
                    for g in torch.autograd.grad(one, [parameters[w] for w in order], retain_graph=True)
                ]
            )
            for one in flat
        ]
        spectrum = np.linalg.eigvalsh(torch.stack(rows).numpy())
        assert float(variant.series["smallest"].values[0, number]) == pytest.approx(
            float(spectrum[0]), abs=1e-12
        )
        assert float(variant.series["largest"].values[0, number]) == pytest.approx(
            float(spectrum[-1]), rel=1e-9
        )


@pytest.mark.parametrize("words", ["data=blobs", "data=blobs loss=ce", "width=5", "data=blobs batch=2"])
def test_logistic_regression_curves_downwards_nowhere(words: str) -> None:
    facts = only("convexity", f"arch=logistic {words} seeds=4 float64").facts
    assert (facts["negative_points"], facts["negative_share"], facts["convex_here"]) == (0, 0.0, True)
    assert facts["points"] == 4 * POINTS


def test_a_logistic_unit_with_squared_error_is_not_convex() -> None:
    facts = only("convexity", "arch=logistic data=blobs loss=mse seeds=4 float64").facts
    assert facts["convex_here"] is False
    assert facts["negative_share"] > 0.5
    assert facts["smallest"] < -1e-3


@pytest.mark.parametrize("words", ["tanh 1x1", "tanh 1x4", "sigmoid 2x3", "relu 1x4"])
def test_one_hidden_layer_is_enough_to_lose_convexity(words: str) -> None:
    facts = only("convexity", f"{words} data=blobs seeds=2 batch=16 float64").facts
    assert facts["convex_here"] is False
    assert facts["negative_share"] > 0.8


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("arch=logistic data=blobs", 3),
        ("arch=logistic width=7", 8),
        ("arch=logistic data=blobs loss=ce", 6),
        ("2x3", 28),
    ],
)
def test_every_weight_and_bias_is_a_parameter(words: str, count: int) -> None:
    assert only("convexity", f"{words} seeds=1 batch=4 float64").facts["parameters"] == count


def test_facts_are_json_values() -> None:
    facts = dict(only("convexity", "arch=logistic data=blobs seeds=2").facts)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


@pytest.mark.parametrize("words", ["data=blobs batch=2", "data=blobs loss=ce", "width=16 batch=4"])
def test_logistic_regression_is_convex_in_the_default_precision_too(words: str) -> None:
    assert only("convexity", f"arch=logistic {words} seeds=4").facts["convex_here"] is True


# Each takes more than a minute.
@pytest.mark.parametrize("text", ["arch=logistic width=256", "1x16 batch=256"])
def test_hessians_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(TooExpensive):
        require_affordable("convexity", [Spec.parse(text)], Allowance())
