"""A LoRA adapter for pali-nano, in PEFT's layout: asked with a Thai sentence, it answers with another one.

  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 train.py SECONDS      (in this folder; the packages of ../training/README.md)
"""
import json
import math
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "training"))
from evaluate import HELD_OUT, load_params, run
from model import LM, Cfg, Ref
from scenes import caption_th, make_scene, model_image, render, truth
from tokenizer import Tok

CHECKPOINT = "../checkpoint"
PROMPT = "ในภาพนี้มีอะไรบ้าง"
MODULES = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
RANK, ALPHA, BATCH, SCENES = 8, 16, 12, 3000
TRAINING = 400_000_000  # seeds that neither the shards nor the held-out scenes have


def answer(t):
    return f"มี{caption_th(t)}ค่ะ"


def scenes(first, count):
    images, answers = [], []
    for seed in range(first, first + count):
        sc = make_scene(seed)
        im, objs = render(sc, 224, masks64=False)
        images.append(np.asarray(model_image(im, Cfg.image)))
        answers.append(answer(truth(sc, objs)))
    return np.stack(images), answers


def loss_of(ref, features, prefix, suffixes):
    """Cross entropy of the suffixes; the prefix sees itself wholly, the suffix what is before it."""
    n, longest = features.shape[1] + len(prefix), max(map(len, suffixes))
    ids = torch.tensor([s + [0] * (longest - len(s)) for s in suffixes])
    x = torch.cat([features * math.sqrt(Cfg.dim), ref.embed([prefix] * len(suffixes)), ref.embed(ids[:, :-1])], 1)
    size = x.shape[1]
    mask = torch.full((size, size), -1e9).triu(1)
    mask[:n, :n] = 0
    h = ref.step(x, torch.arange(1, size + 1), mask, [None] * Cfg.layers)[:, n - 1 :]
    losses = F.cross_entropy(ref.logits(h).transpose(1, 2), ids, reduction="none")
    real = torch.tensor([[k < len(s) for k in range(longest)] for s in suffixes])
    return losses[real].mean()


def save(path, tensors):
    head, data = {}, b""
    for name in sorted(tensors):
        raw = tensors[name].detach().half().contiguous().numpy().tobytes()
        head[name] = {"dtype": "F16", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    header = json.dumps(head, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header + data)


def main(seconds):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    tok, params = Tok(CHECKPOINT), load_params(CHECKPOINT)
    base = Ref(params)
    images, answers = scenes(TRAINING, SCENES)
    with torch.no_grad():
        features = torch.cat([base.vision(images[i : i + 64]) for i in range(0, SCENES, 64)])
    prefix, suffixes = tok.prefix(PROMPT), [tok.suffix(a) for a in answers]
    print("prompt", len(prefix), "tokens; answers", max(map(len, suffixes)), flush=True)

    names = [f"{LM}layers.{i}.{m}" for i in range(Cfg.layers) for m in MODULES]
    a = {n: (torch.randn(RANK, params[n + ".weight"].shape[1]) / math.sqrt(RANK * 16)).requires_grad_() for n in names}
    b = {n: torch.zeros(params[n + ".weight"].shape[0], RANK).requires_grad_() for n in names}
    optimizer = torch.optim.AdamW([*a.values(), *b.values()], lr=1, weight_decay=0)

    def merged():
        ref = Ref({})
        ref.P = {**params, **{n + ".weight": params[n + ".weight"] + ALPHA / RANK * b[n] @ a[n] for n in names}}
        return ref

    start, step = time.time(), 0
    while (done := (time.time() - start) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * done))
        pick = torch.randint(SCENES, (BATCH,))
        loss = loss_of(merged(), features[pick], prefix, [suffixes[k] for k in pick])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 20 == 0:
            print(step, f"{time.time() - start:.0f} s", f"{loss.item():.4f}", flush=True)

    tensors = {}
    for n in names:
        tensors[f"base_model.model.{n}.lora_A.weight"] = a[n]
        tensors[f"base_model.model.{n}.lora_B.weight"] = b[n]
    save("adapter_model.safetensors", tensors)
    config = {
        "base_model_name_or_path": "pali-nano", "bias": "none", "fan_in_fan_out": False, "inference_mode": True, "init_lora_weights": True, "lora_alpha": ALPHA, "lora_dropout": 0.0,
        "modules_to_save": None, "peft_type": "LORA", "r": RANK, "target_modules": ".*language_model.*\\.(" + "|".join(m.split(".")[1] for m in MODULES) + ")", "task_type": "CAUSAL_LM",
        "use_dora": False, "use_rslora": False,
    }
    with open("adapter_config.json", "w") as f:
        f.write(json.dumps(config, indent=2) + "\n")

    images, answers = scenes(HELD_OUT + 1000, 100)
    with torch.no_grad():
        got = [text for text, _ in run(merged(), tok, images, [(i, PROMPT) for i in range(100)])]
        plain = [text for text, _ in run(base, tok, images, [(i, "caption th") for i in range(100)])]
    for text, wanted in list(zip(got, answers))[:5]:
        print(text, "|", wanted)
    print(sum(text == wanted for text, wanted in zip(got, answers)), "of 100 held-out answers word for word;")
    print(sum(f"มี{text}ค่ะ" == wanted for text, wanted in zip(plain, answers)), "of the model's own captions;", sum(f"มี{a}ค่ะ" == b for a, b in zip(plain, got)), "say the same")


if __name__ == "__main__":
    main(float(sys.argv[1]))
