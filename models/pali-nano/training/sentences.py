"""Writes scenes with a Thai question and its answer, a wording that pali-nano does not know, for `paligguf train` and `paligguf eval`.

  python3 sentences.py OUT_DIR TRAINING_SCENES HELD_OUT_SCENES

train.jsonl and valid.jsonl in OUT_DIR, lines of image, prefix and suffix; the pictures at 224 px in OUT_DIR/pictures.
"""
import json
import os
import sys

from scenes import caption_th, make_scene, render, truth

PROMPT = "ในภาพนี้มีอะไรบ้าง"
TRAINING = 400_000_000  # seeds that neither pali-nano's own scenes nor the held-out ones have
HELD_OUT = 500_001_000  # as dataset.py


def write(out, name, first, count):
    with open(f"{out}/{name}.jsonl", "w", encoding="utf-8") as lines:
        for seed in range(first, first + count):
            scene = make_scene(seed)
            picture, objects = render(scene, 224, masks64=False)
            file = f"pictures/{name}_{seed - first:05d}.png"
            picture.save(f"{out}/{file}")
            row = {"image": file, "prefix": PROMPT, "suffix": f"มี{caption_th(truth(scene, objects))}ค่ะ"}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    folder, training, held_out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(f"{folder}/pictures", exist_ok=True)
    write(folder, "train", TRAINING, training)
    write(folder, "valid", HELD_OUT, held_out)
