"""Read the weights we start from: Rampart's ONNX file, with 4-bit matrices in blocks of 32, as plain arrays under BERT's usual names."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

_EMBEDDINGS = ("word_embeddings", "position_embeddings", "token_type_embeddings")
_MIDDLE = 8.0  # what 4-bit numbers without a zero point are counted from


def read_base(path: Path) -> dict[str, np.ndarray]:
    """Return float32 arrays; matrices are outputs x inputs."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kept = {name: values for name, values in stored.items() if name.endswith((".bias", "LayerNorm.weight"))}
    for part in _EMBEDDINGS:
        name = f"bert.embeddings.{part}.weight"
        whole = stored[f"{name}_quantized"].astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)
        kept[name] = whole * stored[f"{name}_scale"]
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            # "/bert/encoder/layer.0/attention/self/query/MatMul_Q4"
            name = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            kept[f"{name}.weight"] = _unpacked(node, stored)
    return {name: values.astype(np.float32) for name, values in kept.items()}


def _unpacked(node: Any, stored: dict[str, np.ndarray]) -> np.ndarray:
    columns = next(helper.get_attribute_value(item) for item in node.attribute if item.name == "K")
    packed, scales = stored[node.input[1]], stored[node.input[2]]
    outputs, blocks, _ = packed.shape
    fours = np.stack([packed & 15, packed >> 4], axis=-1).reshape(outputs, blocks, -1).astype(np.float32)
    whole = (fours - _MIDDLE) * scales.reshape(outputs, blocks, 1)
    found: np.ndarray = whole.reshape(outputs, -1)[:, :columns]
    return found
