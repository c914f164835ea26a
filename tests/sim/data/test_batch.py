"""Every data set for every architecture: shapes, scale, balance, and one stream per replica."""

import math
from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from sim.data import Batch, draw_batch
from sim.data.fitting import classes, example_shape, input_units, require_fitting
from sim.errors import SpecError
from sim.networks.parameters import DTYPES
from sim.randomness import Streams
from sim.spec import Spec
from sim.vocabulary import BY_KEY, RECURRENT, Choice

SMALL = Spec(width=6, depth=8, image=8, batch=60)


def words(knob: str) -> tuple[str, ...]:
    """Return the values of a knob."""
    row = BY_KEY[knob]
    assert isinstance(row, Choice)
    return row.words


def fits(spec: Spec) -> bool:
    try:
        require_fitting(spec)
    except SpecError:
        return False
    return True


EVERY = [
    spec
    for data, arch, loss in product(words("data"), words("arch"), ("bce", "ce"))
    if fits(spec := replace(SMALL, data=data, arch=arch, loss=loss))
]
NAMES = [f"{spec.data} {spec.arch} {spec.loss}" for spec in EVERY]


def drawn(spec: Spec, seeds: range = range(3)) -> Batch:
    return draw_batch(spec, Streams(seeds))


def rms(values: Tensor) -> float:
    return float(values.double().square().mean().sqrt())


def test_the_architectures_of_every_data_set() -> None:
    found = {data: [s.arch for s in EVERY if s.data == data and s.loss == "ce"] for data in words("data")}
    assert found == {
        "gaussian": ["mlp", "cnn", "rnn", "lstm", "gru", "transformer", "logistic"],
        "blobs": ["mlp", "logistic"],
        "spirals": ["mlp", "logistic"],
        "xor": ["mlp", "logistic"],
        "parity": ["mlp", "rnn", "lstm", "gru", "transformer", "logistic"],
        "digits": ["mlp", "cnn", "rnn", "lstm", "gru", "transformer", "logistic"],
        "cancer": ["mlp", "logistic"],
        "recall": ["rnn", "lstm", "gru", "transformer"],
    }


SHAPES = {
    ("gaussian", "mlp"): (6,),
    ("gaussian", "cnn"): (6, 8, 8),
    ("gaussian", "lstm"): (8, 6),
    ("gaussian", "transformer"): (8, 6),
    ("spirals", "mlp"): (2,),
    ("parity", "mlp"): (8,),
    ("parity", "gru"): (8, 1),
    ("parity", "transformer"): (8, 1),
    ("digits", "logistic"): (64,),
    ("digits", "cnn"): (1, 8, 8),
    ("digits", "rnn"): (8, 8),
    ("digits", "transformer"): (8, 8),
    ("cancer", "mlp"): (30,),
    ("recall", "rnn"): (8, 1),
    ("recall", "transformer"): (8, 9),
}


@pytest.mark.parametrize(("data", "arch"), SHAPES)
def test_the_shape_of_an_example(data: str, arch: str) -> None:
    batch = drawn(replace(SMALL, data=data, arch=arch))
    assert tuple(batch.inputs.shape) == (3, 60, *SHAPES[data, arch])
    assert tuple(batch.labels.shape) == (3, 60)


def test_sequences_are_as_long_as_the_network_and_digits_also_single_pixels() -> None:
    assert drawn(Spec(data="recall", arch="gru", depth=50, batch=4)).inputs.shape == (3, 4, 50, 1)
    assert drawn(Spec(data="parity", arch="rnn", depth=3, batch=4)).inputs.shape == (3, 4, 3, 1)
    rows = drawn(Spec(data="digits", arch="rnn", depth=8, batch=4)).inputs
    pixels = drawn(Spec(data="digits", arch="rnn", depth=64, batch=4)).inputs
    assert torch.equal(rows.reshape(3, 4, 64, 1), pixels)


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
@pytest.mark.parametrize("precision", DTYPES)
def test_every_precision_is_the_same_draw_rounded(spec: Spec, precision: str) -> None:
    batch, single = drawn(replace(spec, precision=precision)), drawn(spec)
    assert batch.inputs.dtype == DTYPES[precision]
    assert batch.labels.dtype == torch.int64
    assert torch.equal(batch.inputs, single.inputs.to(DTYPES[precision]))
    assert torch.equal(batch.labels, single.labels)


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
def test_inputs_have_unit_scale_times_the_scale_of_the_inputs(spec: Spec) -> None:
    inputs = drawn(spec, range(40)).inputs
    # The rarer class of the cancers is the larger one, and a batch has as many of both.
    assert rms(inputs) == pytest.approx(1.047 if spec.data == "cancer" else 1.0, abs=0.02)
    scaled = drawn(replace(spec, input_scale=4.0), range(40)).inputs
    assert torch.equal(scaled, inputs * 4.0)


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
@pytest.mark.parametrize("batch", [2, 59, 60])
def test_every_class_is_drawn_equally_often_up_to_one(spec: Spec, batch: int) -> None:
    labels = drawn(replace(spec, batch=batch)).labels
    counts = torch.stack([(labels == label).sum(dim=1) for label in range(classes(spec))])
    assert int(counts.sum()) == 3 * batch
    assert int(counts.max() - counts.min()) <= 1


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
def test_a_replica_draws_the_same_examples_whatever_the_others(spec: Spec) -> None:
    together, again = drawn(spec, range(5, 10)), drawn(spec, range(5, 10))
    assert torch.equal(together.inputs, again.inputs)
    chunks = [drawn(spec, part) for part in (range(5, 6), range(6, 10))]
    assert torch.equal(torch.cat([chunk.inputs for chunk in chunks]), together.inputs)
    assert torch.equal(torch.cat([chunk.labels for chunk in chunks]), together.labels)


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
def test_replicas_draw_different_examples(spec: Spec) -> None:
    batch = drawn(spec)
    assert not torch.equal(batch.inputs[0], batch.inputs[1])
    assert not torch.equal(batch.labels[0], batch.labels[1])


@pytest.mark.parametrize("spec", EVERY, ids=NAMES)
def test_drawing_leaves_the_streams_where_one_replica_alone_would(spec: Spec) -> None:
    """What is drawn afterwards, the network, is the same in every chunk too."""
    together, alone = Streams([7, 8, 9]), Streams([9])
    draw_batch(spec, together)
    draw_batch(spec, alone)
    assert torch.equal(together.normal(4)[2], alone.normal(4)[0])


GAUSSIAN = {
    "mlp": (3,),
    "logistic": (3,),
    "cnn": (3, 4, 4),
    "gru": (2, 3),
    "transformer": (8, 3),
}


@pytest.mark.parametrize("arch", GAUSSIAN)
def test_gaussian_draws_first_the_labels_and_then_the_inputs_of_a_plain_script(arch: str) -> None:
    torch.manual_seed(5)  # pyright: ignore[reportUnknownMemberType]
    labels, inputs = torch.randperm(6) % 2, torch.randn(6, *GAUSSIAN[arch])
    batch = drawn(Spec(arch=arch, depth=2, width=3, image=4, batch=6), range(5, 6))
    assert torch.equal(batch.labels[0], labels)
    assert torch.equal(batch.inputs[0], inputs)


def test_drawing_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SpecError, match="A CNN needs images"):
        drawn(Spec(arch="cnn", data="xor"))


SPECS = st.builds(
    Spec,
    arch=st.sampled_from(words("arch")),
    data=st.sampled_from(words("data")),
    loss=st.sampled_from(words("loss")),
    precision=st.sampled_from(words("precision")),
    depth=st.sampled_from([8, 64]) | st.integers(1, 200),
    width=st.integers(1, 12),
    image=st.just(8) | st.integers(1, 12),
    batch=st.integers(2, 64) | st.integers(2, 4096),
    input_scale=st.floats(0, 1e6, exclude_min=True),
)


@given(spec=SPECS, seed=st.integers(0, 2**31 - 1))
def test_every_spec_is_refused_or_draws_finite_inputs_of_the_announced_shape(spec: Spec, seed: int) -> None:
    if not fits(spec):
        with pytest.raises(SpecError, match=r"; got .*; (use|the nearest valid value is) .*\.$"):
            drawn(spec)
        return
    batch = drawn(spec, range(seed, seed + 1))
    assert tuple(batch.inputs.shape) == (1, spec.batch, *example_shape(spec))
    assert batch.inputs.shape[3 if spec.arch in {*RECURRENT, "transformer"} else 2] == input_units(spec)
    assert math.prod(batch.labels.shape) == spec.batch
    assert bool(batch.inputs.isfinite().all())
    assert set(batch.labels.flatten().numpy().tolist()) == set(range(min(classes(spec), spec.batch)))
