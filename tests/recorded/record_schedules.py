"""Writes schedules.json beside this file: learning rates (and momenta) of each step of a run in plain PyTorch, and weights after one cycle.

Run with any Python that has torch:
    python3 tests/recorded/record_schedules.py
"""
import json
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

EPOCHS, STEPS, RATE, SIZE = 6, 5, 0.2, 5
TOTAL = EPOCHS * STEPS
warnings.simplefilter("ignore")   # SequentialLR steps by number, and rates are read before the first step


def after_warm_up(optimizer, steps, start, make):
    line = schedulers.LinearLR(optimizer, start_factor=start, total_iters=steps)
    return schedulers.SequentialLR(optimizer, [line, make(optimizer)], milestones=[steps])


# Each schedule with how often it steps: after every step or after every epoch.
cases = {
    "constant": (lambda o: schedulers.ConstantLR(o, factor=1.0), 1),
    "step": (lambda o: schedulers.StepLR(o, step_size=2, gamma=0.3), STEPS),
    "exponential": (lambda o: schedulers.ExponentialLR(o, gamma=0.8), STEPS),
    "cosine": (lambda o: schedulers.CosineAnnealingLR(o, T_max=TOTAL), 1),
    "cosine, final": (lambda o: schedulers.CosineAnnealingLR(o, T_max=TOTAL, eta_min=0.1 * RATE), 1),
    "cosine, per epoch": (lambda o: schedulers.CosineAnnealingLR(o, T_max=EPOCHS, eta_min=0.1 * RATE), STEPS),
    "one cycle": (lambda o: schedulers.OneCycleLR(o, max_lr=RATE, total_steps=TOTAL), 1),
    "one cycle, other constants": (lambda o: schedulers.OneCycleLR(
        o, max_lr=RATE, total_steps=TOTAL, pct_start=0.45, div_factor=5, final_div_factor=20, base_momentum=0.6, max_momentum=0.9), 1),
    "one cycle, momentum kept": (lambda o: schedulers.OneCycleLR(o, max_lr=RATE, total_steps=TOTAL, cycle_momentum=False), 1),
    "one cycle, no rise": (lambda o: schedulers.OneCycleLR(o, max_lr=RATE, total_steps=TOTAL, pct_start=0.0), 1),
    "constant after warm-up": (lambda o: after_warm_up(o, 2 * STEPS, 0.05, lambda o: schedulers.ConstantLR(o, factor=1.0)), 1),
    "cosine after warm-up": (lambda o: after_warm_up(o, 8, 0.1, lambda o: schedulers.CosineAnnealingLR(o, T_max=TOTAL - 8)), 1),
    "step after warm-up": (lambda o: after_warm_up(o, STEPS, 0.01, lambda o: schedulers.StepLR(o, step_size=2 * STEPS, gamma=0.3)), 1),
}

runs = {}
for name, (make, every) in cases.items():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE, momentum=0.9)
    schedule = make(optimizer)
    runs[name] = {"rates": [], "momenta": []}
    for step in range(TOTAL):
        runs[name]["rates"].append(optimizer.param_groups[0]["lr"])
        runs[name]["momenta"].append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if (step + 1) % every == 0 and step + 1 < TOTAL:
            schedule.step()

# The rate after each of these losses.
LOSSES = [2.0, 1.0, 0.99995, 1.1, 0.9, 0.95, 0.95, 0.94, 0.93, 0.92, 0.91, 0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.3, 0.31, 0.32, 0.33, 0.34, 0.35]
plateaus = {
    "plateau": dict(patience=2),
    "plateau, no patience": dict(factor=0.5, patience=0),
    "plateau, other constants": dict(factor=0.3, patience=1, threshold=0.2, cooldown=3, min_lr=0.01),
    "plateau, rates too small to change": dict(factor=1e-4, patience=0),
}
reduced = {}
for name, settings in plateaus.items():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    schedule = schedulers.ReduceLROnPlateau(optimizer, **settings)
    reduced[name] = []
    for loss in LOSSES:
        schedule.step(loss)
        reduced[name].append(optimizer.param_groups[0]["lr"])

# Weights of optimizers whose momentum one cycle changes, those without one of their own too.
optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=RATE),
    "sgd, nesterov": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=RATE),
    "adamw": lambda p: torch.optim.AdamW(p, lr=RATE, weight_decay=0.1),
    "adamax": lambda p: torch.optim.Adamax(p, lr=RATE),
    "radam": lambda p: torch.optim.RAdam(p, lr=RATE),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=RATE),
}
cycled = {}
for name, make in optimizers.items():
    weights = torch.nn.Parameter(torch.tensor([math.cos(i) for i in range(SIZE)]))
    optimizer = make([weights])
    schedule = schedulers.OneCycleLR(optimizer, max_lr=RATE, total_steps=TOTAL)
    cycled[name] = []
    for step in range(TOTAL):
        weights.grad = torch.tensor([math.sin(1 + i + 2 * step) for i in range(SIZE)])
        optimizer.step()
        cycled[name].append(weights.detach().double().tolist())
        if step + 1 < TOTAL:
            schedule.step()

path = pathlib.Path(__file__).with_name("schedules.json")
path.write_text(json.dumps({
    "torch": torch.__version__, "epochs": EPOCHS, "stepsPerEpoch": STEPS, "rate": RATE, "runs": runs, "losses": LOSSES, "reduced": reduced, "cycled": cycled,
}, separators=(",", ":")) + "\n")
