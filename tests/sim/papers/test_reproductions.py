"""Every paper's numbers, on networks small enough for a test."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest
from sim_oracles import silent

from sim import papers
from sim.cost import Allowance, require_affordable
from sim.papers import (
    glorot,
    he,
    jozefowicz,
    klambauer,
    pascanu,
    saxe,
    schoenholz,
    xiong,
    yang,
)
from sim.papers.finding import Finding
from sim.spec import parse_variants
from sim.support import natural, require_runnable

SMALL: dict[str, tuple[ModuleType, Any]] = {
    "glorot": (glorot, glorot.Size(width=256, batch=32, seeds=4, jacobian_width=128)),
    "he": (he, he.Size(depth=16, width=192, seeds=8, channels=48, conv_seeds=6, fixed=(64,), fixed_depth=4)),
    "saxe": (saxe, saxe.Size(width=100, seeds=4)),
    "schoenholz": (schoenholz, schoenholz.Size(depth=14, width=256, batch=16, weights=(1.0, 1.76, 4.0))),
    "yang": (yang, yang.Size(depth=8, width=256, batches=(8, 64))),
    "klambauer": (klambauer, klambauer.Size(depth=16, width=256, batch=32)),
    "pascanu": (pascanu, pascanu.Size(steps=20, width=128, batch=16)),
    "jozefowicz": (jozefowicz, jozefowicz.Size(steps=20, width=48, batch=16, seeds=6)),
    "xiong": (xiong, xiong.Size(depths=(4, 16), width=48, examples=4)),
}


def measure(name: str, report: Any = silent) -> tuple[Sequence[Finding], Sequence[str]]:
    module, size = SMALL[name]
    return module.run(report, size)


def test_every_paper_has_a_small_size() -> None:
    assert tuple(SMALL) == papers.NAMES


@pytest.mark.parametrize("name", papers.NAMES)
def test_every_number_is_as_close_as_its_tolerance(name: str) -> None:
    told: list[float] = []

    def report(done: float, _text: str) -> None:
        told.append(done)

    findings, runs = measure(name, report)
    off = [(one.what, one.measured, one.bounds) for one in findings if not one.agrees]
    assert off == []
    for one in findings:
        assert one.bounds.least < one.bounds.most
        assert one.spread[0] <= one.measured <= one.spread[1]
        if one.theory is not None:
            assert one.bounds.least <= one.theory <= one.bounds.most
        assert one.place
        assert one.why
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] < 1
    for text in runs:
        specs = parse_variants(text)
        require_runnable(natural(specs), specs)
        require_affordable(natural(specs), specs, Allowance())


def by_name(findings: Sequence[Finding], words: str) -> Finding:
    (found,) = (one for one in findings if words in one.what)
    return found


def test_the_standard_initialisation_loses_the_gradient_but_not_the_weight_gradient() -> None:
    findings, _ = measure("glorot")
    assert by_name(findings, "gradient per layer, tanh, standard").measured ** 4 < 0.1
    assert by_name(findings, "weight gradient, layer 1 over layer 5, standard").measured > 0.8


def test_orthogonal_weights_are_isometric_in_linear_networks_alone() -> None:
    findings, _ = measure("saxe")
    assert by_name(findings, "smallest singular value, linear, orthogonal").measured > 0.99999
    assert by_name(findings, "tanh, orthogonal").measured > 2 * by_name(findings, "tanh, Gaussian").measured
    assert by_name(findings, "ReLU, orthogonal").measured < 0.4


def test_the_selu_gradient_grows_though_the_paper_calls_that_impossible() -> None:
    findings, _ = measure("klambauer")
    gradient = by_name(findings, "gradient per layer")
    assert gradient.spread[0] > 1.02
    assert "grows" in gradient.differs


def test_a_larger_forget_bias_lets_more_of_the_gradient_through() -> None:
    findings, _ = measure("jozefowicz")
    for kind in ("tiny", "torch's"):
        factors = [one.measured for one in findings if kind in one.what]
        assert factors == sorted(factors)
    assert by_name(findings, "torch's weights, forget bias 5").measured > 1


def test_post_ln_does_not_vanish_and_pre_ln_is_smaller() -> None:
    findings, _ = measure("xiong")
    assert by_name(findings, "post-LN, 16 blocks over 4").measured > 0.8
    assert by_name(findings, "pre-LN over post-LN").measured < 0.5
