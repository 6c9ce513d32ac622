"""Writes resizing.json beside this file: images that follow a formula, resized by Pillow's bilinear filter.

Run with any Python that has Pillow: python3 tests/recorded/record_resizing.py
"""
import json
import pathlib

from PIL import Image

CASES = [  # width, height, target width, target height, part of the image (left, top, right, bottom) or None for all
    (37, 53, 8, 9, None), (8, 8, 21, 13, None), (100, 1, 5, 4, None), (1, 1, 3, 3, None), (200, 150, 16, 16, None),
    (300, 40, 7, 7, None), (61, 40, 12, 12, (10.5, 0, 50.5, 40)), (20, 33, 30, 30, (0, 6.5, 20, 26.5)),
]


def pixel(x, y, channel):
    return (x * x * 7 + y * 13 + x * y + 50 * channel + (x // 5 + y // 3) % 2 * 90) % 256


def resized(width, height, to_width, to_height, box):
    image = Image.new("RGB", (width, height))
    image.putdata([tuple(pixel(x, y, channel) for channel in range(3)) for y in range(height) for x in range(width)])
    small = image.resize((to_width, to_height), Image.BILINEAR, box=box)
    return [list(plane.getdata()) for plane in small.split()]


cases = [{"width": w, "height": h, "toWidth": tw, "toHeight": th, "crop": box is not None, "planes": resized(w, h, tw, th, box)} for w, h, tw, th, box in CASES]
pathlib.Path(__file__).with_name("resizing.json").write_text(json.dumps(cases) + "\n")
