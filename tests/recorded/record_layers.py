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


def described(tensor, samples=SAMPLES):
    flat = tensor.detach().double().flatten()
    stride = max(1, -(-flat.numel() // samples))
    return {"shape": list(tensor.shape), "norm": flat.norm().item(), "stride": stride, "values": [float(f"{value:.9g}") for value in flat[::stride].tolist()]}


def conv(channels, kernel, **settings):
    return {"type": "conv", "channels": channels, "kernel": kernel, **settings}


def pool(kind, kernel, stride, padding, **settings):
    return {"type": kind, "kernel": kernel, "stride": stride, "padding": padding, **settings}


def activation(function):
    return {"type": "activation", "function": function}


def depthwise(kernel, **settings):
    return {"type": "depthwiseConv", "kernel": kernel, **settings}


RELU, NORM = activation("relu"), {"type": "batchNorm"}
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
    "max pool dilation": pool("maxPool", [3, 2], [2, 1], [1, 0], dilation=[2, 3]),
    "max pool ceil": pool("maxPool", 2, 2, 0, ceilMode=True),
    "max pool ceil, last window in the padding": pool("maxPool", [2, 3], [4, 3], 1, ceilMode=True),
    "max pool ceil, dilation": pool("maxPool", 3, 2, 1, dilation=2, ceilMode=True),
    "max pool ceil, window larger than the image": pool("maxPool", [11, 8], [6, 4], 0, ceilMode=True),
    "avg pool": pool("avgPool", 3, 2, 0),
    "avg pool ceil": pool("avgPool", [2, 4], [2, 3], [0, 2], ceilMode=True),
    "avg pool ceil, window larger than the image": pool("avgPool", [12, 3], [4, 3], [0, 1], ceilMode=True),
    "avg pool of pairs": pool("avgPool", [2, 4], [1, 3], [1, 2]),
    "adaptive max pool": {"type": "adaptiveMaxPool", "size": [4, 3]},
    "adaptive max pool, more than there is": {"type": "adaptiveMaxPool", "size": [10, 9]},
    "adaptive avg pool": {"type": "adaptiveAvgPool", "size": [4, 3]},
    "adaptive avg pool, more than there is": {"type": "adaptiveAvgPool", "size": [10, 9]},
    "global max pool": {"type": "adaptiveMaxPool", "size": 1},
    "global avg pool": {"type": "adaptiveAvgPool", "size": 1},
    "depthwise conv": depthwise(3, stride=[2, 1], padding=1, dilation=[1, 2]),
    "depthwise conv same, circular, no bias": depthwise([2, 3], padding="same", paddingMode="circular", bias=False),
    "depthwise separable conv": {"type": "sequence", "layers": [{**depthwise(3, padding=1), "name": "depthwise"}, {**conv(4, 1), "name": "pointwise"}]},
    "batch norm": NORM,
    "batch norm with settings": {"type": "batchNorm", "momentum": 0.4, "epsilon": 0.01},
    "group norm": {"type": "groupNorm", "groups": 3},
    "group norm of one group": {"type": "groupNorm", "groups": 1, "epsilon": 0.1},
    "group norm, flat": {"type": "sequence", "layers": [{"type": "flatten"}, {"type": "linear", "outputs": 6}, {"type": "groupNorm", "groups": 2}]},
    **{function: activation(function) for function in ("relu", "sigmoid", "tanh", "gelu", "silu")},
    "leaky relu": {"type": "leakyRelu", "slope": 0.01},
    "leaky relu, steep": {"type": "leakyRelu", "slope": 0.3},
    "elu": {"type": "elu", "alpha": 1},
    "elu with alpha": {"type": "elu", "alpha": 0.4},
    "log softmax": {"type": "logSoftmax"},
    "log softmax, flat": {"type": "sequence", "layers": [{"type": "flatten"}, {"type": "linear", "outputs": 4}, {"type": "logSoftmax"}]},
    "dropout of nothing": {"type": "dropout", "probability": 0},
    "dropout 2d of nothing": {"type": "dropout2d", "probability": 0},
    "residual": {"type": "residual", "branch": [conv(3, 3, padding=1), NORM, RELU, conv(3, 3, padding=1), NORM]},
    "residual with shortcut": {"type": "residual", "branch": [conv(5, 3, stride=2, padding=1), NORM], "shortcut": [conv(5, 1, stride=2, bias=False), NORM]},
    "sequence": {"type": "sequence", "layers": [conv(4, 3), {"type": "activation", "function": "tanh"}, {"type": "sequence", "layers": [conv(2, 2), {"type": "activation", "function": "sigmoid"}]}]},
    "conv transposed": {"type": "convTransposed", "channels": 4, "kernel": 2, "stride": 2},
    "conv transposed of pairs, output padding, no bias": {"type": "convTransposed", "channels": 2, "kernel": [3, 4], "stride": [3, 2], "padding": [2, 1], "outputPadding": [1, 0], "bias": False},
    "upsample": {"type": "upsample", "factor": 2},
    "upsample, bilinear": {"type": "upsample", "factor": 3, "bilinear": True},
    "concat": {"type": "concat", "branch": [conv(4, 3, padding=1), NORM, RELU]},
    "concat with shortcut": {"type": "concat", "branch": [conv(4, 3, stride=2, padding=1)], "shortcut": [pool("maxPool", 3, 2, 1)]},
    "linear": {"type": "sequence", "layers": [{"type": "flatten"}, {"type": "linear", "outputs": 5}, NORM]},
    "linear no bias": {"type": "sequence", "layers": [{"type": "flatten"}, {"type": "linear", "outputs": 5, "bias": False}]},
}


class TwoWays(nn.Module):
    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch = branch
        if shortcut is not None:
            self.shortcut = shortcut

    def forward(self, x):
        return self.join(self.branch(x), self.shortcut(x) if hasattr(self, "shortcut") else x)


class Residual(TwoWays):
    def join(self, branch, shortcut):
        return branch + shortcut


class Concat(TwoWays):
    def join(self, branch, shortcut):
        return torch.cat([shortcut, branch], 1)


def pair(value):
    return tuple(value) if isinstance(value, list) else value


def made(layers, x):
    modules = nn.Sequential()
    for place, layer in enumerate(layers):
        part = module(layer, x)
        modules.add_module(layer.get("name", str(place)), part)
        with torch.no_grad():
            x = part.train()(x)
    return modules


def module(layer, x):
    kind, channels = layer["type"], x.shape[1]
    setting = lambda name, usual: pair(layer.get(name, usual))
    if kind in ("conv", "depthwiseConv"):
        filters, groups = (channels, channels) if kind == "depthwiseConv" else (layer["channels"], layer.get("groups", 1))
        return nn.Conv2d(
            channels, filters, pair(layer["kernel"]), stride=setting("stride", 1), padding=setting("padding", 0),
            dilation=setting("dilation", 1), groups=groups, bias=layer.get("bias", True), padding_mode=layer.get("paddingMode", "zeros"))
    if kind == "maxPool":
        return nn.MaxPool2d(pair(layer["kernel"]), pair(layer["stride"]), pair(layer["padding"]), setting("dilation", 1), ceil_mode=layer.get("ceilMode", False))
    if kind == "avgPool":
        return nn.AvgPool2d(pair(layer["kernel"]), pair(layer["stride"]), pair(layer["padding"]), ceil_mode=layer.get("ceilMode", False))
    if kind == "batchNorm":
        return (nn.BatchNorm2d if x.dim() == 4 else nn.BatchNorm1d)(channels, eps=layer.get("epsilon", 1e-5), momentum=layer.get("momentum", 0.1))
    if kind == "activation":
        return {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "silu": nn.SiLU}[layer["function"]]()
    if kind in ("residual", "concat"):
        return {"residual": Residual, "concat": Concat}[kind](made(layer["branch"], x), made(layer["shortcut"], x) if "shortcut" in layer else None)
    if kind == "sequence":
        return made(layer["layers"], x)
    if kind == "convTransposed":
        return nn.ConvTranspose2d(
            channels, layer["channels"], pair(layer["kernel"]), stride=setting("stride", 1), padding=setting("padding", 0),
            output_padding=setting("outputPadding", 0), bias=layer.get("bias", True))
    if kind == "upsample":
        return nn.Upsample(scale_factor=layer["factor"], **({"mode": "bilinear", "align_corners": False} if layer.get("bilinear") else {"mode": "nearest"}))
    return {
        "adaptiveMaxPool": lambda: nn.AdaptiveMaxPool2d(pair(layer["size"])), "adaptiveAvgPool": lambda: nn.AdaptiveAvgPool2d(pair(layer["size"])),
        "groupNorm": lambda: nn.GroupNorm(layer["groups"], channels, eps=layer.get("epsilon", 1e-5)),
        "leakyRelu": lambda: nn.LeakyReLU(layer["slope"]), "elu": lambda: nn.ELU(layer["alpha"]), "logSoftmax": lambda: nn.LogSoftmax(dim=1),
        "dropout": lambda: nn.Dropout(layer["probability"]), "dropout2d": lambda: nn.Dropout2d(layer["probability"]),
        "flatten": nn.Flatten, "linear": lambda: nn.Linear(channels, layer["outputs"], bias=layer.get("bias", True)),
    }[kind]()


def start(network):
    """Weights by formula, running statistics as at first: making the network has sent images through it."""
    for norm in network.modules():
        if isinstance(norm, nn.modules.batchnorm._BatchNorm):
            norm.reset_running_stats()
    with torch.no_grad():
        for number, parameter in enumerate(network.parameters()):
            parameter.copy_(formula(parameter.shape, 0.3, 0.7, number))


def recorded(name, layer):
    images = formula((4, *IMAGE), 1.0, 0.37, 0.5).requires_grad_()
    network = made([layer], images.detach())
    start(network)
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


def write(name, results):
    text = json.dumps({"torch": torch.__version__, "cases": results}, separators=(",", ":")).replace('{"name"', '\n{"name"')
    (pathlib.Path(__file__).parent / name).write_text(text + "\n")


if __name__ == "__main__":
    write("layers.json", [recorded(name, layer) for name, layer in CASES.items()])
