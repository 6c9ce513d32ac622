"""Writes optimizers.json beside this file: six steps of each optimizer, and of clipped gradients, in plain PyTorch.

The first weights and all gradients follow formulas, so that the test can make the same ones. Run with any Python that has torch:
    python3 tests/recorded/record_optimizers.py
"""
import inspect
import json
import math
import pathlib

import torch
from torch.optim import nadam

STEPS, SIZE = 6, 5

# PyTorch 1 multiplies the momentum of NAdam once too often, against its own formula; PyTorch 2 does not. Run PyTorch's code, corrected.
source = inspect.getsource(nadam._single_tensor_nadam)
exec(source.replace("mu_product * mu * mu_next", "mu_product * mu_next"), nadam.__dict__)

cases = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adam, other constants": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd, weight decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.2),
    "sgd, momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "sgd, nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05),
    "adamw, other constants": lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5),
    "adamax": lambda p: torch.optim.Adamax(p, lr=0.05),
    "adamax, other constants": lambda p: torch.optim.Adamax(p, lr=0.05, betas=(0.8, 0.6), eps=1e-2, weight_decay=0.1),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.05, foreach=False),
    "nadam, other constants": lambda p: torch.optim.NAdam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, momentum_decay=0.1, foreach=False),
    "radam": lambda p: torch.optim.RAdam(p, lr=0.05),
    "radam, other constants": lambda p: torch.optim.RAdam(p, lr=0.05, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.05),
    "rmsprop, other constants": lambda p: torch.optim.RMSprop(p, lr=0.05, alpha=0.8, eps=1e-3, weight_decay=0.1),
    "rmsprop, momentum": lambda p: torch.optim.RMSprop(p, lr=0.05, momentum=0.9),
    "rmsprop, centered": lambda p: torch.optim.RMSprop(p, lr=0.05, centered=True),
    "rmsprop, centered, momentum": lambda p: torch.optim.RMSprop(p, lr=0.05, alpha=0.7, momentum=0.5, centered=True, weight_decay=0.1),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
    "adagrad, other constants": lambda p: torch.optim.Adagrad(p, lr=0.05, lr_decay=0.3, initial_accumulator_value=0.4, eps=1e-3, weight_decay=0.1),
    "adadelta": lambda p: torch.optim.Adadelta(p),
    "adadelta, other constants": lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.7, eps=1e-3, weight_decay=0.1),
}

clips = {
    "clip by norm": lambda ps: torch.nn.utils.clip_grad_norm_(ps, 1.3),
    "clip by value": lambda ps: torch.nn.utils.clip_grad_value_(ps, 0.7),
}


def first():
    return torch.nn.Parameter(torch.tensor([math.cos(i) for i in range(SIZE)]))


def gradient(step):
    return torch.tensor([math.sin(1 + i + 2 * step) for i in range(SIZE)])


recorded = {}
for name, make in cases.items():
    weights = first()
    optimizer = make([weights])
    recorded[name] = []
    for step in range(STEPS):
        weights.grad = gradient(step)
        optimizer.step()
        recorded[name].append(weights.detach().double().tolist())

# Two weights, the second with half the gradients of the step after: their norm is above the limit in some steps and below it in others.
for name, clip in clips.items():
    both = [first(), first()]
    optimizer = torch.optim.SGD(both, lr=0.1)
    recorded[name] = []
    for step in range(STEPS):
        both[0].grad, both[1].grad = gradient(step) * (step / 3), gradient(step + 1) / 2
        clip(both)
        optimizer.step()
        recorded[name].append(torch.cat(both).detach().double().tolist())

path = pathlib.Path(__file__).with_name("optimizers.json")
path.write_text(json.dumps({"torch": torch.__version__, "weights": recorded}, indent=1) + "\n")
