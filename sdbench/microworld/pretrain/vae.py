"""Train the microworld's VAE: 64 x 64 RGB to 16 x 16 x 8 latents, letters kept legible.

    python -m sdbench.microworld.pretrain.vae --out runs/pretrain

The loss is L1 plus L1 of image gradients, weighted six-fold inside badges, plus a weak KL term. A checkpoint is
written every 500 steps; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from sdbench.microworld.pretrain.data import batches, draw_many, learning_rate, to_tensor

BADGE_WEIGHT, EDGE_WEIGHT, KL_WEIGHT = 6.0, 1.0, 5e-4


def build() -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=8, sample_size=64, layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(16, 48, 96), norm_num_groups=4, mid_block_add_attention=False,
    )  # fmt: skip


def badge_weights(boxes: np.ndarray) -> torch.Tensor:
    """(n, 1, 64, 64): 1, and `BADGE_WEIGHT` inside badges."""
    weights = torch.ones(len(boxes), 1, 64, 64)
    for row, (left, top, right, bottom) in enumerate(boxes):
        if left >= 0:
            weights[row, :, top:bottom, left:right] = BADGE_WEIGHT
    return weights


def reconstruction_loss(output: torch.Tensor, target: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    error = output - target
    edges = (error.diff(dim=-1).abs() * weights[..., 1:]).mean() + (
        error.diff(dim=-2).abs() * weights[..., 1:, :]
    ).mean()
    return (error.abs() * weights).mean() + EDGE_WEIGHT * edges


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    args = parser.parse_args()
    torch.manual_seed(0)
    data = draw_many(seed=1, count=args.images)
    vae = build().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=args.lr, weight_decay=1e-4)
    state, start = args.out / "vae_state.pt", 0
    if state.exists():
        saved = torch.load(state, weights_only=True)
        vae.load_state_dict(saved["vae"]), optimizer.load_state_dict(saved["optimizer"])
        start = saved["step"]
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    for step, rows in batches(len(data), args.batch_size, args.steps, seed=1, start=start):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, args.steps, args.lr)
        target = to_tensor(data.images[rows.numpy()]).to(memory_format=torch.channels_last)
        weights = badge_weights(data.boxes[rows.numpy()])
        with torch.autocast("cpu", torch.bfloat16):
            posterior = vae.encode(target).latent_dist
            output = vae.decode(posterior.sample()).sample
        loss = reconstruction_loss(output.float(), target, weights)
        kl = posterior.kl().mean() / posterior.mean[0].numel()
        (loss + KL_WEIGHT * kl).backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 50 == 0:
            l1 = F.l1_loss(output.float(), target).item()
            print(
                f"{step} loss {loss.item():.4f} l1 {l1:.4f} kl {kl.item():.3f} {time.perf_counter() - began:.0f}s",
                flush=True,
            )
        if (step + 1) % 500 == 0 or step + 1 == args.steps:
            torch.save({"vae": vae.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}, state)
            vae.save_pretrained(args.out / "base" / "vae")


if __name__ == "__main__":
    main()
