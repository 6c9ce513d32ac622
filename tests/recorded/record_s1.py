"""Writes s1.json beside this file: one training step of the digits lab's network (system S1) in plain PyTorch.

Weights, images and labels follow formulas, so that the test can make the same ones. Run with any Python that has torch:
    python3 tests/recorded/record_s1.py
"""
import json
import pathlib

import torch
from torch import nn

SAMPLES = 64  # values kept of each tensor, evenly spaced


def formula(shape, scale, step, phase):
    index = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    return (scale * torch.sin(step * index + phase)).reshape(shape).float()


def described(tensor):
    flat = tensor.detach().double().flatten()
    stride = max(1, flat.numel() // SAMPLES)
    return {"norm": flat.norm().item(), "stride": stride, "values": flat[::stride].tolist()}


network = nn.Sequential(
    nn.Conv2d(1, 16, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(1568, 10))
with torch.no_grad():
    for number, parameter in enumerate(network.parameters()):
        parameter.copy_(formula(parameter.shape, 0.05, 0.7, number))
images = formula((20, 1, 28, 28), 1.0, 0.37, 0.5)
labels = torch.arange(20) % 10

optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
logits = network(images)
loss = nn.functional.cross_entropy(logits, labels)
loss.backward()
gradients = [described(parameter.grad) for parameter in network.parameters()]
optimizer.step()

recorded = {
    "torch": torch.__version__,
    "loss": loss.item(),
    "logits": logits.detach().flatten().tolist(),
    "parameters": [
        {"name": name, "gradient": gradient, "stepped": described(parameter)}
        for (name, parameter), gradient in zip(network.named_parameters(), gradients)
    ],
}
(pathlib.Path(__file__).parent / "s1.json").write_text(json.dumps(recorded, indent=1) + "\n")
