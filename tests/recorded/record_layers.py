"""Writes layers.json beside this file: what plain PyTorch's layers give for one batch, with their gradients, in train and in eval mode.

Weights and images follow formulas, so that the test can make the same ones. Layers are described as in the product's model file.
Run with any Python that has torch:
    python3 tests/recorded/record_layers.py
"""
import json
import pathlib

import torch
from torch import nn

SAMPLES = 20  # values kept of each tensor, evenly spaced
IMAGE = (3, 9, 7)


def formula(shape, scale, step, phase):
    index = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    return (scale * torch.sin(step * index + phase)).reshape(shape).float()


def described(tensor):
    flat = tensor.detach().double().flatten()
    stride = max(1, -(-flat.numel() // SAMPLES))
    return {"shape": list(tensor.shape), "norm": flat.norm().item(), "stride": stride, "values": [float(f"{value:.9g}") for value in flat[::stride].tolist()]}


def conv(channels, kernel, **settings):
    return {"type": "conv", "channels": channels, "kernel": kernel, **settings}


def pool(kind, kernel, stride, padding):
    return {"type": kind, "kernel": kernel, "stride": stride, "padding": padding}


RELU, NORM = {"type": "activation", "function": "relu"}, {"type": "batchNorm"}
CASES = {
    "conv": conv(4, 3),
    "conv of pairs": conv(4, [3, 5], stride=[2, 1], padding=[1, 2]),
    "conv same": conv(4, [3, 5], padding="same"),
    "conv same, even kernel": conv(2, [2, 4], padding="same"),
    "conv same, even kernel, dilation": conv(2, [4, 2], padding="same", dilation=[1, 3]),
    "conv dilation": conv(4, 3, dilation=[3, 2], padding=[1, 0]),
    "conv groups": conv(6, 3, groups=3, padding=1),
    "conv no bias": conv(4, [1, 2], bias=False, stride=2),
    "conv reflect": conv(4, 3, padding=[2, 1], paddingMode="reflect"),
    "conv replicate": conv(4, 5, padding=2, paddingMode="replicate", stride=3),
    "conv circular": conv(4, 3, padding=[1, 3], paddingMode="circular"),
    "conv same, circular": conv(4, [2, 3], padding="same", paddingMode="circular"),
    "conv same, reflect, groups": conv(6, [5, 2], padding="same", paddingMode="reflect", groups=3, bias=False),
    "max pool": pool("maxPool", 2, 2, 0),
    "max pool of pairs": pool("maxPool", [3, 2], [2, 1], [1, 0]),
    "avg pool": pool("avgPool", 3, 2, 0),
    "avg pool of pairs": pool("avgPool", [2, 4], [1, 3], [1, 2]),
    "batch norm": NORM,
    "residual": {"type": "residual", "branch": [conv(3, 3, padding=1), NORM, RELU, conv(3, 3, padding=1), NORM]},
    "residual with shortcut": {"type": "residual", "branch": [conv(5, 3, stride=2, padding=1), NORM], "shortcut": [conv(5, 1, stride=2, bias=False), NORM]},
    "sequence": {"type": "sequence", "layers": [conv(4, 3), {"type": "activation", "function": "tanh"}, {"type": "sequence", "layers": [conv(2, 2), {"type": "activation", "function": "sigmoid"}]}]},
    "linear": {"type": "sequence", "layers": [{"type": "flatten"}, {"type": "linear", "outputs": 5}, NORM]},
}


class Residual(nn.Module):
    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch = branch
        if shortcut is not None:
            self.shortcut = shortcut

    def forward(self, x):
        return self.branch(x) + (self.shortcut(x) if hasattr(self, "shortcut") else x)


def pair(value):
    return tuple(value) if isinstance(value, list) else value


def made(layers, x):
    modules = []
    for layer in layers:
        modules.append(module(layer, x))
        with torch.no_grad():
            x = modules[-1].train()(x)
    return nn.Sequential(*modules)


def module(layer, x):
    kind, channels = layer["type"], x.shape[1]
    if kind == "conv":
        return nn.Conv2d(
            channels, layer["channels"], pair(layer["kernel"]), stride=pair(layer.get("stride", 1)), padding=pair(layer.get("padding", 0)),
            dilation=pair(layer.get("dilation", 1)), groups=layer.get("groups", 1), bias=layer.get("bias", True), padding_mode=layer.get("paddingMode", "zeros"))
    if kind in ("maxPool", "avgPool"):
        return (nn.MaxPool2d if kind == "maxPool" else nn.AvgPool2d)(pair(layer["kernel"]), pair(layer["stride"]), pair(layer["padding"]))
    if kind == "batchNorm":
        return nn.BatchNorm2d(channels) if x.dim() == 4 else nn.BatchNorm1d(channels)
    if kind == "activation":
        return {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[layer["function"]]()
    if kind == "residual":
        return Residual(made(layer["branch"], x), made(layer["shortcut"], x) if "shortcut" in layer else None)
    if kind == "sequence":
        return made(layer["layers"], x)
    return {"flatten": nn.Flatten, "linear": lambda: nn.Linear(channels, layer["outputs"])}[kind]()


def recorded(name, layer):
    images = formula((4, *IMAGE), 1.0, 0.37, 0.5).requires_grad_()
    network = made([layer], images.detach())
    for norm in network.modules():
        if isinstance(norm, nn.modules.batchnorm._BatchNorm):
            norm.reset_running_stats()
    with torch.no_grad():
        for number, parameter in enumerate(network.parameters()):
            parameter.copy_(formula(parameter.shape, 0.3, 0.7, number))
    output = network.train()(images)
    (output * formula(output.shape, 1.0, 0.13, 0.2)).sum().backward()
    result = {
        "name": name, "layer": layer, "output": described(output), "inputGradient": described(images.grad),
        "weights": [{"path": path, "gradient": described(parameter.grad)} for path, parameter in network.named_parameters()],
        "buffers": [{"path": path, "gradient": described(buffer)} for path, buffer in network.named_buffers() if buffer.dim() > 0],
    }
    with torch.no_grad():
        result["evaluated"] = described(network.eval()(images))
    return result


results = [recorded(name, layer) for name, layer in CASES.items()]
text = json.dumps({"torch": torch.__version__, "cases": results}, separators=(",", ":")).replace('{"name"', '\n{"name"')
(pathlib.Path(__file__).parent / "layers.json").write_text(text + "\n")
