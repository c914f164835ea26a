"""Gaussian expectations against closed forms and against brute force."""

import math

import numpy as np
import pytest
import torch
from theory_oracles import ACTIVATIONS, activation

from sim.measurements import Array
from sim.spec import Spec
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import NONLINEARITIES, Nonlinearity, leaky, shifted_sigmoid
from sim.theory.quadrature import expectation

VARIANCES = (1e-6, 0.04, 0.3, 1.0, 2.7, 9.0, 100.0, 512.0, 1e6)


def square(phi: Nonlinearity, variance: float) -> float:
    return expectation(phi.square, variance, phi.kinks)


def slope_square(phi: Nonlinearity, variance: float) -> float:
    return expectation(phi.slope_square, variance, phi.kinks)


def cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("q", VARIANCES)
def test_the_density_integrates_to_one_and_has_its_variance(q: float) -> None:
    assert expectation(np.ones_like, q) == close(1.0)
    assert expectation(lambda x: x, q) == pytest.approx(0.0, abs=1e-12 * math.sqrt(q))
    assert expectation(np.square, q) == close(q)
    assert expectation(lambda x: x**4, q) == close(3 * q * q)


@pytest.mark.parametrize("q", VARIANCES)
def test_relu_keeps_half_of_both_moments(q: float) -> None:
    assert square(NONLINEARITIES["relu"], q) == close(q / 2)
    assert slope_square(NONLINEARITIES["relu"], q) == close(0.5)


@pytest.mark.parametrize("q", VARIANCES)
@pytest.mark.parametrize("slope", [0.01, 0.2, 1.0])
def test_leaky_relu_adds_its_slope_squared(q: float, slope: float) -> None:
    assert square(leaky(slope), q) == close(q * (1 + slope**2) / 2)
    assert slope_square(leaky(slope), q) == close((1 + slope**2) / 2)


@pytest.mark.parametrize("q", VARIANCES)
def test_the_identity_keeps_everything(q: float) -> None:
    assert square(NONLINEARITIES["linear"], q) == close(q)
    assert slope_square(NONLINEARITIES["linear"], q) == close(1.0)


@pytest.mark.parametrize("q", VARIANCES)
def test_hardtanh_is_the_error_function(q: float) -> None:
    edge = 1 / math.sqrt(q)
    density = math.exp(-0.5 * edge * edge) / math.sqrt(2 * math.pi)
    inside = math.erf(edge / math.sqrt(2))
    phi = NONLINEARITIES["hardtanh"]
    assert slope_square(phi, q) == close(math.erf(1 / math.sqrt(2 * q)))
    assert square(phi, q) == close(q * (inside - 2 * edge * density) + math.erfc(edge / math.sqrt(2)))


@pytest.mark.parametrize("q", VARIANCES)
def test_gelu_is_an_arc_sine(q: float) -> None:
    # By Stein's lemma from E Φ(x)² = 1/4 + asin(q/(1+q))/2π and E p(x)² = 1/(2π√(1+2q)).
    cdf_square = 0.25 + math.asin(q / (1 + q)) / (2 * math.pi)
    density_square = 1 / (2 * math.pi * math.sqrt(1 + 2 * q))
    cross = 2 * q * density_square / (1 + q)
    phi = NONLINEARITIES["gelu"]
    assert slope_square(phi, q) == close(cdf_square + cross + q * density_square / (1 + 2 * q))
    assert square(phi, q) == close(q * (cdf_square + cross))


@pytest.mark.parametrize("q", [q for q in VARIANCES if q <= 100])
def test_elu_is_a_shifted_normal_distribution(q: float) -> None:
    s = math.sqrt(q)
    once, twice = math.exp(q / 2) * cdf(-s), math.exp(2 * q) * cdf(-2 * s)
    phi = NONLINEARITIES["elu"]
    assert slope_square(phi, q) == close(0.5 + twice)
    assert square(phi, q) == pytest.approx(q / 2 + twice - 2 * once + 0.5, rel=1e-8)


def test_selu_has_its_fixed_point_and_an_exploding_gradient() -> None:
    # Klambauer et al. 2017: mean 0 and variance 1 reproduce themselves, d var/d var = .782648.
    phi = NONLINEARITIES["selu"]
    assert expectation(phi.value, 1.0, phi.kinks) == pytest.approx(0.0, abs=1e-14)
    assert square(phi, 1.0) == pytest.approx(1.0, abs=1e-14)
    contraction = (square(phi, 1.001) - square(phi, 0.999)) / 0.002
    assert contraction == pytest.approx(0.782648, abs=2e-6)
    assert slope_square(phi, 1.0) == pytest.approx(1.07157, abs=5e-6)


def test_a_wide_argument_does_not_slip_between_the_nodes() -> None:
    assert slope_square(NONLINEARITIES["tanh"], 512.0) == pytest.approx(12.0323 / 512, rel=1e-5)
    # For q → ∞ the slope's square is a spike of area ∫ sech⁴ = 4/3 under the density at 0.
    for q in (1e6, 1e8):
        spike = 4 / 3 / math.sqrt(2 * math.pi * q)
        assert slope_square(NONLINEARITIES["tanh"], q) == pytest.approx(spike, rel=1e-5)


@pytest.mark.parametrize(
    ("weight", "bias", "fixed_point", "factor"),
    [
        (1.76, 0.05, 0.5695, 0.9998),
        (1.0, 0.05, 0.1936, 0.7590),
        (1.5, 0.05, None, 0.9386),
        (4, 0.05, None, 1.342),
    ],
)
def test_tanh_has_the_published_fixed_points(
    weight: float, bias: float, fixed_point: float | None, factor: float
) -> None:
    # Poole et al. 2016 and Schoenholz et al. 2017, with weight variance and bias variance.
    tanh = NONLINEARITIES["tanh"]
    q = 1.0
    for _ in range(400):
        q = weight * square(tanh, q) + bias
    if fixed_point is not None:
        assert q == pytest.approx(fixed_point, abs=6e-5)
    assert weight * slope_square(tanh, q) == pytest.approx(factor, abs=6e-4)


def brute_force(values: Array, z: Array) -> float:
    return float(np.sum(values * np.exp(-0.5 * z * z)) * (z[1] - z[0]) / math.sqrt(2 * math.pi))


@pytest.mark.parametrize("q", [0.01, 1.0, 30.0, 512.0])
@pytest.mark.parametrize("words", ACTIVATIONS)
def test_both_moments_are_those_of_the_function_that_the_networks_use(words: str, q: float) -> None:
    spec = Spec.parse(f"activation={words}")
    # An even number of nodes keeps them off the kink at 0; the sum is the trapezoid rule.
    z: Array = np.linspace(-12.0, 12.0, 800_000)
    x = torch.as_tensor(np.sqrt(q) * z).requires_grad_()
    value = activation(spec)(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    phi = leaky(spec.slope) if spec.activation == "leaky_relu" else NONLINEARITIES[spec.activation]
    assert square(phi, q) == pytest.approx(brute_force(value.detach().square().numpy(), z), rel=2e-7)
    assert slope_square(phi, q) == pytest.approx(brute_force(slope.square().numpy(), z), rel=2e-4)


@pytest.mark.parametrize("words", ACTIVATIONS)
def test_the_two_spellings_of_an_activation_agree_point_by_point(words: str) -> None:
    spec = Spec.parse(f"activation={words}")
    phi = leaky(spec.slope) if spec.activation == "leaky_relu" else NONLINEARITIES[spec.activation]
    points = np.linspace(-30, 30, 4002)
    x = torch.as_tensor(points).requires_grad_()
    value = activation(spec)(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    # Beyond 20 torch's softplus is the identity, which is wrong by e^-20 = 2.1e-9.
    off = 2.1e-9 if spec.activation == "softplus" else 1e-12
    np.testing.assert_allclose(phi.value(points), value.detach().numpy(), rtol=1e-9, atol=off)
    np.testing.assert_allclose(phi.slope(points), slope.numpy(), rtol=1e-9, atol=off)


@pytest.mark.parametrize("q", [0.01, 1.0, 30.0])
def test_a_noisy_relu_has_the_moments_of_its_draws(q: float) -> None:
    phi = NONLINEARITIES["noisy_relu"]
    random = np.random.default_rng(1)
    h = math.sqrt(q) * random.standard_normal(1_000_000)
    value, slope = phi.draw(h, random)
    size = 4 * math.sqrt(1 + q) / 1000
    assert expectation(phi.value, q) == pytest.approx(float(value.mean()), abs=size)
    assert square(phi, q) == pytest.approx(float(np.square(value).mean()), abs=4 * size * math.sqrt(1 + q))
    assert slope_square(phi, q) == pytest.approx(float(slope.mean()), abs=0.002)


def test_a_noisy_relu_passes_the_gradient_of_half_its_units_and_more() -> None:
    # For h → 0 the noise has standard deviation √½: E φ² = 1/4 and E φ'² = 1/2.
    phi = NONLINEARITIES["noisy_relu"]
    assert square(phi, 1e-9) == pytest.approx(0.25, abs=1e-4)
    assert slope_square(phi, 1e-9) == pytest.approx(0.5, abs=1e-4)
    assert phi.slope(np.array([-400.0, 400.0])).tolist() == [0.0, 1.0]


MOMENTS = (*NONLINEARITIES.values(), leaky(0.2), shifted_sigmoid(-2.0), shifted_sigmoid(20.0))


@pytest.mark.parametrize("phi", MOMENTS)
def test_the_table_of_moments_is_the_integrals(phi: Nonlinearity) -> None:
    variances = np.exp(np.random.default_rng(0).uniform(-26, 12, 40))
    together = moment_table(phi)(variances.reshape(8, 5))
    for place, q in enumerate(variances):
        alone = moment_table(phi)(np.array([q]))
        mean = expectation(phi.value, q, phi.kinks)
        for row in (alone, together):
            at = place if row is together else 0
            assert row.mean.flat[at] == pytest.approx(mean, rel=1e-8, abs=1e-10 * math.sqrt(q))
            assert row.square.flat[at] == close(square(phi, q))
            assert row.slope_square.flat[at] == close(slope_square(phi, q))


@pytest.mark.parametrize("phi", MOMENTS)
def test_the_moments_go_on_to_a_variance_of_zero(phi: Nonlinearity) -> None:
    tiny, nothing = moment_table(phi)(np.array([1e-13])), moment_table(phi)(np.array([0.0]))
    zero = np.zeros(1)
    assert nothing.square[0] == pytest.approx(float(phi.square(zero)[0]), abs=1e-15)
    assert tiny.square[0] == pytest.approx(float(phi.square(zero)[0]), abs=1e-5)
    assert nothing.mean[0] == pytest.approx(float(phi.value(zero)[0]), abs=1e-12)


@pytest.mark.parametrize("size", [1, 3])
def test_an_infinite_variance_has_no_moments(size: int) -> None:
    found = moment_table(NONLINEARITIES["tanh"])(np.full(size, np.inf))
    assert np.isnan(found.square).all()
    assert np.isnan(found.slope_square).all()
