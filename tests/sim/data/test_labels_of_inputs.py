"""The label of every made-up example is what its input says."""

import pytest
import torch
from torch import Tensor

from sim.data import draw_batch
from sim.randomness import Streams
from sim.spec import Spec

SEEDS = range(4)


def drawn(text: str) -> tuple[Tensor, Tensor]:
    batch = draw_batch(Spec.parse(text), Streams(SEEDS))
    return batch.inputs, batch.labels


@pytest.mark.parametrize("arch", ["mlp", "rnn depth=1", "rnn depth=5", "lstm depth=200", "transformer"])
def test_parity_counts_bits(arch: str) -> None:
    inputs, labels = drawn(f"{arch} data=parity batch=400")
    bits = inputs.flatten(2)
    assert bool((bits.abs() == 1).all())
    assert torch.equal((bits > 0).sum(dim=-1) % 2, labels)


def test_every_bit_of_parity_is_a_fair_coin_that_alone_says_nothing() -> None:
    inputs, labels = drawn("data=parity batch=4096")
    sides = 2.0 * labels.unsqueeze(-1) - 1.0
    # Six standard errors of a mean of 16384 coins.
    assert float(inputs.mean(dim=(0, 1)).abs().max()) < 6 / 128
    assert float((inputs * sides).mean(dim=(0, 1)).abs().max()) < 6 / 128
    assert len({tuple(row) for row in inputs[0].numpy().tolist()}) == 256


@pytest.mark.parametrize("arch", ["gru depth=1", "rnn depth=30", "transformer depth=3"])
def test_recall_asks_for_the_sign_of_the_first_number_and_of_no_other(arch: str) -> None:
    inputs, labels = drawn(f"{arch} data=recall batch=4096")
    values = inputs[..., 0]
    assert torch.equal((values[..., 0] > 0).long(), labels)
    others = values[..., 1:] * (2.0 * labels.unsqueeze(-1) - 1.0)
    assert bool((others.mean(dim=(0, 1)).abs() < 6 / 128).all())
    assert values.std().item() == pytest.approx(1.0, abs=0.02)


def test_the_tokens_of_recall_say_where_they_are() -> None:
    inputs, _ = drawn("transformer data=recall batch=4")
    torch.testing.assert_close(inputs[..., 1:], (8**0.5 * torch.eye(8)).expand(4, 4, 8, 8))


def test_xor_has_four_equal_clouds() -> None:
    inputs, labels = drawn("data=xor batch=400")
    right, up = (inputs[..., axis] > 0 for axis in (0, 1))
    # Each point is on its own side of both axes but for 1 in 740.
    assert float((torch.logical_xor(right, up).long() == labels).double().mean()) > 0.98
    for horizontal, vertical in ((True, True), (True, False), (False, True), (False, False)):
        cloud = inputs[(right == horizontal) & (up == vertical)]
        assert len(cloud) == pytest.approx(400, abs=20)
        # Centres at 3 of 1 standard deviation, divided by √10.
        expected = torch.tensor([horizontal, vertical]) * 2.0 - 1.0
        torch.testing.assert_close(cloud.mean(dim=0), expected * 3 / 10**0.5, atol=0.1, rtol=0)


@pytest.mark.parametrize(("loss", "arms"), [("bce", 2), ("mse", 2), ("ce", 3)])
def test_the_angle_of_a_spiral_grows_with_its_radius_by_one_turn(loss: str, arms: int) -> None:
    inputs, labels = drawn(f"data=spirals loss={loss} batch=3000")
    radius = inputs.square().sum(dim=-1).sqrt()
    along = (radius / (0.37 / 2) ** -0.5 - 0.1) / 0.9
    assert float(along.min()) > -1e-5
    assert float(along.max()) < 1 + 1e-5
    expected = 2 * torch.pi * (labels / arms + along)
    angle = torch.atan2(inputs[..., 1], inputs[..., 0])
    noise = torch.remainder(angle - expected + torch.pi, 2 * torch.pi) - torch.pi
    assert noise.mean().item() == pytest.approx(0.0, abs=0.02)
    assert noise.std().item() == pytest.approx(0.2, abs=0.02)


def test_blobs_lie_two_deviations_from_the_origin_on_opposite_sides() -> None:
    inputs, labels = drawn("data=blobs batch=4000")
    points = inputs * 3**0.5
    for replica in range(4):
        centres = [points[replica, labels[replica] == label].mean(dim=0) for label in (0, 1)]
        torch.testing.assert_close(centres[0], -centres[1], atol=0.15, rtol=0)
        assert centres[0].square().sum().sqrt().item() == pytest.approx(2.0, abs=0.1)
