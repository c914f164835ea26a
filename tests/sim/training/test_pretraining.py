"""Greedy layer-wise pretraining: what it changes, and that it does what it is for."""

import numpy as np
import torch
from sim_oracles import drawn, only

from sim.passes import Reading
from sim.training import train


def stop_at_once(_step: int, _reading: Reading) -> bool:
    return True


def reconstruction(inputs: torch.Tensor, code: torch.Tensor) -> float:
    """Return the error of the best linear decoder, by least squares, of one replica."""
    lifted = torch.cat([code, torch.ones(len(code), 1, dtype=code.dtype)], dim=1)
    solution = np.linalg.lstsq(lifted.numpy(), inputs.numpy())[0]
    return float(np.square(lifted.numpy() @ solution - inputs.numpy()).mean())


def test_only_the_hidden_layers_change() -> None:
    spec, chunk = drawn("sigmoid 3x6 greedy steps=20 lr=0.5 seeds=2 batch=12")
    before = chunk.parameters.clone()
    train(spec, chunk.network, chunk.parameters, chunk.batch, stop_at_once)
    for slot, new, old in zip(before.slots, chunk.parameters.tensors, before.tensors, strict=True):
        changed = not torch.equal(new, old)
        assert changed == (slot.layer <= spec.depth), slot


def test_a_pretrained_layer_keeps_more_of_its_input() -> None:
    text = "sigmoid 1x4 data=digits batch=64 lr=0.5 seeds=3 float64"
    spec, chunk = drawn(f"{text} greedy steps=300")
    _, untrained = drawn(text)
    train(spec, chunk.network, chunk.parameters, chunk.batch, stop_at_once)
    for replica in range(spec.seeds):
        errors = [
            reconstruction(
                one.batch.inputs[replica],
                one.network(one.parameters.tensors, one.batch.inputs).states[0][replica],
            )
            for one in (untrained, chunk)
        ]
        assert errors[1] < 0.97 * errors[0]


def test_pretraining_lifts_the_first_layers_gradient() -> None:
    # Claim 0.1 of the old literature: a deep sigmoid network starts where its gradient reaches the input.
    text = "sigmoid 6x16 data=spirals loss=ce batch=60 seeds=4 lr=0.5"
    plain, pretrained = (only("training", f"{text} steps=200{more}") for more in ("", " pretrain=greedy"))
    ratios = [variant.facts["start"]["first_over_last"] for variant in (plain, pretrained)]
    assert ratios[1] > 3 * ratios[0]


def test_pretraining_is_reproducible() -> None:
    texts = ["tanh 2x4 greedy steps=5 seeds=2 batch=6"] * 2
    one, other = (only("training", text).series["loss"].values for text in texts)
    np.testing.assert_array_equal(one, other)
