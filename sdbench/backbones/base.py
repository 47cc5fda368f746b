"""The face every base model family shows to adapters, training and generation, and what families have in common."""

from __future__ import annotations

import abc
import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from PIL import Image

from sdbench import hub, pictures
from sdbench.errors import UserError
from sdbench.microworld import bundled
from sdbench.settings import ModelSettings

if TYPE_CHECKING:
    import torch

NOISE_SAMPLERS = ("pndm", "ddim", "lms", "euler", "euler_ancestral", "dpm")  # of families that predict noise
FLOW_SAMPLERS = ("flow_euler",)  # of families that predict the velocity of a straight path
Conditions = Mapping[str, "torch.Tensor"]  # by name, each with one row per example


class NotLoaded(UserError):
    """A base model that cannot be loaded: whatever needs it will fail alike."""


class Backbone(abc.ABC):
    """A base model: images and prompts in, a denoising loss and a sampling pipeline out.

    pipeline: the diffusers pipeline that holds every module; adapters attach to its modules, which are frozen, in
    `ModelSettings.dtype`, until an adapter makes something trainable. On a CPU they may share their weights with other
    copies: whoever writes into one's asks for it to be `owned` before. resolution_px: side of the images it draws.

    denoiser_name, text_names: attributes of the pipeline, and so the words of diffusers' formats: the module that
    predicts, and the text encoders that may learn; the tokenizer of `text_encoder_2` is `tokenizer_2`. embedding_keys:
    in a file of learnt words, one for each of these encoders; none where the only key is the word itself.

    known_images, known_texts: what runs on this base have encoded, shared by all its copies.
    """

    denoiser_name: ClassVar[str] = "unet"
    text_names: ClassVar[tuple[str, ...]]
    embedding_keys: ClassVar[tuple[str, ...]] = ()

    def __init__(self, pipeline: Any, resolution_px: int) -> None:
        import torch

        self.pipeline, self.resolution_px = pipeline, resolution_px
        self.known_images: dict[Any, tuple[torch.Tensor, ...]] = {}
        self.known_texts: dict[Any, Any] = {}
        for module in self._modules():
            module.requires_grad_(False).eval().to(memory_format=torch.channels_last)

    @property
    def denoiser(self) -> Any:
        return getattr(self.pipeline, self.denoiser_name)

    @property
    def text_encoders(self) -> list[Any]:
        return [getattr(self.pipeline, name) for name in self.text_names]

    @property
    def tokenizers(self) -> list[Any]:
        return [getattr(self.pipeline, name.replace("text_encoder", "tokenizer")) for name in self.text_names]

    def fresh(self, device: str) -> Self:
        """A copy on `device` that an adapter may change, as `sdbench.backbones.load` says."""
        held: dict[int, Any] = {id(known): known for known in (self.known_images, self.known_texts)}
        for module in self._modules():
            held |= _on(device, module)
        copied = copy.deepcopy(self, held)
        copied.pipeline.to(device)
        return copied

    def _modules(self) -> list[torch.nn.Module]:
        import torch

        return [module for module in self.pipeline.components.values() if isinstance(module, torch.nn.Module)]

    def add_words(self, word: str, learnt: list[torch.Tensor]) -> None:
        """Give every tokenizer the new tokens `word`, `word_1`, .., and its encoder their embeddings.

        learnt: (vectors, width) for each text encoder. Raises ValueError where one of the tokens is there already.
        """
        words = [word, *(f"{word}_{i}" for i in range(1, len(learnt[0])))]
        for tokenizer, encoder, vectors in zip(self.tokenizers, self.text_encoders, learnt, strict=True):
            if taken := [name for name in words if name in tokenizer.get_vocab()]:
                raise ValueError(f"the tokenizer knows {taken[0]!r} already")
            tokenizer.add_tokens(words)
            size = max(len(tokenizer), len(encoder.get_input_embeddings().weight))
            encoder.resize_token_embeddings(size, mean_resizing=False)
            table = encoder.get_input_embeddings().weight.requires_grad_(False)
            table.data = table.data.clone()  # where there was room it is the base's own
            table[tokenizer.convert_tokens_to_ids(words)] = vectors.to(table)

    def asked(self, prompts: list[str], negative_prompt: str) -> dict[str, Any]:
        """The pipeline's arguments for prompts; without a negative one it takes what its family is trained to take."""
        return {"prompt": prompts, "negative_prompt": [negative_prompt] * len(prompts) if negative_prompt else None}

    @abc.abstractmethod
    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Posterior mean and standard deviation, each (n, c, h, w), of pixels (n, 3, H, W) in [-1, 1]."""

    @abc.abstractmethod
    def encode_prompts(self, prompts: list[str]) -> dict[str, torch.Tensor]:
        """What conditions the denoiser, by name; each tensor has one row per prompt."""

    @abc.abstractmethod
    def draw_time(self, generator: torch.Generator) -> int:
        """A training example's place on the noise schedule."""

    @abc.abstractmethod
    def loss(
        self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor, conditions: Conditions
    ) -> torch.Tensor:
        """Denoising loss of each example, (n,).

        latents: unscaled VAE latents. times: (n,) integers of `draw_time`. conditions: of `encode_prompts`, and
        `framing`, (n, 4) of `framed`.
        """


class NoisePredictor(Backbone):
    """Epsilon or velocity prediction, as the scheduler's config says; mean squared error, as in diffusers' scripts.

    Where that config rescales the betas to a zero terminal SNR (arXiv 2305.08891), training has them so.
    """

    def __init__(self, pipeline: Any, resolution_px: int) -> None:
        from diffusers import DDPMScheduler

        super().__init__(pipeline, resolution_px)
        self.noise_scheduler = DDPMScheduler.from_config(pipeline.scheduler.config)

    def draw_time(self, generator: torch.Generator) -> int:
        import torch

        return int(torch.randint(self.noise_scheduler.config.num_train_timesteps, (), generator=generator))

    def loss(
        self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor, conditions: Conditions
    ) -> torch.Tensor:
        import torch

        latents = latents * self.pipeline.vae.config.scaling_factor
        noisy = self.noise_scheduler.add_noise(latents, noise, times)
        noisy = noisy.to(dtype_of(self.denoiser), memory_format=torch.channels_last)
        predicted = self.predict(noisy, times, conditions)
        kind = self.noise_scheduler.config.prediction_type
        target = noise if kind == "epsilon" else self.noise_scheduler.get_velocity(latents, noise, times)
        return (predicted.float() - target.float()).square().mean(dim=(1, 2, 3))

    @abc.abstractmethod
    def predict(self, noisy: torch.Tensor, times: torch.Tensor, conditions: Conditions) -> torch.Tensor:
        """The denoiser's output, as `noisy` in shape; in its precision everything is given to the denoiser."""


def load_pipeline(kind: str, settings: ModelSettings, optional: Sequence[str] = (), **arguments: Any) -> Any:
    """A diffusers folder or a hub id as the pipeline class `kind`; safetensors only.

    optional: modules that it may lack. Raises NotLoaded where the weights cannot be had, or are another family's.
    """
    import diffusers
    import torch
    import transformers

    for library in (diffusers, transformers):  # their bars and advice would drown the study's own progress
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()
    family: Any = getattr(diffusers, kind)
    local = folder(settings)
    source = str(local or settings.path)
    place = {"revision": settings.revision, "local_files_only": local is not None}
    try:
        index = family.load_config(source, **place)
        if index.get("_class_name") != kind:
            raise ValueError(f"it is a {index.get('_class_name')}")
        absent = {name: None for name in optional if not any(index.get(name) or [])}
        pipeline = family.from_pretrained(
            source, dtype=getattr(torch, settings.dtype), use_safetensors=True, variant=_variant(local, settings),
            **place, **absent, **arguments,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        reason = f"cannot be loaded ({str(error).splitlines()[0].strip()})"
        said = reason if local or not isinstance(error, OSError) else "cannot be had from the hub"
        remedy = f"give a folder of a {kind} that diffusers saved with safetensors weights"
        raise NotLoaded(f"model.path {settings.path!r} {said}; {remedy}") from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def folder(settings: ModelSettings) -> Path | None:
    """Where the model lies on this machine; None where its path is a hub id."""
    there = settings.path.startswith("bundled:") or Path(settings.path).expanduser().exists()
    return bundled(settings.path) if there else None


def _variant(local: Path | None, settings: ModelSettings) -> str | None:
    """Half-precision files in the others' place, where the model is wanted in it and they are on this machine."""
    where = local or hub.snapshot(settings.path, settings.revision, "model_index.json")
    return "fp16" if settings.dtype == "float16" and where and any(where.glob("*/*.fp16*.safetensors")) else None


def _on(device: str, module: torch.nn.Module) -> dict[int, torch.Tensor]:
    """What a deep copy finds in the place of a frozen module's tensors: on `device`, copied where they were not."""
    import torch

    weights: dict[int, torch.Tensor] = {
        id(weight): torch.nn.Parameter(weight.detach().to(device), requires_grad=False)
        for weight in module.parameters()
    }
    return weights | {id(buffer): buffer.to(device) for buffer in module.buffers()}


def owned(module: torch.nn.Module) -> list[torch.nn.Parameter]:
    """Its weights, which may be written into from now on: a base's are those of all its copies."""
    weights = list(module.parameters())
    for weight in weights:
        weight.data = weight.data.clone()
    return weights


def sent(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """On the device; where that is a GPU, without waiting for what it is at."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def dtype_of(module: Any) -> torch.dtype:
    """Of its first weight: diffusers' `.dtype` walks every module, each time it is asked."""
    dtype: torch.dtype = next(module.parameters()).dtype
    return dtype


def posterior(vae: Any, pixels: torch.Tensor, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of the VAE's encoding, computed in `dtype`; it is left in the precision it was in."""
    kept = vae.dtype
    found = vae.to(dtype).encode(pixels.to(vae.device, dtype)).latent_dist
    vae.to(kept)
    return found.mean, found.std


def matched(condition: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """In `like`'s precision; under autocast as it is: each product casts it, and their gradients add up in its own."""
    import torch

    return condition if torch.is_autocast_enabled(like.device.type) else condition.to(like.dtype)


def spelt(prompts: list[str], tokenizer: Any) -> list[str]:
    """Prompts in which learnt words of several vectors stand with all their tokens, as diffusers' pipelines do it."""
    from diffusers.loaders import TextualInversionLoaderMixin

    said: list[str] = TextualInversionLoaderMixin().maybe_convert_prompt(prompts, tokenizer)
    return said


def token_ids(prompts: list[str], tokenizer: Any, device: torch.device) -> torch.Tensor:
    """(n, tokens) of CLIP's tokenizer, padded or cut to its length."""
    ids: torch.Tensor = tokenizer(
        spelt(prompts, tokenizer), padding="max_length", max_length=tokenizer.model_max_length, truncation=True,
        return_tensors="pt",
    ).input_ids  # fmt: skip
    return sent(ids, device)


def framed(path: Path, size_px: int) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """A picture as a model sees it: upright, RGB, shorter side resized to `size_px`, centre crop.

    And how it was framed, in px: its own height and width, and the crop's top and left in the resized picture.
    """
    image = pictures.opened(path)
    height, width = image.height, image.width
    if min(image.size) != size_px:
        scale = size_px / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left, top = (image.width - size_px) // 2, (image.height - size_px) // 2
    return image.crop((left, top, left + size_px, top + size_px)), (height, width, top, left)


def square(path: Path, size_px: int) -> Image.Image:
    """The picture of `framed`."""
    return framed(path, size_px)[0]
