"""The encoder as a graph of eight-bit matrix products, built from the packaged weights.

The packaged file keeps its weights as int8 but computes with them as float32, which takes 250 MB and more
than twice the time. Here the products are of integers: activations are rounded to uint8 as they come, weights
are uint8 around 128, which no processor saturates, so that every machine computes the same.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.generic]
    Floats = NDArray[np.float32]

DIMENSIONS = 384
LAYERS, HEADS = 6, 12
_EPSILON = 1e-12
_OPSET, _IR = 20, 9
_MIDDLE = 128


class Weights:
    """The tensors of the packaged file by name."""

    def __init__(self, data: bytes) -> None:
        graph = onnx.ModelProto.FromString(data).graph
        self._tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def __getitem__(self, name: str) -> "Floats":
        """Return one tensor, with its scale if it is stored as int8."""
        if name in self._tensors:
            return np.asarray(self._tensors[name], dtype=np.float32)
        rows, scale = self.stored(name)
        return rows.astype(np.float32) * scale

    def stored(self, name: str) -> "tuple[NDArray[np.int8], Floats]":
        """Return a tensor as it is stored, and its scales."""
        rows = np.array(self._tensors[f"{name}_q"], dtype=np.int8)
        return rows, np.array(self._tensors[f"{name}_scale"], dtype=np.float32)

    @property
    def matrices(self) -> Iterator[str]:
        """The matrices of the layers, which have no names of their own, in the order of their use."""
        return iter([name[:-2] for name in self._tensors if name.startswith("val_") and name.endswith("_q")])


class GraphBuilder:
    """Collects the nodes and constants of a graph, one method per operation."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: "Array") -> str:
        """Add a constant and return its name."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, operation: str, inputs: Sequence[str], outputs: int = 1, **attributes: Any) -> str:
        """Add an operation and return the name of its first output; the others end in _1, _2."""
        name = f"n{len(self._nodes)}"
        names = [name, *(f"{name}_{number}" for number in range(1, outputs))]
        self._nodes.append(helper.make_node(operation, list(inputs), names, **attributes))
        return name

    def model(self, source: str, result: str) -> bytes:
        """Return the graph from one (tokens, 384) input to one such output."""
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(source, TensorProto.FLOAT, ["tokens", DIMENSIONS])],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["tokens", DIMENSIONS])],
            self._constants,
        )
        opset = [helper.make_opsetid("", _OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=_IR).SerializeToString()


def build(weights: Weights) -> bytes:
    """Return the six layers as an ONNX model: from a text's embedded tokens to the last layer's states."""
    graph = GraphBuilder()
    matrices = weights.matrices
    x = "embedded"
    for number in range(LAYERS):
        x = _layer(graph, weights, f"inner.encoder.layer.{number}.", matrices, x)
    return graph.model("embedded", x)


def _layer(graph: GraphBuilder, weights: Weights, name: str, matrices: Iterator[str], x: str) -> str:
    """Add one layer of BERT: attention, then two dense maps, each added to its input and normalised."""
    queries_keys_values = _attention_map(weights, name, matrices)
    heads = _reshaped(graph, _dense(graph, x, *queries_keys_values), (-1, 3, HEADS, DIMENSIONS // HEADS))
    parts = [
        graph.add("Gather", [heads, graph.constant(np.array(part, dtype=np.int64))], axis=1)
        for part in range(3)
    ]
    queries, keys, values = (
        graph.add("Transpose", [part], perm=order)
        for part, order in zip(parts, ([1, 0, 2], [1, 2, 0], [1, 0, 2]), strict=True)
    )
    shares = graph.add("Softmax", [graph.add("MatMul", [queries, keys])], axis=-1)
    mixed = graph.add("Transpose", [graph.add("MatMul", [shares, values])], perm=[1, 0, 2])
    flat = _reshaped(graph, mixed, (-1, DIMENSIONS))
    attended = _dense(graph, flat, *_named(weights, next(matrices), f"{name}attention.output.dense"))
    x = _normalised(graph, weights, f"{name}attention.output.LayerNorm", attended, x)
    wide = _dense(graph, x, *_named(weights, next(matrices), f"{name}intermediate.dense"))
    narrow = _dense(graph, graph.add("Gelu", [wide]), *_named(weights, next(matrices), f"{name}output.dense"))
    return _normalised(graph, weights, f"{name}output.LayerNorm", narrow, x)


def _attention_map(
    weights: Weights, name: str, matrices: Iterator[str]
) -> "tuple[NDArray[np.int8], Floats, Floats]":
    """Return queries, keys and values side by side; the queries are divided by √(width of a head)."""
    shrink = np.float32((DIMENSIONS // HEADS) ** -0.5)
    rows: list[NDArray[np.int8]] = []
    scales: list[Floats] = []
    biases: list[Floats] = []
    for part, factor in (("query", shrink), ("key", np.float32(1)), ("value", np.float32(1))):
        stored, scale = weights.stored(next(matrices))
        rows.append(stored)
        scales.append(scale * factor)
        biases.append(weights[f"{name}attention.self.{part}.bias"] * factor)
    return np.concatenate(rows, axis=1), np.concatenate(scales, axis=1), np.concatenate(biases)


def _named(weights: Weights, matrix: str, bias: str) -> "tuple[NDArray[np.int8], Floats, Floats]":
    return (*weights.stored(matrix), weights[f"{bias}.bias"])


def _reshaped(graph: GraphBuilder, x: str, shape: tuple[int, ...]) -> str:
    return graph.add("Reshape", [x, graph.constant(np.array(shape, dtype=np.int64))])


def _dense(graph: GraphBuilder, x: str, rows: "NDArray[np.int8]", scale: "Floats", bias: "Floats") -> str:
    """Add x ↦ x W + b with x rounded to uint8 and W = (rows + 128 - 128) · scale, one scale per column."""
    rounded = graph.add("DynamicQuantizeLinear", [x], outputs=3)
    shifted = (rows.astype(np.int16) + _MIDDLE).astype(np.uint8)
    middle = graph.constant(np.array(_MIDDLE, dtype=np.uint8))
    whole = graph.add("MatMulInteger", [rounded, graph.constant(shifted), f"{rounded}_2", middle])
    scales = graph.add("Mul", [f"{rounded}_1", graph.constant(scale.reshape(-1))])
    product = graph.add("Mul", [graph.add("Cast", [whole], to=TensorProto.FLOAT), scales])
    return graph.add("Add", [product, graph.constant(bias)])


def _normalised(graph: GraphBuilder, weights: Weights, name: str, x: str, residual: str) -> str:
    total = graph.add("Add", [x, residual])
    gain, bias = (graph.constant(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", [total, gain, bias], axis=-1, epsilon=_EPSILON)
