"""Writes resize.json: SHA-256 of what Pillow makes of pseudo-random pictures, in many sizes. Needs only Pillow.

The pictures come from a linear congruential generator that the test repeats: state = state * 1664525 + 1013904223 (mod 2^32), starting at the
seed; each byte is the top byte of the next state ("noise"), or 255 where that is at least 128 and else 0 ("binary": overshoots are clamped).
"""
import hashlib
import json
import pathlib
import random

import PIL
from PIL import Image

FILTERS = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR}


def picture(seed, kind, width, height):
    data = bytearray(3 * width * height)
    state = seed
    for i in range(len(data)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        value = state >> 24
        data[i] = value if kind == "noise" else 255 * (value >= 128)
    return Image.frombytes("RGB", (width, height), bytes(data))


def sizes(rng):
    yield from [(1, 1, 1, 1), (1, 1, 224, 224), (1, 37, 14, 14), (41, 1, 14, 14), (224, 224, 224, 224), (320, 200, 224, 224), (150, 260, 224, 224)]
    yield from [(224, 100, 224, 224), (100, 224, 224, 224), (2, 3, 1, 1), (500, 3, 1, 1), (3, 400, 2, 5), (640, 480, 448, 448), (20, 30, 448, 448)]
    yield from [(1999, 31, 224, 224), (31, 1999, 224, 224), (447, 449, 448, 448), (5, 7, 5, 7)]
    for _ in range(22):
        yield tuple(rng.randint(1, 160) for _ in range(4))


def main():
    rng = random.Random(20)
    cases = []
    for seed, (width, height, to_width, to_height) in enumerate(sizes(rng), start=1):
        for name, pillow_filter in FILTERS.items():
            kind = "binary" if seed % 3 == 0 else "noise"
            resized = picture(seed, kind, width, height).resize((to_width, to_height), pillow_filter)
            digest = hashlib.sha256(resized.tobytes()).hexdigest()
            cases.append({"seed": seed, "kind": kind, "from": [width, height], "to": [to_width, to_height], "filter": name, "sha256": digest})
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    path = pathlib.Path(__file__).with_name("resize.json")
    path.write_text('{"pillow": "%s", "cases": [\n%s\n]}\n' % (PIL.__version__, lines))


main()
