"""What goes together, what does not, and why."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sim.data import draw_batch
from sim.data.fitting import classes, members, require_fitting
from sim.data.tables import table
from sim.errors import SpecError
from sim.randomness import Streams
from sim.spec import Spec

REFUSED = {
    "cnn data=blobs": (
        "A CNN needs images; got data=blobs, which are points in the plane; use data=digits, or arch=mlp."
    ),
    "cnn data=cancer": (
        "A CNN needs images; got data=cancer, which are 30 features without an order; "
        "use data=digits, or arch=mlp."
    ),
    "cnn data=parity": (
        "A CNN needs images; got data=parity, which are bits in a row; use data=digits, or arch=mlp."
    ),
    "cnn data=recall": (
        "A CNN needs images; got data=recall, which are sequences; use data=digits, or arch=rnn."
    ),
    "rnn data=spirals": (
        "An RNN needs sequences; got data=spirals, which are points in the plane; "
        "use data=recall, or arch=mlp."
    ),
    "lstm data=xor": (
        "An LSTM needs sequences; got data=xor, which are points in the plane; use data=recall, or arch=mlp."
    ),
    "gru data=cancer": (
        "A GRU needs sequences; got data=cancer, which are 30 features without an order; "
        "use data=recall, or arch=mlp."
    ),
    "transformer data=blobs": (
        "A transformer needs sequences; got data=blobs, which are points in the plane; "
        "use data=recall, or arch=mlp."
    ),
    "mlp data=recall": (
        "An MLP needs one vector per example; got data=recall, which are sequences; "
        "use data=parity, or arch=rnn."
    ),
    "arch=logistic data=recall": (
        "A logistic regression needs one vector per example; got data=recall, which are sequences; "
        "use data=blobs, or arch=rnn."
    ),
    "cnn data=digits image=16": ("The digits are images of 8 × 8 pixels; got image=16; use image=8."),
    "rnn data=digits depth=20": (
        "The digits are 8 rows or 64 pixels in a row; got depth=20 time steps; the nearest valid value is 8."
    ),
    "lstm data=digits depth=100": (
        "The digits are 8 rows or 64 pixels in a row; got depth=100 time steps; "
        "the nearest valid value is 64."
    ),
    "data=digits batch=4096": (
        "A batch of data=digits has equally many of every class, and the rarest has only 891; "
        "got batch=4096; the nearest valid value is 1782."
    ),
    "data=digits loss=ce batch=1749": (
        "A batch of data=digits has equally many of every class, and the rarest has only 174; "
        "got batch=1749; the nearest valid value is 1748."
    ),
    "data=cancer batch=425": (
        "A batch of data=cancer has equally many of every class, and the rarest has only 212; "
        "got batch=425; the nearest valid value is 424."
    ),
    "precision=float16 input_scale=1e6": (
        "float16 ends at 65504, so its inputs have an input_scale of at most 5038; got 1e+06; "
        "the nearest valid value is 5038, or precision=float32."
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_fit_is_refused_with_the_nearest_that_does(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        require_fitting(Spec.parse(text))
    assert str(caught.value) == REFUSED[text]


@pytest.mark.parametrize("text", [text for text in REFUSED if "use data=" in REFUSED[text]])
def test_both_ways_out_of_a_refusal_fit(text: str) -> None:
    sentence = REFUSED[text]
    data, arch = sentence.removesuffix(".").rpartition("use data=")[2].split(", or arch=")
    require_fitting(replace(Spec.parse(text), data=data, depth=8))
    require_fitting(replace(Spec.parse(text), arch=arch))


@pytest.mark.parametrize("text", [text for text in REFUSED if "nearest valid value" in REFUSED[text]])
def test_the_nearest_valid_value_fits_and_the_next_does_not(text: str) -> None:
    spec = Spec.parse(text)
    value = int(REFUSED[text].rpartition("the nearest valid value is ")[2].split(",")[0].rstrip("."))
    knob = text.rpartition("=")[0].split()[-1]
    mended = replace(spec, **{knob: value})
    batch = draw_batch(replace(mended, width=4), Streams([0]))
    assert bool(batch.inputs.isfinite().all())
    with pytest.raises(SpecError):
        require_fitting(replace(mended, **{knob: value + 1}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data=digits loss=ce", 10),
        ("data=digits", 2),
        ("data=digits loss=mse", 2),
        ("data=spirals loss=ce", 3),
        ("data=spirals", 2),
        ("data=cancer loss=ce", 2),
        ("loss=ce", 2),
    ],
)
def test_only_ce_tells_more_than_two_classes_apart(text: str, expected: int) -> None:
    assert classes(Spec.parse(text)) == expected


@pytest.mark.parametrize("text", ["data=digits loss=ce", "data=digits", "data=cancer"])
def test_the_sizes_of_the_classes_are_those_of_the_files(text: str) -> None:
    spec = Spec.parse(text)
    _, targets = table(spec.data)
    assert members(spec) == tuple(np.bincount(targets % classes(spec)).tolist())
    assert members(replace(spec, data="blobs")) is None


def test_no_input_is_larger_than_the_limit_of_float16_reckons_with() -> None:
    for data in ("digits", "cancer"):
        assert np.abs(table(data)[0]).max() < 13
    # torch makes normal numbers from uniform ones of at most 53 bits (Box and Muller 1958).
    assert (2 * 53 * np.log(2)) ** 0.5 < 13
    assert 5038 * 13 < torch.finfo(torch.float16).max < 5039 * 13
