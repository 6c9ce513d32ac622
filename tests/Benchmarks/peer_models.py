"""A network as a plain PyTorch loop, eager, float32, NCHW, Adam: prints the line that the benchmark program prints of ours.
Images are in the processor's memory, and scores come back to it, whatever the device, as they do there.

python3 peer_models.py THREADS NAME [DEVICE [EPOCHS SCORED]]
"""
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

GIVEN = sys.argv[3:] if __name__ == "__main__" else []
DEVICE, EPOCHS, SCORED = GIVEN + ["cpu", "6", "10000"][len(GIVEN):]
SCORED_BATCH, PASSES = 128, 2 if int(SCORED) < 10_000 else 6   # the first pass apart
GREY, COLOUR = (1, 28, 28), (3, 32, 32)


def simple(channels, padding=2, width=(16, 32), norm=False, kernel=5, features=1568):
    layers = []
    for before, after in ((channels, width[0]), width):
        layers += [nn.Conv2d(before, after, kernel, padding=padding), *([nn.BatchNorm2d(after)] if norm else []), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, 10))


def mlp(*sizes):
    layers = [nn.Flatten()]
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def conv7():
    layers = []
    for before, after in ((1, 32), (32, 64), (64, 128), (128, 256)):
        layers += [nn.Conv2d(before, after, 7), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4096, 128), nn.ReLU(), nn.Linear(128, 10))


def vgg16():
    layers, before = [], 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))


def normalised(before, after):
    return nn.Sequential(nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.branch = nn.Sequential(normalised(width, width), normalised(width, width))

    def forward(self, x):
        return x + self.branch(x)


def resnet9():
    return nn.Sequential(
        normalised(3, 64), normalised(64, 128), nn.MaxPool2d(2), Residual(128), normalised(128, 256), nn.MaxPool2d(2),
        normalised(256, 512), nn.MaxPool2d(2), Residual(512), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(512, 10))


MODELS = {   # images, batch, steps of an epoch, network
    "uw-mnist": (GREY, 100, 60, lambda: simple(1)),
    "neu-mnist": (GREY, 64, 100, lambda: simple(1, padding=0, width=(10, 20), features=320)),
    "atzberger-mnist": (GREY, 100, 40, lambda: simple(1, norm=True)),
    "atzberger-cifar": (COLOUR, 100, 30, lambda: simple(3, norm=True, features=2048)),
    "dinh-conv7-fashion": (GREY, 1024, 2, conv7),
    "dinh-mlp-fashion": (GREY, 1024, 20, lambda: mlp(784, 256, 256, 10)),
    "dinh-mlp-cifar": (COLOUR, 1024, 10, lambda: mlp(3072, 256, 256, 256, 10)),
    "vgg16-cifar": (COLOUR, 64, 4, vgg16),
    "resnet9-cifar": (COLOUR, 64, 4, resnet9),
}


def epoch(network, optimizer, images, labels, batch):
    start, total = time.perf_counter(), 0.0
    for rows in torch.randperm(len(images)).split(batch):
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(images[rows].to(DEVICE)), labels[rows].to(DEVICE))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return len(images) / (time.perf_counter() - start)


def infer(network, images):
    start = time.perf_counter()
    for rows in images.split(SCORED_BATCH):
        functional.softmax(network(rows.to(DEVICE)), 1).cpu()
    return len(images) / (time.perf_counter() - start)


def one_by_one(network, images):
    times, begun = [], time.perf_counter()
    while time.perf_counter() - begun < 2:
        start = time.perf_counter()
        functional.softmax(network(images[len(times) % 10:len(times) % 10 + 1].to(DEVICE)), 1).cpu()
        times.append(time.perf_counter() - start)
    return statistics.median(times[len(times) // 2:]) * 1e3


def main():
    threads, name = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    shape, batch, steps, make = MODELS[name]
    network = make().to(DEVICE)
    optimizer = torch.optim.Adam(network.parameters())
    images = torch.rand(max(batch * steps, int(SCORED)), *shape) * 2 - 1
    labels = torch.arange(batch * steps) % 10
    speeds = [epoch(network, optimizer, images[:batch * steps], labels, batch) for _ in range(int(EPOCHS))]
    network.eval()
    with torch.no_grad():
        passes = [infer(network, images[:int(SCORED)]) for _ in range(PASSES)]
        print(f"{name} train {statistics.median(speeds[1:]):.0f} img/s infer {statistics.median(passes[1:]):.0f} img/s one {one_by_one(network, images):.3f} ms")


if __name__ == "__main__":
    main()
