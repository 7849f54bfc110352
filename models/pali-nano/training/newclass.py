"""Writes scenes with a thing that pali-nano has never seen, a snail, for `paligguf train` and `paligguf eval`.

  python3 newclass.py OUT_DIR TRAINING_SCENES HELD_OUT_SCENES

train.jsonl and valid.jsonl in OUT_DIR, lines of image, prefix ("detect snail") and objects with boxes in pixels; the pictures at 224 px in
OUT_DIR/pictures. Every fourth scene has no snail.
"""
import json
import os
import sys

import scenes
from scenes import make_scene, render, truth

TRAINING = 600_000_000  # seeds that no other scenes have
HELD_OUT = 700_000_000
SIDE = 224
SNAIL = len(scenes.CLASSES)


def write(out, name, first, count):
    with open(f"{out}/{name}.jsonl", "w", encoding="utf-8") as lines:
        for seed in range(first, first + count):
            scene = make_scene(seed)
            if seed % 4 and scene["objects"]:
                scene["objects"][0].update(c=SNAIL, v=0)
            picture, objects = render(scene, SIDE, masks64=False)
            file = f"pictures/{name}_{seed - first:05d}.png"
            picture.save(f"{out}/{file}")
            boxes = [[float(side) * SIDE for side in o["box"]] for o in truth(scene, objects)["objects"] if o["c"] == SNAIL]
            row = {
                "id": f"{name}/{seed - first}", "image": file, "width": SIDE, "height": SIDE, "prefix": "detect snail",
                "objects": [{"label": "snail", "bbox": [x0, y0, x1 - x0, y1 - y0]} for y0, x0, y1, x1 in boxes],
            }
            lines.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    folder, training, held_out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(f"{folder}/pictures", exist_ok=True)
    scenes.CLASSES.append(("snail", "snails", "หอยทาก", "ตัว", [("🐌", None)]))
    write(folder, "train", TRAINING, training)
    write(folder, "valid", HELD_OUT, held_out)
