"""The encoder against the library that runs the packaged graph as it is; known pieces of words."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answers.errors import NoWeights
from answers.matching.encoder import WEIGHTS, Lexical, find, weights
from answers.matching.encoder.minilm import MiniLM
from answers.matching.encoder.wordpiece import MAX_TOKENS, encode, vocabulary

TEXTS = [
    "why do gradients vanish?",
    "Is the loss convex? Logistic regression against neural networks",
    "naïve Ångström 你好 🙂 tanh(nx) ∂L/∂W",
    "a",
    "word " * 300,
]


@pytest.fixture(scope="module")
def path() -> Path:
    found = find()
    assert found.path is not None, found.reason
    return found.path


def packaged(path: Path, text: str) -> Any:
    """The mean of the last layer's states, as the packaged float32 graph computes it."""
    runtime: Any = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokens = np.array([encode(text)])
    inputs = {
        "input_ids": tokens,
        "attention_mask": np.ones_like(tokens),
        "token_type_ids": np.zeros_like(tokens),
    }
    mean = session.run(None, inputs)[0][0].mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_vectors_are_those_of_the_packaged_graph(path: Path) -> None:
    vectors = MiniLM(path)(TEXTS)
    cosines = [float(vector @ packaged(path, text)) for vector, text in zip(vectors, TEXTS, strict=True)]
    assert min(cosines) > 0.97
    assert float(np.median(cosines)) > 0.985


def test_a_text_has_the_same_vector_alone_and_among_others(path: Path) -> None:
    encoder = MiniLM(path)
    assert np.array_equal(encoder(TEXTS)[1], encoder([TEXTS[1]])[0])


def test_vectors_have_length_one(path: Path) -> None:
    assert np.allclose(np.linalg.norm(MiniLM(path)([*TEXTS, ""]), axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Why?", ["why", "?"]),
        ("backpropagation", ["back", "##pro", "##pa", "##gation"]),
        ("naïve", ["naive"]),
        ("x\u200bx", ["xx"]),
        ("tanh(2x)", ["tan", "##h", "(", "2", "##x", ")"]),
    ],
)
def test_words_are_cut_as_bert_cuts_them(text: str, pieces: list[str]) -> None:
    names = {number: piece for piece, number in vocabulary().items()}
    assert [names[number] for number in encode(text)] == ["[CLS]", *pieces, "[SEP]"]


def test_long_texts_are_cut() -> None:
    assert len(encode("word " * 1000)) == MAX_TOKENS


def test_weights_that_are_not_the_examined_ones_are_not_used() -> None:
    other = weights.Weights(package=WEIGHTS.package, file=WEIGHTS.file, sha256="0" * 64)
    found = find(other)
    assert found.path is None
    assert "hash" in found.reason
    missing = find(weights.Weights(package="no_such_package", file="model.onnx", sha256=""))
    assert missing.path is None
    assert missing.reason == "the package no-such-package is not installed"


def test_weights_that_change_after_they_were_found_are_not_used(tmp_path: Path) -> None:
    changed = tmp_path / "model.onnx"
    changed.write_bytes(b"something else")
    with pytest.raises(NoWeights, match="not the file that was examined"):
        MiniLM(changed)


def test_the_package_of_the_weights_is_never_imported() -> None:

    program = (
        "import sys; from answers.catalog import load; from answers.matching import Matcher;"
        "Matcher(load()).match('why do gradients vanish in deep networks');"
        f"sys.exit({WEIGHTS.package!r} in sys.modules or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_words_make_near_texts_near() -> None:
    encoder = Lexical(TEXTS)
    one, misspelt, other, nothing = encoder(
        ["vanishing gradients", "vanishng gradeints", "loss of logistic regression", ""]
    )
    assert one @ misspelt > one @ other
    assert not nothing.any()
