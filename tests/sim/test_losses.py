"""The losses: against torch's modules, autograd, and the loss of knowing nothing."""

import math

import pytest
import torch
from torch import Tensor, nn

from sim import losses
from sim.spec import Spec

SPECS = {
    "bce": Spec(loss="bce"),
    "mse": Spec(loss="mse"),
    "ce": Spec(loss="ce"),
    "ce 3": Spec(loss="ce", data="spirals"),
    "ce 10": Spec(loss="ce", data="digits"),
}


def example(spec: Spec, *, scale: float = 1.0) -> tuple[Tensor, Tensor]:
    """Draw outputs and labels of 3 replicas with 7 examples."""
    generator = torch.Generator().manual_seed(4)
    outputs = scale * torch.randn((3, 7, losses.output_units(spec)), generator=generator, dtype=torch.float64)
    return outputs, torch.randint(losses.classes(spec), (3, 7), generator=generator)


@pytest.mark.parametrize(
    ("name", "classes", "units", "plateau"),
    [
        ("bce", 2, 1, math.log(2)),
        ("mse", 2, 1, 0.25),
        ("ce", 2, 2, math.log(2)),
        ("ce 3", 3, 3, math.log(3)),
        ("ce 10", 10, 10, math.log(10)),
    ],
)
def test_knowing_nothing_costs_the_plateau(name: str, classes: int, units: int, plateau: float) -> None:
    spec = SPECS[name]
    assert losses.classes(spec) == classes
    assert losses.output_units(spec) == units
    assert losses.plateau(spec) == plateau
    _, labels = example(spec)
    alike = torch.zeros(3, 7, units, dtype=torch.float64)
    values = losses.per_example(spec, alike, labels)
    torch.testing.assert_close(values, torch.full((3, 7), plateau, dtype=torch.float64))


@pytest.mark.parametrize("name", SPECS)
def test_the_loss_of_a_batch_is_that_of_torchs_modules(name: str) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec)
    for replica in range(3):
        mine = losses.per_example(spec, outputs, labels)[replica].mean()
        scores, targets = outputs[replica], labels[replica]
        logits, numbers = scores.squeeze(-1), targets.double()
        expected: Tensor
        if spec.loss == "ce":
            expected = nn.CrossEntropyLoss()(scores, targets)
        elif spec.loss == "mse":
            expected = nn.MSELoss()(torch.sigmoid(logits), numbers)
        else:
            expected = nn.BCEWithLogitsLoss()(logits, numbers)
        torch.testing.assert_close(mine, expected)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0])
def test_the_gradient_in_closed_form_is_that_of_autograd(name: str, scale: float) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec, scale=scale)
    outputs.requires_grad_()
    (expected,) = torch.autograd.grad(losses.per_example(spec, outputs, labels).sum(), outputs)
    assert expected.shape == outputs.shape
    torch.testing.assert_close(losses.gradient(spec, outputs.detach(), labels), expected)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_loss_and_gradient_keep_the_precision_of_the_outputs(name: str, dtype: torch.dtype) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec)
    coarse = outputs.to(dtype)
    tolerance = 8 * torch.finfo(dtype).eps
    for function in (losses.per_example, losses.gradient):
        value = function(spec, coarse, labels)
        assert value.dtype == dtype
        exact = function(spec, coarse.double(), labels)
        torch.testing.assert_close(value.double(), exact, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", SPECS)
def test_accuracy_counts_the_examples_whose_class_comes_first(name: str) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec)
    expected: list[float] = []
    for replica in range(3):
        right = 0
        for scores, label in zip(
            outputs[replica].numpy().tolist(), labels[replica].numpy().tolist(), strict=True
        ):
            answer = scores.index(max(scores)) if spec.loss == "ce" else int(scores[0] > 0)
            right += answer == label
        expected.append(right / 7)
    assert losses.accuracy(spec, outputs, labels).numpy().tolist() == expected


@pytest.mark.parametrize("name", SPECS)
def test_an_output_that_is_no_number_is_no_right_answer(name: str) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec)
    broken = torch.full_like(outputs, float("nan"))
    assert losses.accuracy(spec, broken, labels).numpy().tolist() == [0.0, 0.0, 0.0]
    assert losses.accuracy(spec, torch.zeros_like(outputs), labels).numpy().tolist() == pytest.approx(
        (labels == 0).double().mean(dim=1).numpy().tolist()
    )


@pytest.mark.parametrize("name", SPECS)
def test_a_step_against_the_gradient_lowers_every_examples_loss(name: str) -> None:
    spec = SPECS[name]
    outputs, labels = example(spec)
    stepped = outputs - 0.1 * losses.gradient(spec, outputs, labels)
    before, after = (losses.per_example(spec, values, labels) for values in (outputs, stepped))
    assert bool((after < before).all())
