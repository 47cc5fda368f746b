"""The reference where no checkout of diffusers is named: a plain loop of our own that does what its scripts do.

At every step pictures are decoded, resized and encoded by the VAE, prompts tokenized and encoded (unless their
embeddings are made once, for which the scripts have a flag), noise is added, the UNet asked, the mean squared error
taken back through it, gradients clipped, AdamW stepped, and the loss read, so that an accelerator is waited for.
After diffusers' train_dreambooth.py, train_dreambooth_lora.py, train_dreambooth_lora_sdxl.py and textual_inversion.py,
with which it shares its losses.
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
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from sdbench.adapters.embedding import placeholder
from sdbench.bench.side import CHANNELS_LAST, PRE_COMPUTE, Pace, Spec
from sdbench.bench.sides.base import Fixed, Free, cell_of, parts_of
from sdbench.inputs import Example
from sdbench.microworld import bundled


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    loop = loop_of(spec)
    pace.spent("load")
    pace.ready()
    for loss in loop.losses():
        pace.step(loss)


def loop_of(spec: Spec) -> Loop:
    """Built: what it takes before the first step is done."""
    cell, _ = cell_of(spec)
    if "embedding" in cell.method.adapters:
        return WordLoop(spec)
    return (XLLoop if cell.model.family == "stable_diffusion_xl" else Loop)(spec)


class Rows(Dataset[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Of every part's picture at an index, decoded and tokenized whenever they are asked for: pixels, tokens, framing.

    framing: height and width, in px, then the crop's top and left once the shorter side is `size_px` long.
    """

    def __init__(self, parts: list[list[Example]], size_px: int, tokenizer: Any) -> None:
        self.parts, self.tokenizer, self.size_px = parts, tokenizer, size_px
        self.resize = transforms.Resize(size_px, interpolation=transforms.InterpolationMode.LANCZOS)
        self.transform = transforms.Compose([
            transforms.CenterCrop(size_px), transforms.ToTensor(), transforms.Normalize([0.5], [0.5]),
        ])  # fmt: skip

    def __len__(self) -> int:
        return max(map(len, self.parts))

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        examples = [part[index % len(part)] for part in self.parts]
        pictures = [exif_transpose(Image.open(e.path)).convert("RGB") for e in examples]
        resized = [self.resize(picture) for picture in pictures]
        framing = [
            (p.height, p.width, round((r.height - self.size_px) / 2), round((r.width - self.size_px) / 2))
            for p, r in zip(pictures, resized, strict=True)
        ]
        ids = torch.cat([tokens(self.tokenizer, e.prompts[0]) for e in examples])
        return torch.stack([self.transform(picture) for picture in resized]), ids, torch.tensor(framing)


def tokens(tokenizer: Any, prompt: str) -> torch.Tensor:
    length = tokenizer.model_max_length
    ids: torch.Tensor = tokenizer(
        prompt, truncation=True, padding="max_length", max_length=length, return_tensors="pt"
    ).input_ids
    return ids


class Loop:
    """One training of a cell, as the scripts would run it with `spec.flags`; in double precision where asked."""

    LEARNS = "unet"

    def __init__(self, spec: Spec) -> None:
        self.cell, self.subject = cell_of(spec)
        precision = self.cell.train.mixed_precision
        self.accelerator = Accelerator(cpu=self.cell.device == "cpu", mixed_precision=precision)
        half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision, torch.float32)
        self.wide = torch.float64 if spec.double else torch.float32
        self.dtype = self.wide if spec.double else half
        self._load(str(bundled(self.cell.model.path)), CHANNELS_LAST in spec.flags)
        self.parts = parts_of(self.cell, self.subject, spec)
        times = int(self.noise_scheduler.config.num_train_timesteps)
        self.draws: Fixed | Free = Fixed(self.cell, self.parts, times) if spec.fixed else Free(times)
        self.parameters = self._trainable()
        optimizer = torch.optim.AdamW(self.parameters, lr=self.cell.train.lr, weight_decay=self.cell.train.weight_decay)
        rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
        rows = Rows(self.draws.order(self.parts, spec.steps), self.cell.model.resolution_px, self.tokenizer)
        loader = DataLoader(rows, batch_size=self.cell.train.batch_size, shuffle=not spec.fixed)
        learner = getattr(self, self.LEARNS)
        self.model, self.optimizer, self.loader, self.rate = self.accelerator.prepare(learner, optimizer, loader, rate)
        setattr(self, self.LEARNS, self.model)
        first = [tokens(self.tokenizer, part[0].prompts[0]) for part in self.parts]
        self.text = [self._encode(ids) for ids in first] if PRE_COMPUTE in spec.flags else None

    def _load(self, folder: str, channels_last: bool) -> None:
        self.tokenizer = CLIPTokenizer.from_pretrained(folder, subfolder="tokenizer")
        self.noise_scheduler = DDPMScheduler.from_pretrained(folder, subfolder="scheduler")
        self.text_encoder = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder")
        self.vae = AutoencoderKL.from_pretrained(folder, subfolder="vae")
        self.unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
        for name in ("text_encoder", "vae", "unet"):
            module = getattr(self, name).requires_grad_(False).to(self.accelerator.device, self._dtype(name))
            if channels_last:
                module.to(memory_format=torch.channels_last)

    def _dtype(self, name: str) -> torch.dtype:
        """Of a module's weights: what is frozen may be in half precision."""
        frozen = name != self.LEARNS or "lora" in self.cell.method.adapters
        return self.dtype if frozen else self.wide

    def _trainable(self) -> list[torch.nn.Parameter]:
        """Low-rank updates in the frozen weights' dtype, as the script has them; else every weight."""
        lora = self.cell.method.adapters.get("lora")
        if lora is None:
            self.unet.requires_grad_(True)
        else:
            torch.manual_seed(self.cell.train.seed)  # of the initial weights: those that sdbench draws
            self.unet.add_adapter(LoraConfig(r=lora.rank, lora_alpha=lora.alpha, init_lora_weights="gaussian",
                                             target_modules=lora.targets))  # fmt: skip
        return [p for p in self.unet.parameters() if p.requires_grad]

    def _encode(self, ids: torch.Tensor) -> torch.Tensor:
        hidden: torch.Tensor = self.text_encoder(ids.to(self.accelerator.device), return_dict=False)[0]
        return hidden.to(self.dtype)

    def losses(self) -> Iterator[float]:
        """Without end: one optimizer step each."""
        self.model.train()
        while True:
            for rows in self.loader:  # (batch, parts, ...): the subject's rows first, then the class's
                yield self.step(*(of.transpose(0, 1).flatten(0, 1) for of in rows))

    def step(self, pixels: torch.Tensor, ids: torch.Tensor, framing: torch.Tensor) -> float:
        """pixels: (n, 3, height, width) in [-1, 1]; ids: (n, tokens). The loss, read from the device."""
        latents = self.draws.sample(self.vae.encode(pixels.to(dtype=self._dtype("vae"))).latent_dist)
        latents = (latents * self.vae.config.scaling_factor).to(self.dtype)
        noise = self.draws.noise(latents)
        times = self.draws.times(latents)
        predicted = self._predict(self.noise_scheduler.add_noise(latents, noise, times), times, ids, framing)
        kind = self.noise_scheduler.config.prediction_type
        target = noise if kind == "epsilon" else self.noise_scheduler.get_velocity(latents, noise, times)
        loss = self._loss(predicted.float(), target.float())
        self.accelerator.backward(loss)
        self._update()
        return float(loss.detach().item())

    def _update(self) -> None:
        self.accelerator.clip_grad_norm_(self.parameters, self.cell.train.max_grad_norm)
        self.optimizer.step()
        self.rate.step()
        self.optimizer.zero_grad()

    def _predict(
        self, noisy: torch.Tensor, times: torch.Tensor, ids: torch.Tensor, framing: torch.Tensor
    ) -> torch.Tensor:
        if self.text is None:
            text = self._encode(ids)
        else:
            text = torch.cat([one.repeat(len(ids) // len(self.text), 1, 1) for one in self.text])
        predicted: torch.Tensor = self.unet(noisy, times, text, return_dict=False)[0]
        return predicted

    def _loss(self, predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """DreamBooth's (arXiv 2208.12242, eq. 2) where there is a prior."""
        prior = self.cell.method.prior
        if prior is None:
            return F.mse_loss(predicted, target)
        (ours, theirs), (target_ours, target_theirs) = predicted.chunk(2), target.chunk(2)
        return F.mse_loss(ours, target_ours) + prior.weight * F.mse_loss(theirs, target_theirs)


class WordLoop(Loop):
    """Textual Inversion of one vector: the whole table of embeddings learns, unclipped, and old rows are put back."""

    LEARNS = "text_encoder"

    def _load(self, folder: str, channels_last: bool) -> None:
        super()._load(folder, channels_last)
        start = self.cell.method.adapters["embedding"].initializer or self.subject.class_words
        (first,) = self.tokenizer(start, add_special_tokens=False).input_ids
        self.tokenizer.add_tokens(placeholder(self.subject.identifier))
        self.text_encoder.resize_token_embeddings(len(self.tokenizer), mean_resizing=False)
        table = self.text_encoder.get_input_embeddings().weight
        table.data[-1] = table.data[first]
        self.before = table.detach().clone()

    def _trainable(self) -> list[torch.nn.Parameter]:
        return [self.text_encoder.get_input_embeddings().weight.requires_grad_(True)]

    def _update(self) -> None:
        self.optimizer.step()
        self.rate.step()
        self.optimizer.zero_grad()
        self.parameters[0].data[:-1] = self.before[:-1]


class XLLoop(Loop):
    """LoRA on SDXL: one prompt, encoded once by two text encoders, and how each picture was framed; the VAE is wide."""

    def _dtype(self, name: str) -> torch.dtype:
        return self.wide if name == "vae" else super()._dtype(name)

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.encoded = self._encoded(str(bundled(self.cell.model.path)))
        del self.text_encoder  # as the script does: it is not asked again

    @torch.no_grad()
    def _encoded(self, folder: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Of the prompt: (1, tokens, both widths), of the last layers but one, and (1, width) of the second encoder."""
        tokenizer = CLIPTokenizer.from_pretrained(folder, subfolder="tokenizer_2")
        encoder = CLIPTextModelWithProjection.from_pretrained(folder, subfolder="text_encoder_2")
        encoder.to(self.accelerator.device, self.dtype)
        (prompt,) = {example.prompts[0] for example in self.parts[0]}
        asked = [
            encoder(tokens(tokenizer, prompt).to(self.accelerator.device), output_hidden_states=True)
            for tokenizer, encoder in ((self.tokenizer, self.text_encoder), (tokenizer, encoder))
        ]
        return torch.cat([one.hidden_states[-2] for one in asked], dim=-1), asked[1].text_embeds

    def _predict(
        self, noisy: torch.Tensor, times: torch.Tensor, ids: torch.Tensor, framing: torch.Tensor
    ) -> torch.Tensor:
        n, (hidden, pooled) = len(noisy), self.encoded
        target = torch.full_like(framing[:, :2], self.cell.model.resolution_px)
        time_ids = torch.cat([framing, target], dim=1).to(noisy)
        added = {"text_embeds": pooled.repeat(n, 1), "time_ids": time_ids}
        predicted: torch.Tensor = self.unet(
            noisy, times, hidden.repeat(n, 1, 1), added_cond_kwargs=added, return_dict=False
        )[0]
        return predicted
