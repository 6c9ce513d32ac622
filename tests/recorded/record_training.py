"""Writes training.json beside this file: plain PyTorch's losses in 5 steps through each kind of layer, and the weights after them.

Each case of record_layers.py stands between a convolution 1x1 and an output, so that what comes back through it moves weights, its own and
others. Run with any Python that has torch:
    python3 tests/recorded/record_training.py
"""
import torch
from torch import nn

from record_layers import CASES, IMAGE, conv, described, formula, made, start, write

ROWS, OUTPUTS, STEPS = 6, 3, 5


def trained(name, layer):
    images, labels = formula((ROWS, *IMAGE), 1.0, 0.37, 0.5), torch.arange(ROWS) % OUTPUTS
    layers = [conv(3, 1), layer] + ([{"type": "flatten"}] if made([layer], images)(images).dim() == 4 else [])
    network = made(layers + [{"type": "linear", "outputs": OUTPUTS}], images)
    start(network)
    network.train()
    rule, losses = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9), []
    for _ in range(STEPS):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        rule.step()
        losses.append(loss.item())
    return {
        "name": name, "layers": layers, "losses": losses,
        "weights": [{"path": path, "value": described(value, samples=6)} for path, value in network.state_dict().items() if value.dim() > 0],
    }


write("training.json", [trained(name, layer) for name, layer in CASES.items()])
