"""Train the microworld's image encoder, without labels or words: its stand-in for DINO.

    python -m sdbench.microworld.pretrain.encoder --out runs/pretrain             # trains, exports, then measures
    python -m sdbench.microworld.pretrain.encoder --out runs/pretrain --measure   # measures what is there

SimCLR (arXiv 2002.05709): two crops of a render, mirrored and mildly changed in brightness and contrast (hue is kept,
since colour is part of who a subject is), must find each other in the batch. The frame of each view comes from another
render (as in CutMix, arXiv 1905.04899), else what is learnt is mostly the background. The projection head is dropped.
`<out>/encoder/encoder.onnx` takes `images` (n, 3, 64, 64) in [-1, 1] and gives `features` (n, 256) of unit length.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from sdbench.microworld.canvas import SIZE_PX
from sdbench.microworld.pretrain.data import batches, draw, draw_many, learning_rate, to_tensor
from sdbench.microworld.render import render
from sdbench.microworld.scene import BACKGROUNDS, Scene, sample_split

WIDTHS, TEMPERATURE = (32, 64, 128, 256), 0.15


class Block(nn.Module):
    """Depthwise 5 x 5, then two pointwise convolutions, added to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.spatial = nn.Conv2d(width, width, 5, padding=2, groups=width, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.expand = nn.Conv2d(width, 3 * width, 1)
        self.project = nn.Conv2d(3 * width, width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.project(F.gelu(self.expand(self.norm(self.spatial(x)))))


class Encoder(nn.Module):
    """(n, 3, 64, 64) in [-1, 1] to (n, 256) of unit length; 0.8 M parameters, after arXiv 2201.03545."""

    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = [nn.Conv2d(3, WIDTHS[0], 4, stride=4)]
        for width, wider in zip(WIDTHS, (*WIDTHS[1:], None), strict=True):
            stages += [Block(width), nn.BatchNorm2d(width)]
            if wider:
                stages.append(nn.Conv2d(width, wider, 2, stride=2))
        self.stages = nn.Sequential(*stages)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.stages(images).float().mean((2, 3)), dim=-1)


def elsewhere(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Each image's inner part in the frame of another: what lies around a thing does not say which thing it is."""
    margins = torch.randint(4, 15, (4, len(images), 1, 1, 1), generator=generator)
    x, y = torch.arange(SIZE_PX), torch.arange(SIZE_PX)[:, None]
    left, right, top, bottom = margins
    inside = (x >= left) & (x < SIZE_PX - right) & (y >= top) & (y < SIZE_PX - bottom)
    return torch.where(inside, images, images[torch.randperm(len(images), generator=generator)])


def view(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """One random view of each image: a crop of 45 to 100 % of its side, perhaps mirrored, brighter or greyer."""

    def uniform(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(len(images), generator=generator)

    side, mirror = uniform(0.45, 1.0), uniform(-1, 1).sign()
    matrix = torch.zeros(len(images), 2, 3)
    matrix[:, 0, 0], matrix[:, 1, 1] = side * mirror, side
    matrix[:, 0, 2], matrix[:, 1, 2] = uniform(-1, 1) * (1 - side), uniform(-1, 1) * (1 - side)
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    cropped = F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    contrast, brightness = uniform(0.75, 1.25)[:, None, None, None], uniform(-0.15, 0.15)[:, None, None, None]
    return cropped * contrast + brightness


def simclr_loss(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """NT-Xent, equation 1 of arXiv 2002.05709. first, second: (n, d) of unit length, row i of both the same image."""
    both = torch.cat([first, second])
    logits = (both @ both.T / TEMPERATURE).masked_fill(torch.eye(len(both), dtype=torch.bool), float("-inf"))
    return F.cross_entropy(logits, torch.arange(len(both)).roll(len(first)))


def train(out: Path, steps: int, batch_size: int, images: int, lr: float) -> Encoder:
    torch.manual_seed(0)
    encoder = Encoder().to(memory_format=torch.channels_last)
    head = nn.Sequential(nn.Linear(WIDTHS[-1], 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 128))
    model = nn.ModuleList([encoder, head])
    print(f"{sum(p.numel() for p in encoder.parameters()) / 1e6:.2f} M parameters", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.05)
    state, start = out / "encoder_state.pt", 0
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        start = saved["step"]
    data = draw_many(seed=5, count=images).images if start < steps else np.zeros((1, SIZE_PX, SIZE_PX, 3), np.uint8)
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    for step, rows in batches(len(data), batch_size, steps, seed=5, start=start):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, lr, warmup=100)
        generator = torch.Generator().manual_seed(step)
        pixels = to_tensor(data[rows.numpy()])
        pair = [view(elsewhere(pixels, generator), generator) for _ in range(2)]
        views = torch.cat(pair).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            projected = head(encoder(views))
        loss = simclr_loss(*F.normalize(projected.float(), dim=-1).chunk(2))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 20 == 0:
            print(f"{step} loss {loss.item():.3f} {time.perf_counter() - began:.0f}s", flush=True)
        if (step + 1) % 100 == 0 or step + 1 == steps:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}, state)
    return encoder.eval()


def export(encoder: Encoder, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        encoder, (torch.zeros(1, 3, SIZE_PX, SIZE_PX),), str(path), input_names=["images"], output_names=["features"],
        dynamic_axes={"images": {0: "n"}, "features": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip


def features(path: Path, images: np.ndarray) -> np.ndarray:
    """(n, 256) for (n, 64, 64, 3) uint8."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"images": to_tensor(images).contiguous().numpy()})[0])


def same_individuals(count: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(count, 64, 64, 3) twice: row i shows one individual, or one thing, before two backgrounds."""
    rng = np.random.default_rng([55, count])

    def moved(scene: Scene) -> Scene:
        return dataclasses.replace(scene, background=str(rng.choice([b for b in BACKGROUNDS if b != scene.background])))

    scenes = [dataclasses.replace(sample_split(rng, True, kind), style="plain", pose="standing") for _ in range(count)]
    shown = [(np.asarray(render(s, rng).image), np.asarray(render(moved(s), rng).image)) for s in scenes]
    return np.stack([a for a, _ in shown]), np.stack([b for _, b in shown])


def measure(path: Path) -> None:
    """Print what nearest neighbours in feature space share, and how well one individual is told from others."""
    known, asked = draw(seed=56, count=4000), draw(seed=57, count=1000, heldout=True)
    nearest = (features(path, asked.images) @ features(path, known.images).T).argmax(-1)
    pairs = [(s, known.scenes[i]) for s, i in zip(asked.scenes, nearest.tolist(), strict=True)]
    for fact in ("kind", "thing", "color", "background"):
        share = np.mean([getattr(a, fact) == getattr(b, fact) for a, b in pairs])
        print(f"nearest neighbour has the same {fact}: {share:.3f}")
    for kind in ("animal", "girl", "item"):
        here, there = (features(path, images) for images in same_individuals(400, kind))
        cosines = here @ there.T
        same, other = np.diag(cosines), cosines[~np.eye(len(cosines), dtype=bool)]
        auc = np.mean([np.mean(s > other) for s in same])
        print(f"same {kind} elsewhere above another {kind}: AUC {auc:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--batch-size", type=int, default=192)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--measure", action="store_true")
    args = parser.parse_args()
    path = args.out / "encoder" / "encoder.onnx"
    if not args.measure:
        export(train(args.out, args.steps, args.batch_size, args.images, args.lr), path)
    measure(path)


if __name__ == "__main__":
    main()
