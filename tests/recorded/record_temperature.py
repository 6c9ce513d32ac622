"""Writes temperature.json beside this file: the temperature that torch's LBFGS finds for some logits, in double precision.

Run with any Python that has torch:
    python3 tests/recorded/record_temperature.py
"""
import json
import pathlib

import torch
from torch.nn import functional

ROWS = 40
CASES = {"too sure": (4, 6.0, 3), "not sure enough": (3, 0.4, 40), "many classes": (12, 3.0, 4)}


def recorded(name, classes, scale, wrong_every):
    torch.manual_seed(7)
    logits = (torch.randn(ROWS, classes) * scale).float()
    labels = logits.argmax(1)
    labels[::wrong_every] = (labels[::wrong_every] + 1) % classes
    double = logits.double()
    rate = torch.zeros(1, dtype=torch.float64, requires_grad=True)  # log of 1 / temperature
    optimizer = torch.optim.LBFGS([rate], lr=0.5, max_iter=500, tolerance_grad=1e-14, tolerance_change=1e-16, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = functional.cross_entropy(double * rate.exp(), labels)
        value.backward()
        return value

    optimizer.step(loss)
    temperature = (-rate).exp().item()
    with torch.no_grad():
        return {
            "name": name, "logits": logits.tolist(), "labels": labels.tolist(), "temperature": temperature,
            "lossBefore": functional.cross_entropy(double, labels).item(), "lossAfter": functional.cross_entropy(double / temperature, labels).item(),
            "probabilities": (double / temperature).softmax(1)[0].tolist(),
        }


if __name__ == "__main__":
    cases = [recorded(name, *settings) for name, settings in CASES.items()]
    text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")).replace('{"name"', '\n{"name"')
    (pathlib.Path(__file__).parent / "temperature.json").write_text(text + "\n")
    print({case["name"]: (case["temperature"], case["lossBefore"], case["lossAfter"]) for case in cases})
