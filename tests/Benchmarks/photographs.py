"""Photographs of 800 x 600 for the benchmark of images: each is made of 48 real ones of 100 x 100, side by side, so that their detail is real."""
import os
import random

from PIL import Image

COUNT, CLASSES, COLUMNS, ROWS, PART = 400, 10, 8, 6, 100
QUALITY = 90   # of cameras and the web


def make(source, folder):
    parts = [Image.open(path).convert("RGB").resize((PART, PART)) for path in files(source)]
    draw = random.Random(1)
    for number in range(COUNT):
        photograph = Image.new("RGB", (COLUMNS * PART, ROWS * PART))
        for place in range(COLUMNS * ROWS):
            photograph.paste(draw.choice(parts), (place % COLUMNS * PART, place // COLUMNS * PART))
        label = os.path.join(folder, str(number % CLASSES))
        os.makedirs(label, exist_ok=True)
        photograph.save(os.path.join(label, f"{number}.jpg"), quality=QUALITY)


def files(folder):
    return sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names if name.lower().endswith(".jpg"))
