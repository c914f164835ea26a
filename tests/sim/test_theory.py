"""The mean-field prediction against published numbers, tables and exact cases."""

import csv
import math
import os
from pathlib import Path

import numpy as np
import pytest

from sim.initialisation import law
from sim.spec import Spec
from sim.theory import Prediction, predict
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import NONLINEARITIES
from sim.theory.pixels import pixels_of

SHARED = Path(os.environ.get("BACKCHAT_SHARED", Path(__file__).parents[2].parent / "shared"))


def prediction(text: str, *, mean_square: float = 1.0, units: int | None = None) -> Prediction:
    spec = Spec.parse(text)
    found = predict(spec, input_mean_square=mean_square, input_units=units or spec.width)
    assert found is not None
    return found


def factor(text: str, *, mean_square: float = 1.0) -> float:
    mean = prediction(text, mean_square=mean_square).factor_per_layer
    assert mean is not None
    return mean


@pytest.mark.parametrize(
    ("words", "norm_factor"),
    [
        *(("sigmoid glorot", 0.235), ("sigmoid he", 0.316), ("sigmoid init=torch", 0.141)),
        *(("tanh glorot", 0.938), ("tanh he", 1.036), ("relu glorot", 0.707), ("relu he", 1.0)),
        *(("relu init=torch", 0.408), ("gelu he", 0.816), ("linear heuristic", 0.577)),
    ],
)
def test_the_known_factors_of_thirty_layers_of_512_units(words: str, norm_factor: float) -> None:
    assert factor(f"30x512 {words}") == pytest.approx(norm_factor, abs=6e-4)


@pytest.mark.parametrize(("scale", "norm_factor"), [(0.1, 0.991), (1.0, 0.883), (10.0, 0.779)])
def test_tanh_depends_on_the_scale_of_its_inputs(scale: float, norm_factor: float) -> None:
    assert factor("12x512 tanh", mean_square=scale**2) == pytest.approx(norm_factor, abs=1e-3)


def test_relu_does_not_care_about_the_scale_of_its_inputs() -> None:
    assert factor("relu glorot", mean_square=1e-12) == pytest.approx(math.sqrt(0.5), rel=1e-12)
    assert factor("relu glorot", mean_square=1e12) == pytest.approx(math.sqrt(0.5), rel=1e-12)


@pytest.mark.parametrize(
    ("init", "variance"), [("glorot", 1.0), ("he", 2.0), ("lecun", 1.0), ("heuristic", 1 / 3)]
)
@pytest.mark.parametrize("gain", [0.5, 1.0, 3.0])
def test_a_linear_layer_multiplies_by_the_standard_deviation_of_its_fan(
    init: str, variance: float, gain: float
) -> None:
    text = f"linear init={init} gain={gain} 5x48"
    np.testing.assert_allclose(prediction(text).factors, np.full(4, gain * math.sqrt(variance)), rtol=1e-12)


def test_a_sigmoid_needs_a_weight_variance_of_103_for_factor_one() -> None:
    deep = prediction(f"sigmoid 40x512 normal std={math.sqrt(103 / 512)!r}").factors
    assert float(deep[-1]) == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_lsuv_gives_every_layer_the_same_variance(gain: float) -> None:
    # A sigmoid of variance gain² passes E φ'²·gain²/E φ²; a ReLU passes 1 whatever the gain.
    np.testing.assert_allclose(prediction(f"relu lsuv gain={gain} 6x64").factors, 1.0, rtol=1e-12)
    moments = moment_table(NONLINEARITIES["sigmoid"])(np.array([gain**2]))
    expected = gain * np.sqrt(moments.slope_square / moments.square)[0]
    np.testing.assert_allclose(prediction(f"sigmoid lsuv gain={gain} 6x64").factors, expected, rtol=1e-9)


def test_selu_grows_at_its_fixed_point() -> None:
    np.testing.assert_allclose(prediction("selu lecun 9x64").factors, 1.0352, atol=5e-5)


def test_the_bias_of_torchs_default_enters_the_recursion() -> None:
    # With σ_b² = 1/(3n) a tanh network's variance settles above 0 and χ stays below σ² = 1/3.
    n = 512
    q = 1 / 3 + 1 / (3 * n)
    z = (np.arange(-200_000, 200_000) + 0.5) * 6e-5
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) * 6e-5
    chi: list[float] = []
    for _ in range(9):
        a = np.tanh(math.sqrt(q) * z)
        chi.append(float(np.sum(density * (1 - a * a) ** 2)) / 3)
        q = float(np.sum(density * a * a)) / 3 + 1 / (3 * n)
    np.testing.assert_allclose(prediction("tanh init=torch 10x512").factors, np.sqrt(chi), rtol=1e-8)


def test_the_fan_in_of_the_first_layer_counts_for_the_first_layer_only() -> None:
    # Two inputs of variance 4 under N(0, σ): q_1 = σ²·2·4, then tanh as usual.
    spec = Spec.parse("tanh normal std=0.5 3x8")
    found = predict(spec, input_mean_square=4.0, input_units=2)
    alike = predict(spec, input_mean_square=1.0, input_units=8)
    assert found is not None
    assert alike is not None
    np.testing.assert_allclose(found.factors, alike.factors, rtol=1e-12)


def test_one_hidden_layer_has_no_factor() -> None:
    assert prediction("depth=1").factor_per_layer is None
    assert prediction("depth=1").anchored(3.0).tolist() == [3.0]


def test_the_anchored_curve_ends_at_its_anchor_and_falls_by_the_factors() -> None:
    found = prediction("tanh 6x32")
    curve = found.anchored(2.5)
    assert curve[-1] == 2.5
    np.testing.assert_allclose(curve[:-1] / curve[1:], found.factors, rtol=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        *("arch=transformer", "arch=lstm", "arch=gru", "arch=logistic", "steps=1", "init=zeros"),
        *("data=blobs", "skip=highway init=lsuv", "skip=dense init=lsuv", "arch=rnn init=lsuv"),
        *("norm=batch batch=3", "norm=group width=8", "cnn relu norm=batch", "cnn relu skip=highway"),
        *("cnn skip=residual order=post", "skip=highway norm=batch relu", "arch=rnn norm=batch"),
        *("arch=rnn norm=layer order=post", "arch=rnn skip=residual"),
    ],
)
def test_where_no_theory_applies_nothing_is_predicted(text: str) -> None:
    assert predict(Spec.parse(text), input_mean_square=1.0, input_units=64) is None


def test_the_factor_between_two_layers_is_the_mean_of_the_factors_between() -> None:
    found = Prediction(factors=np.array([0.5, 2.0, 8.0]))
    assert found.factor_per_layer == pytest.approx(2.0)
    assert found.factor_between(1, 4) == found.factor_per_layer
    assert found.factor_between(2, 4) == pytest.approx(4.0)
    assert found.factor_between(1, 2) == pytest.approx(0.5)
    for first, last in ((1, 1), (3, 2), (0, 2), (1, 5)):
        assert found.factor_between(first, last) is None


@pytest.mark.parametrize("kernel", [1, 3, 7])
@pytest.mark.parametrize("image", [1, 2, 5, 6])
def test_a_quarter_of_the_image_stands_for_all_of_it(image: int, kernel: int) -> None:
    quarter = pixels_of(Spec.parse(f"cnn image={image} kernel={kernel}"))
    rows = np.arange(image)
    mirror = np.minimum(rows, rows[::-1])
    field = np.random.default_rng(0).uniform(1, 2, quarter.weights.shape)
    whole = np.broadcast_to(field, (len(mirror),) * 2) if quarter.alike else field[mirror[:, None], mirror]
    # A mean over all pixels, and a sum over the taps that lie inside, one by one.
    assert quarter.mean(field) == pytest.approx(float(whole.mean()))
    if not quarter.alike:
        reach = kernel // 2
        for row, column in np.ndindex(*field.shape):
            window = whole[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1]
            assert quarter.spread(field)[row, column] == pytest.approx(float(window.sum()))


@pytest.mark.parametrize(
    "words", ["tanh he", "sigmoid glorot", "gelu lecun", "relu orthogonal", "hardtanh heuristic"]
)
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_a_circular_convolution_is_the_mlp_of_the_same_fan(words: str, kernel: int) -> None:
    mlp = prediction(f"{words} 7x64")
    cnn = prediction(f"cnn circular kernel={kernel} image=6 {words} 7x64")
    np.testing.assert_allclose(cnn.factors, mlp.factors, rtol=1e-12)


@pytest.mark.parametrize("image", [2, 8, 13])
def test_zero_padding_of_a_deep_linear_network_loses_the_top_eigenvalue_per_layer(image: int) -> None:
    squared = ((1 + 2 * math.cos(math.pi / (image + 1))) / 3) ** 2
    found = prediction(f"cnn linear lecun image={image} depth=200")
    assert float(found.factors[0]) ** 2 == pytest.approx(squared, rel=1e-6)
    if image == 8:
        assert squared == pytest.approx(0.921, abs=5e-4)


def test_a_kernel_of_one_has_no_edge() -> None:
    zeros, circular = (
        prediction(f"cnn tanh kernel=1 padding={p} depth=6").factors for p in ("zeros", "circular")
    )
    np.testing.assert_allclose(zeros, circular, rtol=1e-12)


def test_zero_padding_on_one_pixel_keeps_one_tap_of_nine() -> None:
    found = prediction("cnn linear lecun image=1 depth=4")
    np.testing.assert_allclose(found.factors, 1 / 3, rtol=1e-12)


# The variances of the reference table, as words of the grammar.
_INITS = {
    "torch_default": "torch",
    "old_heuristic": "heuristic",
    "small_N(0.01)": "normal std=0.01",
    "large_N(1)": "normal std=1",
    "large_nVar=4": f"normal std={math.sqrt(4 / 512)!r}",
}


def reference_rows() -> list[dict[str, str]]:
    path = SHARED / "theory_dev.csv"
    if not path.exists():
        pytest.skip(f"the reference table {path} is not there; set BACKCHAT_SHARED to the folder that has it")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_slope_of_the_reference_table_is_met() -> None:
    rows = reference_rows()
    assert len(rows) > 50
    for row in rows:
        name = row["activation"]
        words = f"leaky_relu slope={name[5:]}" if name.startswith("leaky0") else name
        spec = Spec.parse(f"{words} init={_INITS.get(row['init'], row['init'])} {row['depth']}x{row['n']}")
        drawn = law(spec, spec.width, spec.width)
        assert drawn.weight_std**2 * spec.width == pytest.approx(float(row["sigma_w2"]), rel=1e-5)
        assert drawn.bias_std**2 == pytest.approx(float(row["sigma_b2"]), rel=1e-5)
        assert math.log10(factor(spec.text)) == pytest.approx(float(row["slope_theory"]), abs=1e-4), row


NOTHING_LEFT = ["relu normal std=0", "sigmoid normal std=1e-200", "tanh gain=1e-170", "cnn relu normal std=0"]


@pytest.mark.parametrize("words", NOTHING_LEFT)
def test_weights_of_zero_pass_no_gradient_or_have_no_theory(words: str) -> None:
    found = predict(Spec.parse(words), input_mean_square=1.0, input_units=64)
    assert found is None or not found.factors.any()


@pytest.mark.parametrize(
    ("words", "mean_square"),
    [
        ("linear 200x1024 normal std=100", 1.0),
        ("cnn relu 200x1024 gain=1000 normal std=100", 1.0),
        ("tanh", math.inf),
    ],
)
def test_a_prediction_is_finite_or_none(words: str, mean_square: float) -> None:
    spec = Spec.parse(words)
    found = predict(spec, input_mean_square=mean_square, input_units=spec.width)
    assert found is None or bool(np.isfinite(found.factors).all())
