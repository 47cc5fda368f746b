"""What the frozen base could draw if it were conditioned as well as can be: the bound of Textual Inversion.

    python -m sdbench.microworld.pretrain.reach --out runs/reach [--steps 3000] [--lr 0.02]

Textual Inversion moves a few rows of the embedding table. Here every hidden state that the denoiser sees of each
training caption is free (one tensor a picture) and learns to denoise just that picture. Prints how many of the images
then drawn from these states are lettered right, and leaves a picture of them in `--out`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sdbench import backbones, generate, subjects
from sdbench.backbones.base import Backbone, square
from sdbench.config import compose_cell
from sdbench.microworld.pretrain.data import to_tensor
from sdbench.microworld.pretrain.quality import read_exactly
from sdbench.subjects import Subject

SEEDS = range(4)


def learn(base: Backbone, subject: Subject, steps: int, lr: float) -> torch.Tensor:
    """Hidden states (pictures, tokens, width) from those of the captions, by Adam with `lr` falling to 0."""
    pictures = [np.array(square(reference.path, base.resolution_px)) for reference in subject.train]
    captions = [r.caption.replace(subject.identifier, subject.class_words) for r in subject.train]
    with torch.no_grad():
        mean, std = base.encode_images(to_tensor(np.stack(pictures)))
        states = torch.nn.Parameter(base.encode_prompts(captions)["hidden"].clone())
    optimizer = torch.optim.Adam([states], lr=lr)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    torch.manual_seed(0)
    losses = []
    for step in range(1, steps + 1):
        times = torch.tensor([base.draw_time(torch.default_generator) for _ in mean])
        latents = mean + std * torch.randn_like(mean)
        with torch.autocast("cpu", torch.bfloat16):
            loss = base.loss(latents, torch.randn_like(mean), times, {"hidden": states}).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 500 == 0:
            print(f"step {step}: loss {np.mean(losses[-500:]):.4f}", flush=True)
    return states.detach()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--lr", type=float, default=0.02)
    args = parser.parse_args()
    cell = compose_cell(["subject=red_hugo_logo", "device=cpu"])
    base = backbones.load(cell.model, cell.device)
    subject = subjects.load(cell.subject, base.resolution_px)
    assert subject.lettering, "a subject without lettering has nothing to spell"
    states = learn(base, subject, args.steps, args.lr)

    pipeline, sampler = base.pipeline, cell.sampler
    pipeline.scheduler = generate.create_scheduler(sampler.scheduler, pipeline.scheduler.config)
    images: list[Image.Image] = []
    for seed in SEEDS:
        generators = [torch.Generator().manual_seed(seed) for _ in states]
        images += pipeline(
            prompt_embeds=states, negative_prompt_embeds=base.encode_prompts([""] * len(states))["hidden"].detach(),
            generator=generators, num_inference_steps=sampler.num_inference_steps,
            guidance_scale=sampler.guidance_scale, height=base.resolution_px, width=base.resolution_px,
        ).images  # fmt: skip
    exact = read_exactly(images, [subject.lettering] * len(images))
    print(f"lettered {subject.lettering}: {exact:.3f} of n={len(images)}")
    sheet = Image.new("RGB", (len(states) * base.resolution_px, len(SEEDS) * base.resolution_px))
    for i, image in enumerate(images):
        sheet.paste(image, (i % len(states) * base.resolution_px, i // len(states) * base.resolution_px))
    args.out.mkdir(parents=True, exist_ok=True)
    sheet.save(args.out / "reach.png")


if __name__ == "__main__":
    main()
