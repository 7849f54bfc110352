"""Writes held-out scenes as a data set that `paligguf eval` reads.

  python3 dataset.py OUT_DIR N_SCENES

The same scenes, prompts and answers as evaluate.py's: text.jsonl (captions,
texts, questions; "type" says which), thai.jsonl, detect.jsonl, several.jsonl
and segment.jsonl, with the pictures at 448 px in OUT_DIR/pictures.
"""
import json
import os
import sys

import numpy as np

from scenes import (
    CLASSES, caption_en, caption_th, cap_en, describe_en, make_scene, render, truth, vqa_questions,
)

HELD_OUT = 500_000_000  # as evaluate.py
R = 448
NAMES = [c[0] for c in CLASSES]


def runs(mask):
    """Column by column, the first run outside, as COCO stores masks."""
    flat = mask.T.reshape(-1)
    edges = np.flatnonzero(np.diff(flat.astype(np.int8))) + 1
    out = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    return ([0] + out) if flat[0] else out


def found(o, mask=None):
    y0, x0, y1, x1 = (float(z) * R for z in o["box"])
    d = {"label": NAMES[o["c"]], "bbox": [x0, y0, x1 - x0, y1 - y0]}
    if mask is not None:
        d["segmentation"] = {"size": [R, R], "counts": runs(mask)}
    return d


def main():
    out, n = sys.argv[1], int(sys.argv[2])
    os.makedirs(out + "/pictures", exist_ok=True)
    files = {k: open(f"{out}/{k}.jsonl", "w", encoding="utf-8")
             for k in ("text", "thai", "detect", "several", "segment")}
    r = np.random.RandomState(1)
    for k in range(n):
        sc = make_scene(HELD_OUT + 1000 + k)
        im, objs = render(sc, R, masks64=False)
        name = f"pictures/scene_{k:04d}.png"
        im.save(f"{out}/{name}")
        t = truth(sc, objs)
        masks = [o["mask"] for o in objs]
        present = list(dict.fromkeys(o["c"] for o in t["objects"]))

        def add(file, kind, prompt, **fields):
            row = {"id": f"{k}/{kind}", "image": name, "width": R, "height": R, "prefix": prompt, **fields}
            files[file].write(json.dumps(row, ensure_ascii=False) + "\n")

        text = lambda kind, prompt, answer: add("text", kind, prompt, suffix=answer, type=kind)
        text("cap", "cap en", cap_en(t))
        text("caption", "caption en", caption_en(t))
        text("thai", "caption th", caption_th(t))
        text("describe", "describe en", describe_en(t))
        add("thai", "thai", "caption th", suffix=caption_th(t))
        for c in present:
            own = [found(o) for o in t["objects"] if o["c"] == c]
            add("detect", f"detect {NAMES[c]}", f"detect {NAMES[c]}", objects=own)
        if len(present) > 1:
            all_ = [found(o) for c in present for o in t["objects"] if o["c"] == c]
            add("several", "several", "detect " + " ; ".join(NAMES[c] for c in present), objects=all_)
        if present:
            c = present[r.randint(len(present))]
            own = [found(o, m) for o, m in zip(t["objects"], masks) if o["c"] == c]
            add("segment", f"segment {NAMES[c]}", f"segment {NAMES[c]}", objects=own)
            a = r.randint(len(CLASSES))
            if a not in present:
                text("absent", f"detect {NAMES[a]}", "")
        if t["text"]:
            text("ocr", "ocr", t["text"])
        seen = set()
        qs = vqa_questions(t, r)
        r.shuffle(qs)
        for kind, p, s in qs:
            if kind not in seen:
                seen.add(kind)
                text("question, " + kind, p, s)
    for f in files.values():
        f.close()


if __name__ == "__main__":
    main()
