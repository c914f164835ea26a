"""The short names of compared variants."""

import pytest

from sim.labels import labels
from sim.spec import parse_variants


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["sigmoid · glorot"]),
        ("30x64 relu he", ["relu · he"]),
        ("sigmoid vs relu he", ["sigmoid · glorot", "relu · he"]),
        ("depth=5 vs depth=50", ["sigmoid · glorot · depth 5", "sigmoid · glorot · depth 50"]),
        ("relu vs leaky_relu slope=0.2", ["relu · glorot", "leaky_relu · glorot · slope 0.2"]),
        ("normal std=0.1 vs he", ["sigmoid · normal · std 0.1", "sigmoid · he"]),
        ("gain=3", ["sigmoid · glorot · gain 3"]),
        ("mlp vs cnn", ["mlp · sigmoid · glorot", "cnn · sigmoid · glorot"]),
        ("arch=logistic data=blobs", ["logistic"]),
        ("arch=logistic vs arch=mlp", ["logistic", "mlp · sigmoid · glorot"]),
        (
            "float16 vs float64",
            ["sigmoid · glorot · precision float16", "sigmoid · glorot · precision float64"],
        ),
        ("steps=0 vs steps=9", ["sigmoid · glorot · steps 0", "sigmoid · glorot · steps 9"]),
        ("lr=0.5 steps=9 momentum=0.9", ["sigmoid · glorot · momentum 0.9"]),
        ("seed=7 seeds=3 batch=5", ["sigmoid · glorot"]),
    ],
)
def test_a_name_says_what_sets_its_variant_apart(text: str, names: list[str]) -> None:
    assert list(labels(parse_variants(text))) == names


def test_a_knob_that_changes_nothing_is_not_named() -> None:
    assert labels(parse_variants("sigmoid slope=0.2 std=3 vs relu")) == ("sigmoid · glorot", "relu · glorot")


@pytest.mark.parametrize(
    "text",
    [
        "arch=logistic width=2 vs width=64",
        "mlp vs cnn depth=5 vs cnn depth=10",
        "mlp vs cnn image=4 vs cnn image=16",
    ],
)
def test_variants_that_behave_differently_have_different_names(text: str) -> None:
    names = labels(parse_variants(text))
    assert len(set(names)) == len(names)
