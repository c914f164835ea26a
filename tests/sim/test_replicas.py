"""A replica is the same network whether it runs alone, in a batch, or in chunks; and its data."""

import numpy as np
import pytest
import torch
from sim_oracles import drawn, only

from sim import replicas
from sim.cost import replica_bytes
from sim.data import draw_batch
from sim.randomness import Streams
from sim.spec import Spec

KINDS = ("3x5 he", "3x5 init=torch data=blobs", "2x4 orthogonal loss=ce", "cnn 2x3 image=4 circular")


@pytest.mark.parametrize("words", KINDS)
@pytest.mark.parametrize("together", [0.5, 2.0, 3.0])
def test_chunks_draw_the_same_numbers_bit_by_bit(words: str, together: float) -> None:
    spec, whole = drawn(f"{words} seeds=7 batch=4")
    chunks = list(replicas.draw(spec, chunk_bytes=int(together * replica_bytes(spec))))
    assert [number for chunk in chunks for number in chunk.numbers] == list(range(7))
    assert max(len(chunk.numbers) for chunk in chunks) == max(1, int(together))
    parameters = zip(*(chunk.parameters.tensors for chunk in chunks), strict=True)
    for joined, own in zip(parameters, whole.parameters.tensors, strict=True):
        assert torch.equal(torch.cat(joined), own)
    assert torch.equal(torch.cat([chunk.batch.inputs for chunk in chunks]), whole.batch.inputs)
    assert torch.equal(torch.cat([chunk.batch.labels for chunk in chunks]), whole.batch.labels)


@pytest.mark.parametrize("words", KINDS)
def test_replica_r_is_a_run_of_its_own_with_the_first_seed_moved_by_r(words: str) -> None:
    _, many = drawn(f"{words} seeds=4 seed=11 batch=4")
    for replica in range(4):
        _, alone = drawn(f"{words} seeds=1 seed={11 + replica} batch=4")
        assert torch.equal(alone.batch.inputs[0], many.batch.inputs[replica])
        for one, all_of_them in zip(alone.parameters.tensors, many.parameters.tensors, strict=True):
            assert torch.equal(one[0], all_of_them[replica])


@pytest.mark.parametrize(
    "words", ["relu 8x16", "tanh 3x8 data=blobs steps=10 lr=0.5", "cnn tanh 3x4 image=5"]
)
def test_a_replica_measures_the_same_alone_and_among_others(words: str) -> None:
    many = only("gradients", f"{words} seeds=5 seed=3 batch=8 float64")
    alone = only("gradients", f"{words} seeds=1 seed=5 batch=8 float64")
    for name in set(many.series) - {"theory", "loss_steps"}:
        np.testing.assert_allclose(
            alone.series[name].values[0], many.series[name].values[2], rtol=1e-9, err_msg=name
        )


def test_the_numbers_are_those_of_torch_manual_seed() -> None:
    torch.manual_seed(5)  # pyright: ignore[reportUnknownMemberType]
    labels, inputs = torch.randperm(6) % 2, torch.randn(6, 3)
    _, chunk = drawn("1x3 seeds=1 seed=5 batch=6")
    assert torch.equal(chunk.batch.labels[0], labels)
    assert torch.equal(chunk.batch.inputs[0], inputs)


def test_drawing_does_not_touch_torchs_own_generator() -> None:
    before = torch.get_rng_state()
    only("gradients", "2x3 seeds=2 batch=2")
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("data", ["gaussian", "blobs"])
@pytest.mark.parametrize("batch", [2, 7, 64])
def test_labels_are_balanced_and_shuffled(data: str, batch: int) -> None:
    spec = Spec(data=data, batch=batch, seeds=16)
    labels = draw_batch(spec, Streams(range(16))).labels
    assert labels.sum(dim=1).numpy().tolist() == [batch // 2] * 16
    assert len(np.unique(labels.numpy(), axis=0)) > 1


def test_gaussian_inputs_are_standard_normal_times_the_scale() -> None:
    inputs = draw_batch(Spec(batch=512, width=32, seeds=4, input_scale=3.0), Streams(range(4))).inputs
    assert inputs.shape == (4, 512, 32)
    assert float(inputs.std()) == pytest.approx(3.0, rel=0.01)
    assert float((inputs / 3).pow(4).mean()) == pytest.approx(3.0, rel=0.05)


def test_images_have_a_channel_per_unit() -> None:
    inputs = draw_batch(Spec(arch="cnn", batch=5, width=3, image=7), Streams(range(2))).inputs
    assert inputs.shape == (2, 5, 3, 7, 7)


def test_blobs_have_unit_scale_and_lie_two_deviations_from_the_middle() -> None:
    batch = draw_batch(Spec(data="blobs", batch=4096), Streams(range(8)))
    assert batch.inputs.shape == (8, 4096, 2)
    assert float(batch.inputs.square().mean().sqrt()) == pytest.approx(1.0, rel=0.01)
    ones = batch.labels.unsqueeze(-1).double()
    centre = (batch.inputs * ones).sum(1) / ones.sum(1)
    opposite = (batch.inputs * (1 - ones)).sum(1) / (1 - ones).sum(1)
    np.testing.assert_allclose(np.linalg.norm(centre.numpy(), axis=1), 2 / np.sqrt(3), rtol=0.03)
    np.testing.assert_allclose((centre + opposite).numpy(), 0, atol=0.06)
