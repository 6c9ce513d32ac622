"""Writes images.json beside this file: small files of kinds that other programs write, and the pixels that Pillow reads from them.

Run with any Python that has Pillow: python3 tests/recorded/record_images.py
"""
import base64
import io
import json
import pathlib

from PIL import Image

WIDTH, HEIGHT = 24, 20


def photograph(turn):
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([((x * 10 + turn) % 256, y * 12, 255 - x * 5 - y * 6) for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def palette(turn):
    return photograph(turn).quantize(16)


def printed():
    """Cyan, magenta and yellow of a photograph, and black that grows to the right."""
    black = Image.new("L", (WIDTH, HEIGHT))
    black.putdata([x * 8 for y in range(HEIGHT) for x in range(WIDTH)])
    return Image.merge("CMYK", (*photograph(0).convert("CMYK").split()[:3], black))


def saved(image, kind, **how):
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def recorded(name, file, tolerance):
    read = Image.open(io.BytesIO(file))
    read = (read.convert("RGB") if read.mode == "CMYK" else read).convert("RGBA")
    return {"name": name, "file": base64.b64encode(file).decode(), "width": read.width, "height": read.height, "tolerance": tolerance,
            "rgba": base64.b64encode(read.tobytes()).decode()}


cases = [
    recorded("CMYK JPEG, inverted as Adobe writes it", saved(printed(), "JPEG", quality=90), 3),
    recorded("GIF", saved(palette(0), "GIF", interlace=0), 0),
    recorded("interlaced GIF", saved(palette(0), "GIF", interlace=1), 0),
    recorded("GIF with a transparent colour", saved(palette(0), "GIF", transparency=3), 0),
    recorded("animated GIF", saved(palette(0), "GIF", save_all=True, append_images=[palette(90), palette(180)], duration=50, loop=0), 0),
]
pathlib.Path(__file__).with_name("images.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
