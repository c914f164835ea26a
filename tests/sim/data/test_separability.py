"""What a linear classifier can and cannot learn, and what a small network can."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from sim.data import draw_batch
from sim.data.fitting import classes
from sim.randomness import Streams
from sim.spec import Spec


def drawn(text: str) -> tuple[Tensor, Tensor, int]:
    """Draw one replica's examples, flattened, their labels, and how many classes there are."""
    spec = Spec.parse(text)
    batch = draw_batch(spec, Streams([0]))
    return batch.inputs[0].flatten(1), batch.labels[0], classes(spec)


def fitted(model: nn.Module, inputs: Tensor, labels: Tensor, *, steps: int, lr: float) -> tuple[float, float]:
    """Train on all examples by Adam; return loss and accuracy on them."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.autograd.backward(functional.cross_entropy(model(inputs), labels))
        optimizer.step()  # pyright: ignore[reportUnknownMemberType]
    scores: Tensor = model(inputs).detach()
    right = (scores.argmax(dim=1) == labels).double().mean()
    return float(functional.cross_entropy(scores, labels)), float(right)


def linear(text: str) -> tuple[float, float, int]:
    """Fit a linear classifier; its loss is convex, so this is close to the lowest there is."""
    inputs, labels, count = drawn(text)
    model = nn.Linear(inputs.shape[1], count)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return *fitted(model, inputs, labels, steps=300, lr=0.1), count


@pytest.mark.parametrize("text", ["spirals", "spirals loss=ce", "xor", "parity"])
def test_a_linear_classifier_hardly_beats_guessing(text: str) -> None:
    loss, accuracy, count = linear(f"data={text} batch=1000")
    assert loss > 0.85 * math.log(count)
    assert accuracy < 1 / count + 0.12


@pytest.mark.parametrize(
    "text", ["blobs", "cancer batch=400", "digits batch=400 loss=ce", "rnn data=recall depth=20"]
)
def test_a_linear_classifier_separates(text: str) -> None:
    loss, accuracy, count = linear(f"data={text}" if "data=" not in text else text)
    assert loss < 0.3 * math.log(count)
    assert accuracy > 0.95


@pytest.mark.parametrize("text", ["spirals", "spirals loss=ce", "xor", "parity", "digits loss=ce"])
def test_two_hidden_layers_learn_it(text: str) -> None:
    torch.manual_seed(0)  # pyright: ignore[reportUnknownMemberType]
    inputs, labels, count = drawn(f"data={text} batch=300")
    hidden = (nn.Linear(inputs.shape[1], 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
    _, accuracy = fitted(nn.Sequential(*hidden, nn.Linear(32, count)), inputs, labels, steps=300, lr=0.02)
    assert accuracy > 0.97
