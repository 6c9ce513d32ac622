"""Writes training.json and bfloat16.json beside this file: plain PyTorch's losses in 5 steps through each kind of layer, and the weights after
them, in float32 and with the network under autocast to bfloat16.

Each case of record_layers.py stands between a convolution 1x1 and an output, so that what comes back through it moves weights, its own and
others. Run with any Python that has torch:
    python3 tests/recorded/record_training.py
"""
import torch
from torch import nn

from record_layers import CASES, IMAGE, conv, described, formula, made, start, write

ROWS, OUTPUTS, STEPS = 6, 3, 5

# Group normalisation takes no bfloat16 values beside float32 weights: it is computed in float32.
group_norm = nn.functional.group_norm
nn.functional.group_norm = lambda x, *rest: group_norm(x.float(), *rest)


def trained(name, layer, lower=False):
    images, labels = formula((ROWS, *IMAGE), 1.0, 0.37, 0.5), torch.arange(ROWS) % OUTPUTS
    layers = [conv(3, 1), layer] + ([{"type": "flatten"}] if made([layer], images)(images).dim() == 4 else [])
    network = made(layers + [{"type": "linear", "outputs": OUTPUTS}], images)
    start(network)
    network.train()
    rule, losses = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9), []
    for _ in range(STEPS):
        rule.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=lower):
            outputs = network(images)
        loss = nn.functional.cross_entropy(outputs.float(), labels)
        loss.backward()
        rule.step()
        losses.append(loss.item())
    return {
        "name": name, "layers": layers, "losses": losses,
        "weights": [{"path": path, "value": described(value, samples=6)} for path, value in network.state_dict().items() if value.dim() > 0],
    }


write("training.json", [trained(name, layer) for name, layer in CASES.items()])
write("bfloat16.json", [trained(name, layer, lower=True) for name, layer in CASES.items()])
