"""Takes the weights of an exported model back into a network, so that training goes on from the shipped model.

The 8-bit weights become floats again: w = scale x (q - zero point). Heads that the model does not have, and classes
that its heads do not have, keep their new beginnings.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from model import Labels, Network
from onnx import numpy_helper
from torch import Tensor


def restore(network: Network, labels: Labels, folder: Path) -> list[str]:
    """Fill a network from the folder of the component `graphwright_encoder`; returns the names of what stays new."""
    found = weights(folder / "model.onnx")
    if (folder / "chains.json").is_file():
        links = json.loads((folder / "chains.json").read_text(encoding="utf8"))
        found |= {f"links.{name}": torch.tensor(value) for name, value in links.items()}
    classes: dict[str, list[str]] = json.loads((folder / "labels.json").read_text(encoding="utf8"))
    state = network.state_dict()
    new = []
    for name, tensor in state.items():
        old = found.get(name)
        kind = name.split(".")[0]
        if old is not None and kind in classes:
            by_class = dict(zip(classes[kind], old, strict=True))
            for row, label in enumerate(labels.as_json()[kind]):
                like = ancestor(label) if kind == "name" and label not in by_class else label
                if like in by_class:
                    tensor[row] = by_class[like]
        elif name == "label" and "onnx-label" in found:
            flat = found["onnx-label"]  # inner, relations x outer
            relations = classes["relation"]
            cube = flat.reshape(flat.shape[0], len(relations), -1).permute(1, 0, 2)
            for row, label in enumerate(labels.relation):
                if label in relations:
                    tensor[row] = cube[relations.index(label)]
        elif old is not None and old.shape == tensor.shape:
            tensor.copy_(old)
        else:
            new.append(name)
    network.load_state_dict(state)
    return new


def ancestor(tag: str) -> str:
    """What a finer tag of names was called when there were four types."""
    prefix, _, kind = tag.partition("-")
    return f"{prefix}-LOC" if kind in ("GPE", "FAC") else f"{prefix}-MISC"


def weights(path: Path) -> dict[str, Tensor]:
    """The weights of a quantised graph under the names that they have in the network."""
    graph = onnx.load(str(path)).graph
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)

    def plain(base: str) -> np.ndarray:
        scale, zero = constants[f"{base}_scale"], constants[f"{base}_zero_point"]
        return (constants[f"{base}_quantized"].astype(np.float32) - zero.astype(np.float32)) * scale

    result: dict[str, Tensor] = {}
    for name, value in constants.items():
        if name.startswith("network.") and value.dtype == np.float32 and not name.endswith("_scale"):
            result[name.removeprefix("network.")] = torch.from_numpy(value.copy())
    for quantised in [name for name in constants if name.endswith("_quantized")]:
        base = quantised.removesuffix("_quantized")
        value = torch.from_numpy(plain(base).copy())
        if base.startswith("network."):
            result[base.removeprefix("network.")] = value
            continue
        bias = bias_after(quantised, consumers, constants)
        if bias:
            result[bias.removeprefix("network.").removesuffix(".bias") + ".weight"] = value.T.contiguous()
        else:
            result["onnx-label"] = value
    return result


def bias_after(weight: str, consumers: dict[str, list[onnx.NodeProto]], constants: dict[str, np.ndarray]) -> str:
    """The bias that is added to the product with a weight; empty where there is none."""
    node = consumers[weight][0]
    for _ in range(4):
        following = consumers.get(node.output[0], [])
        if len(following) != 1:
            return ""
        node = following[0]
        if node.op_type == "Add":
            return next((name for name in node.input if name in constants and name.endswith(".bias")), "")
    return ""
