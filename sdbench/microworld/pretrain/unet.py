"""Train the microworld's UNet together with its text encoder on cached latents, and write the base pipeline.

    OMP_NUM_THREADS=1 torchrun --nproc-per-node 2 -m sdbench.microworld.pretrain.unet --out runs/pretrain

Two one-thread processes, one to a core, that average their gradients took about twice the images a second of one.
Velocity prediction on Stable Diffusion's noise schedule, as Stable Diffusion 2.1; captions dropped for classifier-free
guidance in one case of ten; exponential moving average of the weights. The learning rate is constant until the last
quarter and then falls to zero, so `--steps` can be extended by running again. A checkpoint is written every 500 steps;
the same command goes on from it, and step k's batch and noise depend only on k and the process. Lettering is taught
after the rest (`--go-on-from`), first with few words (`--words`): a word that comes again is noticed, a random one not.
"""

from __future__ import annotations

import argparse
import copy
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from sdbench.microworld.pretrain.data import Renders, draw_many, to_tensor
from sdbench.microworld.pretrain.text import tokenize
from sdbench.microworld.scene import caption

CAPTION_DROPOUT, BADGE_WEIGHT, EMA_DECAY, TEXT_LR_SCALE = 0.1, 5.0, 0.999, 0.2


def build() -> UNet2DConditionModel:
    """As in SDXL, no attention at the highest resolution: that is three times the samples a second on a CPU."""
    return UNet2DConditionModel(
        sample_size=16, in_channels=8, out_channels=8, layers_per_block=1, block_out_channels=(96, 192),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=192, attention_head_dim=[3, 6], norm_num_groups=16,
    )  # fmt: skip


def scheduler() -> DDIMScheduler:
    """Stable Diffusion 2.1's."""
    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000,
        clip_sample=False, set_alpha_to_one=False, steps_offset=1, prediction_type="v_prediction",
    )  # fmt: skip


@torch.no_grad()
def encode(vae: AutoencoderKL, data: Renders, batch_size: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    """Posterior mean and standard deviation of every image, (n, 8, 16, 16) bfloat16 each."""
    means, stds = [], []
    for at in range(0, len(data), batch_size):
        images = to_tensor(data.images[at : at + batch_size]).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            posterior = vae.encode(images).latent_dist
        means.append(posterior.mean.bfloat16())
        stds.append(posterior.std.bfloat16())
    return torch.cat(means), torch.cat(stds)


def latent_weights(boxes: np.ndarray) -> torch.Tensor:
    """(n, 1, 16, 16): 1, and `BADGE_WEIGHT` on badges."""
    weights = torch.ones(len(boxes), 1, 16, 16)
    for row, (left, top, right, bottom) in enumerate(boxes // 4):
        if left >= 0:
            weights[row, :, top:bottom, left:right] = BADGE_WEIGHT
    return weights


def learning_rate(step: int, steps: int, peak: float, warmup: int = 300) -> float:
    """Warm-up, constant, then linear to zero over the last quarter."""
    return peak * min(1.0, (step + 1) / warmup, 4 * (steps - step) / steps)


@torch.no_grad()
def move_average(average: torch.nn.Module, model: torch.nn.Module, step: int) -> None:
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)


def average_gradients(parameters: list[torch.nn.Parameter], world: int) -> None:
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch._utils._flatten_dense_tensors(gradients)
    dist.all_reduce(flat)
    averaged = torch._utils._unflatten_dense_tensors(flat / world, gradients)
    torch._foreach_copy_(gradients, list(averaged))


def denoising_loss(
    unet: UNet2DConditionModel, hidden: torch.Tensor, latents: torch.Tensor, weights: torch.Tensor,
    alphas: torch.Tensor, generator: torch.Generator,
) -> torch.Tensor:  # fmt: skip
    """Mean squared error of the velocity (arXiv 2202.00512), more on badges."""
    noise = torch.randn(latents.shape, generator=generator)
    times = torch.randint(len(alphas), (len(latents),), generator=generator)
    alpha = alphas[times].view(-1, 1, 1, 1)
    noisy = (alpha.sqrt() * latents + (1 - alpha).sqrt() * noise).to(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        predicted = unet(noisy, times, hidden).sample
    velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
    return ((predicted.float() - velocity).square() * weights).mean()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--lettered", type=float, default=0.0, help="share of each batch drawn from badges alone")
    parser.add_argument("--words", type=int, default=0, help="size of the vocabulary of badges; 0: every word")
    parser.add_argument("--go-on-from", type=Path, help="a pipeline's folder, whose weights are trained on")
    return parser.parse_args()


def restore(state: Path, modules: dict[str, torch.nn.Module], optimizer: torch.optim.Optimizer) -> int:
    """The step to go on from, once modules and optimizer are as the checkpoint has them; 0 where there is none."""
    if not state.exists():
        return 0
    saved = torch.load(state, weights_only=True)
    start = int(saved.pop("step"))
    optimizer.load_state_dict(saved.pop("optimizer"))
    for name, weights in saved.items():
        modules[name].load_state_dict(weights)
    return start


def save(state: Path, modules: dict[str, torch.nn.Module], optimizer: torch.optim.Optimizer, step: int) -> None:
    """A checkpoint after `step` steps; the one before stays until this one is whole."""
    saved = {name: module.state_dict() for name, module in modules.items()}
    torch.save({**saved, "optimizer": optimizer.state_dict(), "step": step}, state.with_suffix(".tmp"))
    state.with_suffix(".tmp").rename(state)


def main() -> None:
    args = arguments()
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1:
        dist.init_process_group("gloo")
    torch.manual_seed(0)
    base, state = args.out / "base", args.out / "unet_state.pt"
    data = draw_many(seed=1, count=args.images, words=args.words)
    vae = AutoencoderKL.from_pretrained(base / "vae").to(memory_format=torch.channels_last)
    means, stds = encode(vae, data)
    vae.register_to_config(scaling_factor=1 / means[:4000].float().std().item())
    tokenizer = CLIPTokenizer.from_pretrained(base / "tokenizer")
    before = args.go_on_from or base
    text = CLIPTextModel.from_pretrained(before / "text_encoder", dtype=torch.float32)
    unet = UNet2DConditionModel.from_pretrained(before / "unet", dtype=torch.float32) if args.go_on_from else build()
    unet = unet.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(
        [{"params": unet.parameters()}, {"params": text.parameters(), "scale": TEXT_LR_SCALE}],
        lr=args.lr, weight_decay=1e-2, fused=True,
    )  # fmt: skip
    modules = {"unet": unet, "text": text, "unet_ema": copy.deepcopy(unet), "text_ema": copy.deepcopy(text)}
    alphas = scheduler().alphas_cumprod
    lettered = np.flatnonzero(data.boxes[:, 0] >= 0)
    began = time.perf_counter()
    for step in range(restore(state, modules, optimizer), args.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, args.steps, args.lr) * group.get("scale", 1.0)
        rng, generator = np.random.default_rng([5, step, rank]), torch.Generator().manual_seed(world * step + rank)
        anywhere, badges = rng.integers(len(data), size=args.batch_size), rng.choice(lettered, args.batch_size)
        rows = np.where(rng.random(args.batch_size) < args.lettered, badges, anywhere)
        words = ["" if rng.random() < CAPTION_DROPOUT else caption(data.scenes[i], rng) for i in rows]
        posterior_noise = torch.randn(means[rows].shape, generator=generator)
        latents = (means[rows].float() + stds[rows].float() * posterior_noise) * vae.config.scaling_factor
        with torch.autocast("cpu", torch.bfloat16):
            hidden = text(tokenize(tokenizer, words)).last_hidden_state
        loss = denoising_loss(unet, hidden, latents, latent_weights(data.boxes[rows]), alphas, generator)
        loss.backward()
        if world > 1:
            average_gradients([*unet.parameters(), *text.parameters()], world)
        torch.nn.utils.clip_grad_norm_([*unet.parameters(), *text.parameters()], 1.0, foreach=True)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        move_average(modules["unet_ema"], unet, step)
        move_average(modules["text_ema"], text, step)
        if rank:
            continue
        if step % 50 == 0:
            print(f"{step} loss {loss.item():.4f} {time.perf_counter() - began:.0f}s", flush=True)
        if (step + 1) % 500 == 0 or step + 1 == args.steps:
            save(state, modules, optimizer, step + 1)
            StableDiffusionPipeline(
                vae=vae, text_encoder=modules["text_ema"], tokenizer=tokenizer, unet=modules["unet_ema"],
                scheduler=scheduler(), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
            ).save_pretrained(args.out / "pipeline")  # fmt: skip


if __name__ == "__main__":
    main()
