"""The reference where no checkout of diffusers is named: a plain loop of our own that does what its scripts do.

At every step pictures are decoded, resized and encoded by the VAE, prompts tokenized and encoded (unless their
embeddings are made once, for which the scripts have a flag), noise is added, the UNet asked, the mean squared error
taken back through it, gradients clipped, AdamW stepped, and the loss read, so that an accelerator is waited for.
After diffusers' examples/dreambooth/train_dreambooth.py and train_dreambooth_lora.py, with which it shares its losses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from peft import LoraConfig
from PIL import Image
from PIL.ImageOps import exif_transpose
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from transformers import CLIPTextModel, CLIPTokenizer

from sdbench.bench.side import CHANNELS_LAST, PRE_COMPUTE, Pace, Spec
from sdbench.bench.sides.base import Fixed, Free, cell_of, parts_of
from sdbench.inputs import Example
from sdbench.microworld import bundled
from sdbench.settings import Cell


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    loop = Loop(spec)
    pace.spent("load")
    pace.ready()
    for loss in loop.losses():
        pace.step(loss)


class Rows(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Pixels and tokens of every part's picture at an index, decoded and tokenized whenever they are asked for."""

    def __init__(self, parts: list[list[Example]], size_px: int, tokenizer: Any) -> None:
        self.parts, self.tokenizer = parts, tokenizer
        self.transform = transforms.Compose([
            transforms.Resize(size_px, interpolation=transforms.InterpolationMode.LANCZOS),
            transforms.CenterCrop(size_px), transforms.ToTensor(), transforms.Normalize([0.5], [0.5]),
        ])  # fmt: skip

    def __len__(self) -> int:
        return max(map(len, self.parts))

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        examples = [part[index % len(part)] for part in self.parts]
        pixels = [self.transform(exif_transpose(Image.open(e.path)).convert("RGB")) for e in examples]
        return torch.stack(pixels), torch.cat([tokens(self.tokenizer, e.prompts[0]) for e in examples])


def tokens(tokenizer: Any, prompt: str) -> torch.Tensor:
    length = tokenizer.model_max_length
    ids: torch.Tensor = tokenizer(
        prompt, truncation=True, padding="max_length", max_length=length, return_tensors="pt"
    ).input_ids
    return ids


class Loop:
    """One training of a cell, as the scripts would run it with `spec.flags`; in double precision where asked."""

    def __init__(self, spec: Spec) -> None:
        self.cell, subject = cell_of(spec)
        precision = self.cell.train.mixed_precision
        self.accelerator = Accelerator(cpu=self.cell.device == "cpu", mixed_precision=precision)
        half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision, torch.float32)
        self.dtype = torch.float64 if spec.double else half
        self._load(str(bundled(self.cell.model.path)), CHANNELS_LAST in spec.flags)
        self.parts = parts_of(self.cell, subject, spec)
        times = int(self.noise_scheduler.config.num_train_timesteps)
        self.draws: Fixed | Free = Fixed(self.cell, self.parts, times) if spec.fixed else Free(times)
        self.parameters = trainable(self.unet, self.cell, spec.double)
        optimizer = torch.optim.AdamW(self.parameters, lr=self.cell.train.lr, weight_decay=self.cell.train.weight_decay)
        rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
        rows = Rows(self.draws.order(self.parts, spec.steps), self.cell.model.resolution_px, self.tokenizer)
        loader = DataLoader(rows, batch_size=self.cell.train.batch_size, shuffle=not spec.fixed)
        self.model, self.optimizer, self.loader, self.rate = self.accelerator.prepare(
            self.unet, optimizer, loader, rate
        )
        first = [tokens(self.tokenizer, part[0].prompts[0]) for part in self.parts]
        self.text = [self._encode(ids) for ids in first] if PRE_COMPUTE in spec.flags else None

    def _load(self, folder: str, channels_last: bool) -> None:
        self.tokenizer = CLIPTokenizer.from_pretrained(folder, subfolder="tokenizer")
        self.noise_scheduler = DDPMScheduler.from_pretrained(folder, subfolder="scheduler")
        self.text_encoder = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder")
        self.vae = AutoencoderKL.from_pretrained(folder, subfolder="vae")
        self.unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
        for module in (self.text_encoder, self.vae, self.unet):
            module.requires_grad_(False).to(self.accelerator.device, self.dtype)
            if channels_last:
                module.to(memory_format=torch.channels_last)

    def _encode(self, ids: torch.Tensor) -> torch.Tensor:
        hidden: torch.Tensor = self.text_encoder(ids.to(self.accelerator.device), return_dict=False)[0]
        return hidden

    def losses(self) -> Iterator[float]:
        """Without end: one optimizer step each."""
        self.model.train()
        while True:
            for pixels, ids in self.loader:  # (batch, parts, ...): the subject's rows first, then the class's
                yield self.step(pixels.transpose(0, 1).flatten(0, 1), ids.transpose(0, 1).flatten(0, 1))

    def step(self, pixels: torch.Tensor, ids: torch.Tensor) -> float:
        """pixels: (n, 3, height, width) in [-1, 1]; ids: (n, tokens). The loss, read from the device."""
        latents = self.draws.sample(self.vae.encode(pixels.to(dtype=self.dtype)).latent_dist)
        latents = latents * self.vae.config.scaling_factor
        noise = self.draws.noise(latents)
        times = self.draws.times(latents)
        noisy = self.noise_scheduler.add_noise(latents, noise, times)
        if self.text is None:
            text = self._encode(ids)
        else:
            text = torch.cat([one.repeat(len(ids) // len(self.text), 1, 1) for one in self.text])
        predicted = self.model(noisy, times, text, return_dict=False)[0]
        kind = self.noise_scheduler.config.prediction_type
        target = noise if kind == "epsilon" else self.noise_scheduler.get_velocity(latents, noise, times)
        loss = self._loss(predicted.float(), target.float())
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.parameters, self.cell.train.max_grad_norm)
        self.optimizer.step()
        self.rate.step()
        self.optimizer.zero_grad()
        return float(loss.detach().item())

    def _loss(self, predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """DreamBooth's (arXiv 2208.12242, eq. 2) where there is a prior."""
        prior = self.cell.method.prior
        if prior is None:
            return F.mse_loss(predicted, target)
        (ours, theirs), (target_ours, target_theirs) = predicted.chunk(2), target.chunk(2)
        return F.mse_loss(ours, target_ours) + prior.weight * F.mse_loss(theirs, target_theirs)


def trainable(unet: Any, cell: Cell, double: bool) -> list[torch.nn.Parameter]:
    """Low-rank updates in the frozen weights' dtype, as the script has them; else every weight, in single precision."""
    lora = cell.method.adapters.get("lora")
    if lora is None:
        unet.requires_grad_(True)
        if not double:
            unet.float()
    else:
        torch.manual_seed(cell.train.seed)  # of the initial weights: those that sdbench draws
        unet.add_adapter(LoraConfig(r=lora.rank, lora_alpha=lora.alpha, init_lora_weights="gaussian",
                                    target_modules=lora.targets))  # fmt: skip
    return [p for p in unet.parameters() if p.requires_grad]
