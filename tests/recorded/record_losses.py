"""Writes losses.json beside this file: five steps of a linear network with each loss in plain PyTorch.

Inputs, first weights and labels follow formulas, so that the test can make the same ones. Run with any Python that has torch and sklearn:
    python3 tests/recorded/record_losses.py
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

STEPS, ROWS, FEATURES, CLASSES, RATE = 5, 8, 5, 4, 0.5

inputs = torch.tensor([[math.sin(1 + 0.7 * (FEATURES * row + i)) for i in range(FEATURES)] for row in range(ROWS)])
classes = torch.tensor([0, 1, 2, 2, 1, 2, 0, 2])        # nothing of class 3
others = torch.tensor([2, 0, 1, 1, 3, 0, 2, 1])         # mixed in
truth = (classes == 1).float()
other_truth = (others == 1).float()
numbers = torch.tensor([[1000 + 50 * math.cos(2 * row + 3 * i) for i in range(2)] for row in range(ROWS)])
row_weights = torch.tensor([1, 0, 2, 0.5, 1, 3, 0.25, 1])
share = torch.tensor([1, 0, 0.5, 0.25, 0.75, 1, 0.9, 0.1])
class_weights = torch.tensor([1, 2, 0.5, 4])
pixels = torch.tensor([0, 1, 2, 2, -1, 2, 0, -1])       # the same numbers as two images of 2 x 2 pixels, two of them without a label
labelled = pixels >= 0
image_weights = torch.tensor([2, 0.5]).repeat_interleave(4)
binary_weights = torch.tensor([0.5, 3])                 # no, yes


def balanced(labels, count):
    """scikit-learn's, with 1 for a class that has no rows."""
    from sklearn.utils.class_weight import compute_class_weight
    present = sorted(set(labels.tolist()))
    weights = torch.ones(count)
    weights[present] = torch.tensor(compute_class_weight("balanced", classes=present, y=labels.numpy()), dtype=torch.float32)
    return weights


def focal(z, t, gamma, weight):
    log_p = F.log_softmax(z, 1).gather(1, t[:, None])[:, 0]
    return -weight[t] * (1 - log_p.exp()) ** gamma * log_p


def binary_focal(z, y, gamma, weight):
    p = z.sigmoid()
    of_truth = p * y + (1 - p) * (1 - y)
    return (weight[1] * y + weight[0] * (1 - y)) * (1 - of_truth) ** gamma * F.binary_cross_entropy_with_logits(z, y, reduction="none")


def entropy(z, t):
    return F.cross_entropy(z, t, reduction="none")


def weighed_entropy(z, t):
    return F.cross_entropy(z, t, class_weights, reduction="none")


def binary_entropy(z, y, **settings):
    return F.binary_cross_entropy_with_logits(z[:, 0], y, **settings)


def binary_class_weights(y):
    return binary_weights[y.long()]


def smoothed(y):
    return 0.8 * y + 0.1


def standardised(y):
    return (y - y.mean(0)) / y.std(0, unbiased=False)


def by_rows(losses, counts=1):
    return (row_weights * losses).sum() / (row_weights * counts).sum()


def mixed(of):
    return share * of(classes) + (1 - share) * of(others)


def pixel_entropy(z, **settings):
    return F.cross_entropy(z.reshape(2, 2, 2, CLASSES).permute(0, 3, 1, 2), pixels.reshape(2, 2, 2), ignore_index=-1, **settings)


def by_images(losses, counts):
    return (image_weights[labelled] * losses).sum() / (image_weights[labelled] * counts).sum()


def pixel_focal(z, gamma, weight):
    return focal(z[labelled], pixels[labelled], gamma, weight)


ones = torch.ones(CLASSES)
one = numbers[:, 0]
multiclass = {
    "cross entropy": lambda z: F.cross_entropy(z, classes),
    "smoothing": lambda z: F.cross_entropy(z, classes, label_smoothing=0.1),
    "class weights": lambda z: F.cross_entropy(z, classes, class_weights),
    "smoothing, class weights": lambda z: F.cross_entropy(z, classes, class_weights, label_smoothing=0.2),
    "balanced": lambda z: F.cross_entropy(z, classes, balanced(classes, CLASSES)),
    "row weights": lambda z: by_rows(entropy(z, classes)),
    "row weights, class weights": lambda z: by_rows(weighed_entropy(z, classes), class_weights[classes]),
    "mixed": lambda z: mixed(lambda t: entropy(z, t)).mean(),
    "mixed, class weights": lambda z: mixed(lambda t: weighed_entropy(z, t)).sum() / mixed(lambda t: class_weights[t]).sum(),
    "mixed, row weights": lambda z: by_rows(mixed(lambda t: entropy(z, t))),
    "focal": lambda z: focal(z, classes, 2, ones).mean(),
    "focal 0": lambda z: F.cross_entropy(z, classes),
    "focal 0.5, class weights": lambda z: focal(z, classes, 0.5, class_weights).sum() / class_weights[classes].sum(),
    "focal, row weights": lambda z: by_rows(focal(z, classes, 2, ones)),
}
pixel_weights = class_weights[pixels[labelled]]
per_pixel = {
    "pixels": lambda z: pixel_entropy(z),
    "pixels, smoothing": lambda z: pixel_entropy(z, label_smoothing=0.1),
    "pixels, class weights": lambda z: pixel_entropy(z, weight=class_weights),
    "pixels, smoothing, class weights": lambda z: pixel_entropy(z, weight=class_weights, label_smoothing=0.2),
    "pixels, balanced": lambda z: pixel_entropy(z, weight=balanced(pixels[labelled], CLASSES)),
    "pixels, row weights": lambda z: by_images(entropy(z[labelled], pixels[labelled]), 1.0),
    "pixels, row weights, class weights": lambda z: by_images(weighed_entropy(z[labelled], pixels[labelled]), pixel_weights),
    "pixels, focal": lambda z: pixel_focal(z, 2, ones).mean(),
    "pixels, focal 0.5, class weights": lambda z: pixel_focal(z, 0.5, class_weights).sum() / pixel_weights.sum(),
    "pixels, focal, row weights": lambda z: by_images(pixel_focal(z, 2, ones), 1.0),
}
binary = {
    "binary": lambda z: binary_entropy(z, truth),
    "binary, smoothing": lambda z: binary_entropy(z, smoothed(truth)),
    "binary, pos_weight": lambda z: binary_entropy(z, truth, pos_weight=torch.tensor([6.0])),
    "binary, class weights": lambda z: binary_entropy(z, truth, weight=binary_class_weights(truth)),
    "binary, balanced": lambda z: binary_entropy(z, truth, weight=balanced(truth.long(), 2)[truth.long()]),
    "binary, smoothing, pos_weight": lambda z: binary_entropy(z, smoothed(truth), pos_weight=torch.tensor([6.0])),
    "binary, row weights": lambda z: by_rows(binary_entropy(z, truth, reduction="none")),
    "binary, mixed": lambda z: (share * binary_entropy(z, truth, reduction="none") + (1 - share) * binary_entropy(z, other_truth, reduction="none")).mean(),
    "binary, focal": lambda z: binary_focal(z[:, 0], truth, 2, ones).mean(),
    "binary, focal, class weights": lambda z: binary_focal(z[:, 0], truth, 1.5, binary_weights).mean(),
}
regression = {
    "squared": lambda z: F.mse_loss(z[:, 0], standardised(one)),
    "absolute": lambda z: F.l1_loss(z[:, 0], standardised(one)),
    "huber": lambda z: F.huber_loss(z[:, 0], standardised(one), delta=0.7),
    "squared, row weights": lambda z: by_rows(F.mse_loss(z[:, 0], weighed_standard(one), reduction="none")),
}
several = {
    "several, squared": lambda z: F.mse_loss(z, standardised(numbers)),
    "several, huber": lambda z: F.huber_loss(z, standardised(numbers), delta=0.5),
    "several, row weights": lambda z: by_rows(F.l1_loss(z, weighed_standard(numbers), reduction="none").mean(1)),
}


def weighed_standard(y):
    """A row of weight 2 is there twice, one of weight 0 not at all."""
    weights = (row_weights / row_weights.sum()).reshape(-1, *[1] * (y.dim() - 1)).double()
    mean = (weights * y).sum(0)
    return ((y - mean) / (weights * (y - mean) ** 2).sum(0).sqrt()).float()


recorded = {}
for outputs, losses in ((CLASSES, multiclass), (CLASSES, per_pixel), (1, binary), (1, regression), (2, several)):
    for name, loss in losses.items():
        weights = torch.nn.Parameter(torch.tensor([[math.cos(FEATURES * o + i) for i in range(FEATURES)] for o in range(outputs)]))
        optimizer = torch.optim.SGD([weights], lr=RATE)
        steps = []
        for step in range(STEPS):
            optimizer.zero_grad()
            value = loss(inputs @ weights.T)
            value.backward()
            if step == 0:
                gradient = weights.grad.double().flatten().tolist()
            optimizer.step()
            steps.append(value.item())
        recorded[name] = {"losses": steps, "gradient": gradient, "weights": weights.detach().double().flatten().tolist()}

path = pathlib.Path(__file__).with_name("losses.json")
cases = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in recorded.items())
path.write_text(f'{{"torch": "{torch.__version__}", "cases": {{\n{cases}\n}}}}\n')
