"""Writes optimizers.json beside this file: six steps of each optimizer in plain PyTorch.

The first weights and all gradients follow formulas, so that the test can make the same ones. Run with any Python that has torch:
    python3 tests/recorded/record_optimizers.py
"""
import json
import math
import pathlib

import torch

STEPS, SIZE = 6, 5

cases = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adam, other constants": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd, weight decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.2),
    "sgd, momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "sgd, nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05),
}

recorded = {}
for name, make in cases.items():
    weights = torch.nn.Parameter(torch.tensor([math.cos(i) for i in range(SIZE)]))
    optimizer = make([weights])
    recorded[name] = []
    for step in range(STEPS):
        weights.grad = torch.tensor([math.sin(1 + i + 2 * step) for i in range(SIZE)])
        optimizer.step()
        recorded[name].append(weights.detach().double().tolist())

path = pathlib.Path(__file__).with_name("optimizers.json")
path.write_text(json.dumps({"torch": torch.__version__, "weights": recorded}, indent=1) + "\n")
