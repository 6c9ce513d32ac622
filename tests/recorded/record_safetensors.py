"""Writes published.safetensors, as PyTorch's package lays it out, and published.json, what its values become as float32.

Run with PyTorch 1.13; the layout is written by hand: a 64-bit length, a JSON header, the values.
"""
import json
import struct
from pathlib import Path

import torch

torch.manual_seed(3)
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64"}
net = torch.nn.Sequential()
net.add_module("features", torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.BatchNorm2d(4)))
net(torch.rand(2, 1, 4, 4))   # moves the running statistics
types = {"features.0.weight": torch.float16, "features.0.bias": torch.bfloat16, "features.1.weight": torch.float64}
state = {name: value.detach().to(types.get(name, value.dtype)) for name, value in net.state_dict().items()}
state["features.1.running_mean"][0] = 1e-42   # float32 has it, though not as a normal number
state["classifier.weight"] = torch.randn(5, 64)

header, values = {"__metadata__": {"format": "pt"}}, b""
for name, value in sorted(state.items(), key=lambda pair: (-pair[1].element_size(), pair[0])):   # as the package sorts them
    raw = bytes(value.contiguous().reshape(-1).view(torch.uint8).numpy()) if value.dim() else struct.pack("<q", int(value))
    header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [len(values), len(values) + len(raw)]}
    values += raw
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)

here = Path(__file__).parent
here.joinpath("published.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + values)
floats = {name: value.to(torch.float32).reshape(-1).tolist() for name, value in state.items() if name.startswith("features") and value.dim()}
here.joinpath("published.json").write_text(json.dumps(floats) + "\n")
