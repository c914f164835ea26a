"""The experiment `convexity`: curvature at random points, where training ends, and what lies between."""

import json

import numpy as np
import pytest
import torch
from sim_oracles import TORCH_JVP, Plain, drawn, only
from torch import Tensor

from sim import losses
from sim.convexity import growth, segments
from sim.convexity.landscape import Landscape
from sim.convexity.solutions import LEVEL, STAGES, STARTS, solve
from sim.convexity.spectrum import settled
from sim.cost import Allowance, require_affordable
from sim.data import draw_batch
from sim.errors import TooExpensive
from sim.experiments.convexity import POINTS
from sim.measurements import Array
from sim.networks import build
from sim.networks.parameters import draw
from sim.passes import Reading
from sim.randomness import Streams
from sim.spec import Spec
from sim.training import train

pytestmark = pytest.mark.filterwarnings(TORCH_JVP)


def landscape_of(text: str) -> tuple[Landscape, Streams]:
    """Draw data as the experiment does; the streams go on with the starts, or with the random points."""
    spec = Spec.parse(f"{text} float64")
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    batch = draw_batch(spec, streams)
    network = build(spec, streams, inputs=batch.inputs.shape[-1], outputs=losses.output_units(spec))
    return Landscape(spec=spec, network=network, batch=batch), streams


def points_and_data(spec: Spec) -> tuple[Array, Array, Array]:
    """Draw again what the experiment drew: points (replica, point, parameter), inputs, labels."""
    landscape, streams = landscape_of(spec.text.replace("precision=float64", ""))
    points = streams.normal(POINTS, landscape.parameters)
    batch = landscape.batch
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


@pytest.mark.parametrize(
    "words", ["tanh 2x3", "tanh 2x3 loss=mse", "sigmoid 1x4 norm=layer", "tanh 2x2 residual"]
)
def test_a_network_has_the_hessian_of_a_second_backward_pass(words: str) -> None:
    text = f"{words} data=blobs seeds=1 batch=5"
    landscape, streams = landscape_of(text)
    points = streams.normal(POINTS, landscape.parameters).double()
    variant = only("convexity", f"{text} float64")
    for number in (0, 7, 49):
        point = points[:, number].clone().requires_grad_()
        (slope,) = torch.autograd.grad(landscape.loss(point).sum(), point, create_graph=True)
        rows = [torch.autograd.grad(one, point, retain_graph=True)[0][0] for one in slope[0]]
        spectrum = np.linalg.eigvalsh(torch.stack(rows).numpy())
        found = [float(variant.series[name].values[0, number]) for name in ("smallest", "largest")]
        assert found == pytest.approx([float(spectrum[0]), float(spectrum[-1])], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("words", ["tanh 3x4 data=blobs", "relu 2x3", "tanh 1x4 data=spirals loss=ce"])
def test_the_landscape_has_the_loss_of_torch_s_own_modules(words: str) -> None:
    text = f"{words} seeds=3 batch=8"
    landscape, _ = landscape_of(text)
    spec, chunk = drawn(f"{text} float64")
    flat = torch.cat([tensor.flatten(1) for tensor in chunk.parameters.tensors], dim=1)
    for replica, found in enumerate(landscape.loss(flat)):
        net = Plain(spec, chunk.parameters, replica)
        wanted = net.loss(chunk.batch.inputs[replica], chunk.batch.labels[replica])
        assert float(found) == pytest.approx(float(wanted.detach()), rel=1e-12)


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


@pytest.mark.parametrize("words", ["arch=logistic data=blobs", "1x3 data=xor"])
def test_facts_are_json_values(words: str) -> None:
    facts = dict(only("convexity", f"{words} seeds=2").facts)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


@pytest.mark.parametrize("words", ["data=blobs batch=2", "data=blobs loss=ce", "width=16 batch=4"])
def test_logistic_regression_is_convex_in_the_default_precision_too(words: str) -> None:
    assert only("convexity", f"arch=logistic {words} seeds=4").facts["convex_here"] is True


# Each takes more than a minute.
@pytest.mark.parametrize("text", ["arch=logistic width=256", "1x16 batch=256"])
def test_hessians_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(TooExpensive):
        require_affordable("convexity", [Spec.parse(text)], Allowance())


def test_solutions_start_where_the_other_experiments_do_and_all_starts_differ() -> None:
    landscape, streams = landscape_of("tanh 1x3 data=xor seeds=2 steps=3 batch=8")
    found = solve(landscape, streams)
    _, chunk = drawn("tanh 1x3 data=xor seeds=2 steps=3 batch=8 float64")
    flat = torch.cat([tensor.flatten(1) for tensor in chunk.parameters.tensors], dim=1)
    assert torch.equal(found.starts[:, 0], flat)
    apart = torch.cdist(found.starts, found.starts) + torch.eye(STARTS)
    assert (apart > 0.1).all()


def test_a_spec_that_trains_finds_its_solutions_its_own_way() -> None:
    landscape, streams = landscape_of("tanh 1x3 data=xor seeds=2 steps=30 lr=0.3 momentum=0.5 batch=8")
    found = solve(landscape, streams)
    spec, chunk = drawn("tanh 1x3 data=xor seeds=2 steps=30 lr=0.3 momentum=0.5 batch=8 float64")
    train(spec, chunk.network, chunk.parameters, chunk.batch, unseen)
    flat = torch.cat([tensor.flatten(1) for tensor in chunk.parameters.tensors], dim=1)
    torch.testing.assert_close(found.ends[:, 0], flat, rtol=1e-12, atol=1e-12)
    assert found.steps == 30


def unseen(_step: int, _reading: Reading) -> bool:
    return False


def newton(inputs: Array, labels: Array) -> Array:
    """Minimise the cross-entropy of a logistic regression by Newton's method; the bias comes last."""
    x = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (p - labels))
    return w


def test_on_data_that_no_line_separates_all_starts_end_at_newton_s_minimum() -> None:
    landscape, streams = landscape_of("arch=logistic data=spirals seeds=3")
    ends = solve(landscape, streams).ends.numpy()
    for replica in range(3):
        inputs, labels = (part[replica].numpy() for part in (landscape.batch.inputs, landscape.batch.labels))
        for end in ends[replica]:
            np.testing.assert_allclose(end, newton(inputs, labels), atol=1e-4)


def test_a_unique_minimum_shows_in_the_facts() -> None:
    variant = only("convexity", "arch=logistic data=spirals seeds=4")
    facts = variant.facts
    assert (facts["distinct_ends"], facts["flat_directions"], facts["separated_share"]) == (1, 0, 0)
    assert facts["level_share"] == 1.0
    assert facts["end_slope"] < LEVEL
    assert facts["end_distance"] < 1e-3 * facts["start_distance"]
    assert facts["end_curvature"]["smallest"] > 0.01
    assert facts["segment_hump"] == 0
    assert facts["weights_grow"] is False
    assert facts["norm_growth"] == pytest.approx(1, abs=1e-6)
    assert facts["solution_steps"] == sum(steps for _, steps in STAGES)
    assert variant.series["ends"].values.shape == (4, STARTS)
    assert variant.series["end_distances"].values.shape == (4, STARTS * (STARTS - 1) // 2)


def test_one_score_too_many_makes_a_flat_set_of_minima() -> None:
    # Softmax ignores what is added to all scores: for each of 2 inputs and the bias, a direction.
    facts = only("convexity", "arch=logistic data=spirals loss=ce seeds=4").facts
    assert facts["flat_directions"] == 3
    assert facts["distinct_ends"] == STARTS
    assert facts["end_distance"] > 0.5
    assert facts["end_loss_spread"] < 1e-9
    assert facts["segment_hump"] == 0
    assert facts["convex_here"] is True


def test_separated_data_have_no_minimum_and_the_weights_grow() -> None:
    variant = only("convexity", "arch=logistic width=16 batch=8 seeds=4")
    facts = variant.facts
    assert facts["separated_share"] == 1.0
    assert facts["weights_grow"] is True
    sizes = list(facts["weight_norm"].values())
    assert sizes == sorted(sizes)
    assert list(facts["weight_norm"]) == ["1", "10", "100", "1000", "10000"]
    # log t: every tenfold of the steps adds the same in the end (Soudry et al. 2018, theorem 3).
    assert sizes[-1] - sizes[-2] == pytest.approx(sizes[-2] - sizes[-3], rel=0.25)
    assert (np.diff(variant.series["weight_norm"].values[:, 2:], axis=1) > 0).all()
    assert variant.series["weight_norm_steps"].values.tolist() == [*growth.STEPS]


@pytest.mark.parametrize("loss", ["bce", "mse", "ce"])
def test_weights_grow_as_the_training_code_makes_them(loss: str) -> None:
    text = f"arch=logistic data=blobs loss={loss} seeds=3 steps=100 lr=1"
    landscape, streams = landscape_of(text)
    start = draw(landscape.spec, landscape.network.slots, streams)
    flat = torch.cat([tensor.flatten(1) for tensor in start.tensors], dim=1)
    (weights,) = start.named("head")
    found: dict[int, Tensor] = {}

    def observe(step: int, _reading: Reading) -> bool:
        found[step] = weights.flatten(1).pow(2).sum(dim=1).sqrt()
        return False

    train(landscape.spec, landscape.network, start, landscape.batch, observe)
    norms = growth.norms(landscape, flat)
    for place, step in enumerate(growth.STEPS):
        if step <= 100:
            np.testing.assert_allclose(norms[:, place], found[step].numpy(), rtol=1e-9)


@pytest.mark.parametrize(
    "words",
    ["tanh 1x3", "relu 3x4", "sigmoid 2x5 norm=layer", "tanh 2x4 norm=batch post", "gelu 1x2 loss=ce"],
)
def test_a_permuted_copy_computes_the_same_function_with_other_weights(words: str) -> None:
    landscape, streams = landscape_of(f"{words} data=xor seeds=2 batch=16")
    points = streams.normal(landscape.parameters).double()
    copy = segments.permuted(landscape, points)
    outputs = [
        landscape.network(landscape.tensors(at), landscape.batch.inputs).outputs for at in (points, copy)
    ]
    torch.testing.assert_close(outputs[0], outputs[1], rtol=1e-9, atol=1e-9)
    assert ((copy - points).square().sum(dim=1) > 0.01).all()
    assert torch.equal(copy.sort(dim=1).values, points.sort(dim=1).values)


@pytest.mark.parametrize(
    "words", ["arch=logistic", "tanh 1x1", "tanh 2x2 residual", "tanh 2x4 norm=group", "tanh 2x3 dense"]
)
def test_where_units_cannot_be_permuted_layer_by_layer_there_is_no_copy(words: str) -> None:
    landscape, _ = landscape_of(f"{words.replace(' dense', ' skip=dense')} data=xor seeds=1 batch=4")
    assert not segments.permutable(landscape)


def test_between_solutions_of_a_network_the_loss_has_a_hump() -> None:
    variant = only("convexity", "tanh 1x3 data=xor seeds=4")
    facts = variant.facts
    for way in ("segment", "permuted"):
        curves = variant.series[way].values
        assert curves.shape == (4, segments.POINTS)
        chord = np.linspace(curves[:, 0], curves[:, -1], segments.POINTS, axis=1)
        highest = (curves - chord).max(axis=1)
        assert facts[f"{way}_hump"] == pytest.approx(float(np.sort(highest)[2]))
        assert facts[f"{way}_hump"] == pytest.approx(float(highest[facts[f"{way}_replica"]]))
        assert facts[f"{way}_hump"] > 1
        assert facts[f"{way}_hump_share"] == 1.0
        assert facts[f"{way}_midpoint"] == curves[facts[f"{way}_replica"], segments.POINTS // 2]
    assert facts["permuted_difference"] < 1e-12
    np.testing.assert_array_equal(variant.series["segment"].values[:, 0], variant.series["ends"].values[:, 0])
    np.testing.assert_array_equal(
        variant.series["segment"].values[:, -1], variant.series["ends"].values[:, 1]
    )


@pytest.mark.parametrize("words", ["data=blobs", "data=cancer", "data=spirals loss=ce", "width=5 batch=8"])
def test_a_convex_loss_has_no_hump_on_any_segment(words: str) -> None:
    landscape, streams = landscape_of(f"arch=logistic {words} seeds=4")
    one, other = (3 * streams.normal(landscape.parameters).double() for _ in range(2))
    curve = segments.along(landscape, one, other)
    assert (segments.hump(curve) == 0).all()
    assert (segments.above_chord(curve)[:, 1:-1] < 0).all()


def test_a_hump_is_measured_from_the_chord() -> None:
    x = np.linspace(0, 1, 5)
    curves = np.stack([1 + x + np.sin(np.pi * x), 2 * x**2, 3 - x])
    np.testing.assert_allclose(segments.hump(curves), [1, 0, 0])


def test_the_slope_is_that_of_finite_differences() -> None:
    landscape, streams = landscape_of("tanh 1x2 data=xor seeds=2 batch=8")
    points = streams.normal(3, landscape.parameters).double()
    slopes = landscape.slopes(points)
    step = 1e-6
    units = step * torch.eye(landscape.parameters).double()
    partial = [
        (landscape.losses(points + unit) - landscape.losses(points - unit)) / (2 * step) for unit in units
    ]
    expected = torch.stack(partial).square().sum(dim=0).sqrt()
    torch.testing.assert_close(slopes, expected, rtol=1e-6, atol=1e-9)


def test_the_same_spec_gives_the_same_numbers() -> None:
    one, other = (only("convexity", "tanh 1x2 data=xor seeds=2 batch=8") for _ in range(2))
    assert dict(one.facts) == dict(other.facts)
    for name, series in one.series.items():
        np.testing.assert_array_equal(series.values, other.series[name].values)


@pytest.mark.parametrize(
    "text",
    [
        "arch=logistic data=digits batch=32 seeds=2",  # pixels that are always black
        "arch=logistic data=spirals loss=ce seeds=2",  # one score too many
        "arch=logistic width=40 batch=8 seeds=2",  # more weights than examples
    ],
)
def test_a_singular_hessian_of_a_convex_loss_is_flat_and_never_negative(text: str) -> None:
    variant = only("convexity", text)
    assert variant.series["smallest"].values.tolist() == np.zeros((2, 50)).tolist()
    facts = variant.facts
    assert (facts["negative_points"], facts["flat_points"], facts["smallest"]) == (0, 100, 0.0)


def test_dead_units_leave_a_flat_direction_at_some_points_and_curves_down_at_others() -> None:
    variant = only("convexity", "relu 6x2 data=blobs seeds=2")
    smallest, facts = variant.series["smallest"].values, variant.facts
    assert facts["flat_points"] == int((smallest == 0).sum()) > 0
    assert facts["negative_points"] == int((smallest < 0).sum()) > 0
    assert smallest[smallest < 0].max() < -1e-6


def test_an_eigenvalue_is_zero_when_rounding_could_have_made_it() -> None:
    spectrum = np.array([[-1e-17, 3e-16, 1.0], [-1e-12, 0.5, 1.0], [-1e-20, 1e-20, 1e-5], [0.0, 0.0, 0.0]])
    found = settled(spectrum, 8)
    assert (found[0] == [0, 0, 1]).all()
    assert (found[1] == spectrum[1]).all()
    assert (found[2] == [0, 0, 1e-5]).all()
    assert (found[3] == 0).all()


def test_the_tolerance_is_above_the_error_of_a_singular_matrix_made_of_examples() -> None:
    random = np.random.default_rng(0)
    for parameters, examples in ((5, 64), (60, 64), (300, 16)):
        features = random.normal(size=(40, examples, parameters))
        features[..., -1] = features[..., 0]  # a duplicated feature
        matrices = features.transpose(0, 2, 1) @ features / examples
        spectrum: Array = np.linalg.eigvalsh(matrices).astype(np.float64)
        assert (settled(spectrum, examples)[..., 0] == 0).all()
        assert (spectrum[..., 0] != 0).any()
