"""Write trained weights as the int8 model that ships: `python -m governance.detection.pii.training.export WEIGHTS.npz names.onnx`. Needs onnx.

Layers multiply in int8 (one scale for each output, activations quantised as they come), of whose weights seven bits are used: a processor
without dot products of bytes (VNNI) adds two products in 16 bits, where 2 x 255 x 127 would be cut off, and would find other names than its
neighbour (ONNX Runtime calls it `reduce_range`). The embeddings are int8 with one scale for each piece; nothing multiplies them. The operators of `com.microsoft` are ONNX Runtime's own: its CPU provider fuses what they name.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

_FUSED = "com.microsoft"
_HEADS, _EPSILON = 12, 1e-12
_SEVEN_BITS, _EIGHT_BITS = 63, 127
_OPSET, _FUSED_OPSET, _IR = 18, 1, 9


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def op(self, kind: str, inputs: list[str], output: str | list[str], domain: str = "", **attributes: Any) -> str:
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def dense(self, given: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Add `given @ weight.T + bias` in int8; `weight` is outputs x inputs."""
        scale, whole = _int8(weight, _SEVEN_BITS)
        parts = [
            self.constant(f"{name}.weight", whole.T),
            self.constant(f"{name}.scale", scale[:, 0]),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
            self.constant(f"{name}.bias", bias),
        ]
        return self.op("DynamicQuantizeMatMul", [given, *parts], f"{name}.out", _FUSED)

    def normed(self, given: str, skipped: str, name: str, weights: dict[str, np.ndarray], key: str) -> str:
        """Add and normalise. In two operators: ONNX Runtime's one for both takes seven times as long on a processor."""
        gain, shift = (
            self.constant(f"{name}.gain", weights[f"{key}.weight"]),
            self.constant(f"{name}.shift", weights[f"{key}.bias"]),
        )
        self.op("Add", [given, skipped], f"{name}.sum")
        return self.op("LayerNormalization", [f"{name}.sum", gain, shift], name, axis=-1, epsilon=_EPSILON)

    def attended(self, given: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Add the attention of `given` to itself; `weight` is those of queries, keys and values, one above the other."""
        scale, whole = _int8(weight, _SEVEN_BITS)
        self.op("DynamicQuantizeLinear", [given], [f"{name}.given", f"{name}.given.scale", f"{name}.given.zero"])
        parts = [
            f"{name}.given",
            self.constant(f"{name}.weight", whole.T),
            self.constant(f"{name}.bias", bias),
            f"{name}.given.scale",
            self.constant(f"{name}.scale", scale[:, 0]),
            "",  # no mask: nothing is padded
            f"{name}.given.zero",
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        ]
        return self.op("QAttention", parts, f"{name}.out", _FUSED, num_heads=_HEADS)


def _int8(weight: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / most, 1e-8).astype(np.float32)
    return scale, np.clip(np.round(weight / scale), -most, most).astype(np.int8)


def model_of(weights: dict[str, np.ndarray], layers: list[int], frozen: int) -> Any:
    """Return the ONNX model: `ids` and `cases` (batch x pieces, nothing padded) to `probabilities` (batch x pieces x outputs)."""
    graph = _Graph()
    given = _embedded(graph, weights)
    for place, layer in enumerate(layers):
        if place == frozen:
            given = graph.op("Add", [given, "case"], "cased")
        given = _layer(graph, given, f"layer{place}", weights, f"bert.encoder.layer.{layer}")
    graph.op("MatMul", [given, graph.constant("head.weight", weights["classifier.weight"].T)], "scores")
    graph.op("Add", ["scores", graph.constant("head.bias", weights["classifier.bias"])], "shifted")
    graph.op("Softmax", ["shifted"], "probabilities", axis=-1)
    shape, outputs = ["batch", "pieces"], len(weights["classifier.bias"])
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, shape),
        helper.make_tensor_value_info("cases", TensorProto.INT64, shape),
    ]
    results = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [*shape, outputs])]
    made = helper.make_graph(graph.nodes, "names", inputs, results, graph.constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, _FUSED_OPSET)]
    model = helper.make_model(made, opset_imports=opsets)
    model.ir_version = _IR
    return model


def _embedded(graph: _Graph, weights: dict[str, np.ndarray]) -> str:
    scale, whole = _int8(weights["bert.embeddings.word_embeddings.weight"], _EIGHT_BITS)
    graph.op("Gather", [graph.constant("words", whole), "ids"], "word.int8")
    graph.op("Gather", [graph.constant("word.scales", scale), "ids"], "word.scale")
    graph.op("Cast", ["word.int8"], "word.float", to=TensorProto.FLOAT)
    graph.op("Mul", ["word.float", "word.scale"], "word")
    graph.op("Gather", [graph.constant("cases.known", weights["case"]), "cases"], "case")
    graph.op("Shape", ["ids"], "length", start=1, end=2)
    graph.constant("places", weights["bert.embeddings.position_embeddings.weight"])
    graph.constant("zero", np.array([0], np.int64))
    graph.op("Slice", ["places", "zero", "length", "zero"], "place")
    graph.op("Add", ["word", "place"], "embedded")
    gain = graph.constant("embedded.gain", weights["bert.embeddings.LayerNorm.weight"])
    shift = graph.constant("embedded.shift", weights["bert.embeddings.LayerNorm.bias"])
    return graph.op("LayerNormalization", ["embedded", gain, shift], "embedded.normed", axis=-1, epsilon=_EPSILON)


def _layer(graph: _Graph, given: str, name: str, weights: dict[str, np.ndarray], key: str) -> str:
    parts = [f"{key}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = [np.concatenate([weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias")]
    attended = graph.attended(given, f"{name}.qkv", *joined)

    def dense(source: str, part: str, at: str) -> str:
        return graph.dense(source, f"{name}.{part}", weights[f"{key}.{at}.weight"], weights[f"{key}.{at}.bias"])

    inner = graph.normed(
        dense(attended, "out", "attention.output.dense"),
        given,
        f"{name}.inner",
        weights,
        f"{key}.attention.output.LayerNorm",
    )
    grown = graph.op("FastGelu", [dense(inner, "grow", "intermediate.dense")], f"{name}.grown", _FUSED)
    return graph.normed(
        dense(grown, "shrink", "output.dense"), inner, f"{name}.outer", weights, f"{key}.output.LayerNorm"
    )


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    with np.load(source, allow_pickle=False) as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    layers = weights.pop("layers").astype(int).tolist()
    target.write_bytes(model_of(weights, layers, frozen=int(weights.pop("frozen"))).SerializeToString())


if __name__ == "__main__":
    main()
