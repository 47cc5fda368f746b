"""Train the microworld's CLIP, of open_clip's architecture, on renders and their captions.

    python -m sdbench.microworld.pretrain.clip --out runs/pretrain             # trains, then measures
    python -m sdbench.microworld.pretrain.clip --out runs/pretrain --measure   # measures what is there

The symmetric contrastive loss of arXiv 2103.00020 (figure 3), where another row with the very same caption is not
counted as a negative. A render's caption is worded anew each time it is drawn, and often says nothing of its badge:
else "a blue cap" would come to mean a cap without one, and of a blue cap with a red badge the CLIP would rather say
"a red cap". The folder written, `<out>/clip/`, is one that open_clip loads as `local-dir:<folder>`: its config,
safetensors weights and the base's tokenizer. A checkpoint is written every 100 steps; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPTokenizer

from sdbench.microworld import tokenizer as vocabulary
from sdbench.microworld.canvas import SIZE_PX
from sdbench.microworld.pretrain.data import batches, draw, draw_many, learning_rate, to_tensor
from sdbench.microworld.pretrain.text import tokenize
from sdbench.microworld.scene import COLORS, GARMENTS, ITEMS, Scene, caption

EMBED_DIM, MAX_NOISE, BADGE_UNSAID = 128, 0.15, 0.4
PHRASES = {
    "item": ("a {color} {thing}",),
    "model": tuple(f"a {sex} model wearing a {{color}} {{thing}}" for sex in ("male", "female")),
}
THINGS = {"item": ITEMS, "model": GARMENTS}


def config(tokenizer: CLIPTokenizer) -> dict[str, Any]:
    """open_clip's own config format: a modified ResNet for 64 x 64 images, two transformer layers for captions."""
    vision = {"image_size": SIZE_PX, "layers": [2, 2, 2, 2], "width": 16, "patch_size": None}
    text = {
        "context_length": vocabulary.MAX_LENGTH, "vocab_size": len(tokenizer), "width": 128, "heads": 4, "layers": 2,
        "pool_type": "eos", "eos_id": tokenizer.eos_token_id, "pad_id": tokenizer.pad_token_id,
        "hf_tokenizer_name": "beside this file",
    }  # fmt: skip
    half = [0.5, 0.5, 0.5]
    return {
        "model_cfg": {"embed_dim": EMBED_DIM, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": {"mean": half, "std": half, "interpolation": "bicubic", "resize_mode": "squash"},
    }


def say(scene: Scene, rng: np.random.Generator) -> str:
    """A caption that may leave the badge out, unless the badge is all there is."""
    silent = scene.kind != "logo" and rng.random() < BADGE_UNSAID
    return caption(dataclasses.replace(scene, badge=None) if silent else scene, rng)


def contrastive_loss(
    image_features: torch.Tensor, text_features: torch.Tensor, scale: torch.Tensor, captions: Sequence[str]
) -> torch.Tensor:
    """Mean cross entropy over rows and columns of scaled cosines; features (n, d) of unit length."""
    logits = scale * image_features @ text_features.T
    numbers = torch.tensor(np.unique(list(captions), return_inverse=True)[1])
    same = (numbers[:, None] == numbers[None]) & ~torch.eye(len(numbers), dtype=torch.bool)
    logits = logits.masked_fill(same, float("-inf"))
    target = torch.arange(len(numbers))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def save(folder: Path, model: open_clip.CLIP, described: dict[str, Any], tokenizer: CLIPTokenizer) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(described, indent=1) + "\n")
    tokenizer.save_pretrained(folder)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "open_clip_model.safetensors")


def train(out: Path, steps: int, batch_size: int, images: int, lr: float) -> None:
    torch.manual_seed(0)
    vocabulary.build(out / "clip")
    tokenizer = CLIPTokenizer.from_pretrained(out / "clip")
    described = config(tokenizer)
    model = open_clip.CLIP(**described["model_cfg"]).to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.05, betas=(0.9, 0.98))
    state, start = out / "clip_state.pt", 0
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        start = saved["step"]
    data = draw_many(seed=4, count=images)
    began = time.perf_counter()
    for step, rows in batches(len(data), batch_size, steps, seed=4, start=start):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, lr, warmup=100)
        rng = np.random.default_rng([4, step])
        captions = [say(data.scenes[i], rng) for i in rows.tolist()]
        generator = torch.Generator().manual_seed(step)
        pixels = to_tensor(data.images[rows.numpy()])
        sigma = MAX_NOISE * torch.rand(len(pixels), 1, 1, 1, generator=generator)
        pixels = pixels + sigma * torch.randn(pixels.shape, generator=generator)
        with torch.autocast("cpu", torch.bfloat16):
            seen = model.encode_image(pixels.to(memory_format=torch.channels_last))
            said = model.encode_text(tokenize(tokenizer, captions))
        scale = model.logit_scale.exp()
        loss = contrastive_loss(F.normalize(seen.float(), dim=-1), F.normalize(said.float(), dim=-1), scale, captions)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            model.logit_scale.clamp_(0, np.log(100))
        if step % 20 == 0:
            seconds = time.perf_counter() - began
            print(f"{step} loss {loss.item():.3f} scale {scale.item():.1f} {seconds:.0f}s", flush=True)
        if (step + 1) % 100 == 0 or step + 1 == steps:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}, state)
            save(out / "clip", model, described, tokenizer)


@functools.cache
def load(folder: Path) -> tuple[open_clip.CLIP, Any, Any]:
    """Model in evaluation mode, image transform and tokenizer, by the road any open_clip model takes."""
    model, _, transform = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    return model.eval(), transform, open_clip.get_tokenizer(f"local-dir:{folder}")


@torch.no_grad()
def read_item_and_color(images: Sequence[Image.Image], kind: str, folder: Path) -> list[tuple[str, str]]:
    """What the CLIP in `folder` sees, zero-shot, among all things x colours. kind: `item` or `model` (what is worn)."""
    model, transform, tokenize_words = load(folder)
    answers = [(thing, color, phrase) for thing in THINGS[kind] for color in COLORS for phrase in PHRASES[kind]]
    said = model.encode_text(tokenize_words([p.format(color=c, thing=t) for t, c, p in answers]), normalize=True)
    best = []
    for at in range(0, len(images), 64):
        pixels = torch.stack([transform(image) for image in images[at : at + 64]])
        best += (model.encode_image(pixels, normalize=True) @ said.T).argmax(-1).tolist()
    return [answers[i][:2] for i in best]


def measure(folder: Path, count: int = 1000) -> None:
    """Print how often item and colour of held-out renders are read right, and what is mistaken for what."""
    for kind in PHRASES:
        renders = draw(seed=44, count=count, heldout=True, kind=kind)
        read = read_item_and_color([Image.fromarray(image) for image in renders.images], kind, folder)
        pairs = list(zip(renders.scenes, read, strict=True))
        items = np.mean([s.thing == thing for s, (thing, _) in pairs])
        colors = np.mean([s.color == color for s, (_, color) in pairs])
        print(f"{kind}: n {count} item {items:.3f} color {colors:.3f}")
        wrong = [f"{s.color} {s.thing} as {c} {t}" for s, (t, c) in pairs if (s.thing, s.color) != (t, c)]
        print(f"  mistaken: {'; '.join(wrong[:20])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--images", type=int, default=40_000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--measure", action="store_true")
    args = parser.parse_args()
    if not args.measure:
        train(args.out, args.steps, args.batch_size, args.images, args.lr)
    measure(args.out / "clip")


if __name__ == "__main__":
    main()
