"""Writes gradcam.json beside this file: Grad-CAM maps as plain PyTorch's autograd makes them, of networks with known weights.

Weights and images follow formulas, so that the test can make the same ones. Layers are described as in the product's model file.
Run with any Python that has torch:
    python3 tests/recorded/record_gradcam.py
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional

from record_layers import IMAGE, NORM, RELU, activation, conv, formula, made, pool

ROWS = 6
POOL = pool("maxPool", 2, 2, 0)
FLAT = {"type": "flatten"}
PLAIN = [conv(4, 3, padding=1), NORM, RELU, POOL, conv(6, 3, padding=1), RELU, POOL, FLAT]
RESIDUAL = [conv(4, 3), {"type": "residual", "branch": [conv(4, 3, padding=1), NORM, RELU, conv(4, 3, padding=1)]}, NORM, RELU,
            {"type": "adaptiveAvgPool", "size": 1}, FLAT]
STEM = [{"type": "sequence", "layers": [conv(4, 3, padding=1), activation("tanh")]}, {"type": "concat", "branch": [conv(3, 3, padding=1)]},
        {"type": "dropout2d", "probability": 0.5}, activation("silu"), POOL, FLAT, {"type": "linear", "outputs": 5}, RELU]

# Name, layers before the last, outputs (1: yes or no), the layer that is asked for (None: the one found), and that layer.
CASES = [
    ("the last activation", PLAIN, 3, None, "5"),
    ("the convolution before it", PLAIN, 3, "4", "4"),
    ("the first convolution", PLAIN, 3, "0", "0"),
    ("a pooling", PLAIN, 3, "6", "6"),
    ("yes or no", PLAIN, 1, None, "5"),
    ("yes or no, first activation", PLAIN, 1, "2", "2"),
    ("after a residual", RESIDUAL, 4, None, "3"),
    ("within a residual", RESIDUAL, 4, "1.branch.2", "1.branch.2"),
    ("a residual", RESIDUAL, 4, "1", "1"),
    ("after a concatenation", STEM, 3, None, "3"),
    ("within a sequence", STEM, 3, "0.1", "0.1"),
]


def start(network):
    """Weights and running statistics by formula."""
    with torch.no_grad():
        for number, parameter in enumerate(network.parameters()):
            parameter.copy_(formula(parameter.shape, 0.3, 0.7, number))
        for norm in network.modules():
            if isinstance(norm, nn.modules.batchnorm._BatchNorm):
                norm.running_mean.copy_(formula(norm.running_mean.shape, 0.2, 0.9, 1))
                norm.running_var.copy_(1 + formula(norm.running_var.shape, 0.5, 0.4, 2))


def recorded(name, layers, outputs, asked, path):
    images = formula((ROWS, *IMAGE), 2.0, 0.71, 0.5)
    network = made([*layers, {"type": "linear", "outputs": outputs}], images)
    start(network)
    network.eval()
    with torch.no_grad():
        network[-1].bias.sub_(network(images).mean(0))  # or all rows would be of one class
    kept = []
    network.get_submodule(path).register_forward_hook(lambda module, given, output: (output.retain_grad(), kept.append(output)) and None)
    logits = network(images)
    classes = (logits[:, 0] > 0).long() if outputs == 1 else logits.argmax(1)
    chosen = torch.where(classes == 1, logits[:, 0], -logits[:, 0]) if outputs == 1 else logits.gather(1, classes[:, None])
    chosen.sum().backward()
    activations = kept[0].detach()
    weights = kept[0].grad.mean((2, 3), keepdim=True)
    maps = functional.interpolate((weights * activations).sum(1, keepdim=True).relu(), IMAGE[1:], mode="bilinear", align_corners=False).flatten(1)
    most = maps.amax(1, keepdim=True)
    maps = torch.where(most > 0, maps / most, maps)
    assert (most > 0).sum() > 1, (name, most)
    assert len(set(classes.tolist())) > 1, (name, classes)
    return {
        "name": name, "layers": layers, "outputs": outputs, "asked": asked, "classes": classes.tolist(),
        "weights": [path for path, _ in network.named_parameters()], "buffers": [path for path, buffer in network.named_buffers() if buffer.dim() > 0], "bias": network[-1].bias.tolist(),
        "maps": [[float(f"{value:.7g}") for value in row] for row in maps.tolist()],
    }


if __name__ == "__main__":
    cases = [recorded(*case) for case in CASES]
    text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")).replace('{"name"', '\n{"name"')
    (pathlib.Path(__file__).parent / "gradcam.json").write_text(text + "\n")
    for case in cases:
        print(case["name"], case["classes"], sum(any(row) for row in case["maps"]), "of", ROWS, "maps show something")
