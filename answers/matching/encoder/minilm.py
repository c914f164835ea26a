"""all-MiniLM-L6-v2 of the sentence-transformers project: Wang et al. (2020), "MiniLM", arXiv:2002.10957."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from answers.matching.encoder.graph import DIMENSIONS, Weights, build
from answers.matching.encoder.weights import read
from answers.matching.encoder.wordpiece import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_EPSILON = np.float32(1e-12)


class MiniLM:
    """Encodes texts as unit vectors: the mean over the tokens of the last layer. One thread."""

    def __init__(self, path: Path) -> None:
        weights = Weights(read(path))
        start = "inner.embeddings."
        # The table of words stays int8: a text needs a few of its 30,000 rows.
        self._words, self._scales = weights.stored(f"{start}word_embeddings.weight")
        self._places = weights[f"{start}position_embeddings.weight"]
        self._places += weights[f"{start}token_type_embeddings.weight"][0]
        self._gain, self._bias = (weights[f"{start}LayerNorm.{part}"] for part in ("weight", "bias"))
        # Imported by name because it has no types.
        onnxruntime: Any = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Its pool would keep the memory of the longest text ever seen.
        options.enable_cpu_mem_arena = False
        self._session: Any = onnxruntime.InferenceSession(
            build(weights), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, texts: Sequence[str]) -> "Floats":
        """Return one unit vector per text, shape (texts, 384)."""
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            states = self._session.run(None, {"embedded": self._embed(encode(text))})[0]
            mean = states.mean(axis=0)
            vectors[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return vectors

    def _embed(self, tokens: Sequence[int]) -> "Floats":
        """Return the normalised sum of what each token is and where it stands, shape (tokens, 384)."""
        x = self._words[list(tokens)].astype(np.float32) * self._scales[list(tokens)]
        x += self._places[: len(tokens)]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + _EPSILON)
        return x * self._gain + self._bias
