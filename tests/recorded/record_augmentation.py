"""Writes augmentation.json beside this file: images turned, scaled, sheared and cropped by plain PyTorch.

The image follows a formula, so that the test can make the same one. Run with any Python that has torch:
    python3 tests/recorded/record_augmentation.py
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

C, H, W, FAR = 2, 5, 7, 20
image = torch.tensor([[[math.sin(1 + 50 * c + 7 * y + x) for x in range(W)] for y in range(H)] for c in range(C)], dtype=torch.float64)[None]


def rotate(degrees):
    a = math.radians(degrees)
    return torch.tensor([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]], dtype=torch.float64)


def scale(factor):
    return factor * torch.eye(2, dtype=torch.float64)


def shear(degrees):
    return torch.tensor([[1, math.tan(math.radians(degrees))], [0, 1]], dtype=torch.float64)


def warp(maps, padding):
    """The image after linear maps about its middle, in that order."""
    forward = torch.eye(2, dtype=torch.float64)
    for one in maps:
        forward = one @ forward
    source, far = image, 0
    if padding == "circular":   # grid_sample has no such mode: the image many times over, cut far from the middle
        far = FAR
        source = image[:, :, [(y - far) % H for y in range(H + 2 * far)]][:, :, :, [(x - far) % W for x in range(W + 2 * far)]]
    half = torch.tensor([(W - 1) / 2, (H - 1) / 2], dtype=torch.float64)
    half_source = half + far
    ys, xs = torch.meshgrid(torch.arange(H, dtype=torch.float64), torch.arange(W, dtype=torch.float64), indexing="ij")
    places = (torch.stack([xs, ys], -1) - half) @ torch.linalg.inv(forward).T / half_source
    mode = {"zeros": "zeros", "replicate": "border", "reflect": "reflection", "circular": "zeros"}[padding]
    return F.grid_sample(source, places[None], mode="bilinear", padding_mode=mode, align_corners=True)


def affine(maps):
    """The same for zeros, with PyTorch's own affine_grid."""
    forward = torch.eye(2, dtype=torch.float64)
    for one in maps:
        forward = one @ forward
    unit = torch.diag(torch.tensor([(W - 1) / 2, (H - 1) / 2], dtype=torch.float64))
    theta = torch.cat([torch.linalg.inv(unit) @ torch.linalg.inv(forward) @ unit, torch.zeros(2, 1, dtype=torch.float64)], 1)
    return F.grid_sample(image, F.affine_grid(theta[None], image.shape, align_corners=True), padding_mode="zeros", align_corners=True)


def numbers(tensor):
    return [round(value, 7) for value in tensor.flatten().tolist()]


turns = {
    "rotate 20": [rotate(20)],
    "rotate -90": [rotate(-90)],
    "scale 0.6": [scale(0.6)],
    "scale 1.7": [scale(1.7)],
    "shear 25": [shear(25)],
    "rotate 33, scale 1.2, shear -15": [rotate(33), scale(1.2), shear(-15)],
    "shear -15, scale 1.2, rotate 33": [shear(-15), scale(1.2), rotate(33)],
}
recorded = {}
for name, maps in turns.items():
    assert torch.allclose(warp(maps, "zeros"), affine(maps), atol=1e-12)
    for padding in ("zeros", "reflect", "replicate", "circular"):
        recorded[f"{name}; {padding}"] = numbers(warp(maps, padding))

crops = {}
for top, left, height, width in ((1, 2, 3, 4), (0, 0, 5, 7), (4, 6, 1, 1), (2, 0, 2, 7)):
    part = image[:, :, top:top + height, left:left + width]
    crops[f"{top} {left} {height} {width}"] = numbers(F.interpolate(part, (H, W), mode="bilinear", align_corners=False))

path = pathlib.Path(__file__).with_name("augmentation.json")
path.write_text(json.dumps({"torch": torch.__version__, "turns": recorded, "crops": crops}).replace("], ", "],\n") + "\n")
