"""Low-rank updates of attention (LoRA, arXiv 2106.09685) through peft, with the text encoder's own rank and rate."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdbench.adapters.base import Packable, Packed, rate, trainable
from sdbench.backbones.base import Backbone
from sdbench.settings import positive
from sdbench.subjects import Subject

if TYPE_CHECKING:
    import torch

PACKED_RANK = 16  # ranks up to here are packed together, padded to it; above it each power of two is padded to
TEXT_TARGETS = ["q_proj", "k_proj", "v_proj", "out_proj"]


@dataclass(frozen=True)
class Settings:
    """rank, alpha: of the denoiser's updates, scaled by alpha / rank. targets: module names they are added to.

    lr: null takes train.lr. text_encoder_lr: null leaves the text encoder alone. text_encoder_rank: its rank and alpha.
    """

    rank: int
    alpha: int
    targets: list[str]
    lr: float | None
    text_encoder_lr: float | None
    text_encoder_rank: int

    def __post_init__(self) -> None:
        for key in ("rank", "alpha", "text_encoder_rank"):
            positive(f"method.adapters.lora.{key}", getattr(self, key))


def create(settings: Settings, subject: Subject, seed: int) -> Lora:
    return Lora(settings, seed)


class Lora(Packable):
    """Saved as diffusers saves it, with alpha in the file's metadata: `pipeline.load_lora_weights(folder)`."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self.settings, self.seed = settings, seed
        self.trains_text = settings.text_encoder_lr is not None
        self.solo = "its text encoder learns too" if self.trains_text else None

    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        import torch
        from peft import LoraConfig

        s = self.settings
        with torch.random.fork_rng(devices=[]):  # peft draws its initial weights from the CPU's global generator
            torch.manual_seed(self.seed)
            backbone.denoiser.add_adapter(
                LoraConfig(r=s.rank, lora_alpha=s.alpha, init_lora_weights="gaussian", target_modules=s.targets)
            )
            groups: list[dict[str, Any]] = [{"params": trainable(backbone.denoiser), "lr": rate(s.lr, lr)}]
            if s.text_encoder_lr is not None:
                config = LoraConfig(r=s.text_encoder_rank, lora_alpha=s.text_encoder_rank,
                                    init_lora_weights="gaussian", target_modules=TEXT_TARGETS)  # fmt: skip
                for encoder in backbone.text_encoders:
                    encoder.add_adapter(config)
                    groups.append({"params": trainable(encoder), "lr": s.text_encoder_lr})
        for group in groups:
            for parameter in group["params"]:
                parameter.data = parameter.data.float()
        return groups

    def save(self, backbone: Backbone, folder: Path) -> None:
        from diffusers.training_utils import _collate_lora_metadata
        from peft.utils import get_peft_model_state_dict

        learnt = {backbone.denoiser_name: backbone.denoiser}
        if self.trains_text:
            learnt |= zip(backbone.text_names, backbone.text_encoders, strict=True)
        for module in learnt.values():  # the file's metadata says it all
            config = module.peft_config["default"]
            config.target_modules = sorted(config.target_modules)  # a set by now, in any order
            config.base_model_name_or_path = None  # a place on this machine
        layers = {f"{name}_lora_layers": get_peft_model_state_dict(module, _learnt(module))
                  for name, module in learnt.items()}  # fmt: skip
        backbone.pipeline.save_lora_weights(folder, **layers, **_collate_lora_metadata(learnt))
        for path in folder.glob("*.safetensors"):
            _sort_header(path)

    def load(self, backbone: Backbone, folder: Path) -> None:
        backbone.pipeline.load_lora_weights(folder, local_files_only=True)

    def read(self, attached: Backbone, folder: Path) -> None:
        from peft.utils import set_peft_model_state_dict
        from safetensors.torch import load_file

        prefix = f"{attached.denoiser_name}."
        learnt = load_file(folder / "pytorch_lora_weights.safetensors")
        ours = {name.removeprefix(prefix): weight for name, weight in learnt.items() if name.startswith(prefix)}
        set_peft_model_state_dict(attached.denoiser, ours)

    def alike(self) -> tuple[Any, ...]:
        return (_packed_rank(self.settings.rank), *sorted(self.settings.targets))

    def packed(self, backbone: Backbone, attached: Backbone, slots: int) -> PackedLora:
        layers = [name for name, module in attached.denoiser.named_modules() if hasattr(module, "lora_A")]
        shapes = [list(parameter.shape) for parameter in trainable(attached.denoiser)]
        for down, up in zip(shapes[::2], shapes[1::2], strict=True):
            down[0] = up[1] = _packed_rank(self.settings.rank)
        return PackedLora([backbone.denoiser.get_submodule(name) for name in layers], shapes, slots)


def _packed_rank(rank: int) -> int:
    """Of its own rank alone, so that what an arm's last bits are does not hang on what it is packed with."""
    return max(PACKED_RANK, 1 << (rank - 1).bit_length())


class PackedLora(Packed):
    """base(x) + up_k(down_k(x)) * alpha_k / rank_k for the rows x of arm k, by one bmm or grouped convolution for all.

    Padded entries stay zero: neither factor's has a gradient while the other's is zero.
    """

    def __init__(self, modules: list[Any], shapes: list[list[int]], slots: int) -> None:
        import torch

        super().__init__(shapes, slots, modules[0].weight.device)
        self.scale = torch.ones(slots, 1, device=self.leaf.device)  # alpha / rank, of what goes up
        self.is_up = torch.cat([torch.full((size,), bool(i % 2)) for i, size in enumerate(self.sizes)])
        self.is_up, self.is_scaled = self.is_up.to(self.leaf.device), False
        for layer, module in enumerate(modules):
            module.register_forward_hook(functools.partial(self._add, layer))

    def seat(self, slot: int, adapter: Lora) -> None:
        self.scale[slot] = adapter.settings.alpha / adapter.settings.rank
        self.is_scaled = bool((self.scale != 1).any())

    def use(self, dtype: torch.dtype | None = None) -> None:
        import torch

        device = self.leaf.device.type
        scaled: torch.Tensor = self.leaf
        if self.is_scaled:
            scaled = torch.where(self.is_up, self.leaf * self.scale.to(self.leaf.dtype), self.leaf)
        if dtype is None and torch.is_autocast_enabled(device):
            dtype = torch.get_autocast_dtype(device)
        scaled = scaled.to(dtype or scaled.dtype)  # all at once
        pieces = scaled.split(self.sizes, dim=1)
        self.pieces = [piece.view(-1, *shape) for piece, shape in zip(pieces, self.shapes, strict=True)]

    def _add(self, layer: int, module: Any, args: tuple[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
        down, up = self.pieces[2 * layer], self.pieces[2 * layer + 1]
        x = args[0].to(down.dtype)
        added = packed_conv(x, down, up, module) if down.ndim == 5 else packed_linear(x, down, up)
        return (output + added).to(output.dtype)


def packed_linear(x: torch.Tensor, down: torch.Tensor, up: torch.Tensor) -> torch.Tensor:
    """(slots * n, ..., in), (slots, rank, in) and (slots, out, rank) to (slots * n, ..., out)."""
    import torch

    hidden = torch.bmm(x.reshape(len(down), -1, x.shape[-1]), down.mT)
    return torch.bmm(hidden, up.mT).view(*x.shape[:-1], -1)


def packed_conv(x: torch.Tensor, down: torch.Tensor, up: torch.Tensor, like: torch.nn.Conv2d) -> torch.Tensor:
    """(slots * n, in, h, w), (slots, rank, in, kh, kw) and (slots, out, rank, 1, 1) to (slots * n, out, h', w').

    like: the convolution that this is added to, whose stride, padding and dilation `down` has.
    """
    import torch

    slots, rank, channels = down.shape[:3]
    if like.kernel_size == (1, 1) and like.stride == (1, 1) and not any(like.padding):
        flat = packed_linear(x.permute(0, 2, 3, 1), down.flatten(2), up.flatten(2))
        return flat.permute(0, 3, 1, 2)
    side_by_side = x.view(slots, -1, *x.shape[1:]).transpose(0, 1).reshape(-1, slots * channels, *x.shape[2:])
    hidden = torch.nn.functional.conv2d(
        side_by_side, down.flatten(0, 1), None, like.stride, like.padding, like.dilation, groups=slots
    )
    height, width = hidden.shape[2:]
    last = hidden.view(-1, slots, rank, height, width).permute(1, 0, 3, 4, 2)  # arm by arm again, channels last
    flat = torch.bmm(last.reshape(slots, -1, rank), up.flatten(2).mT)
    return flat.view(len(x), height, width, -1).permute(0, 3, 1, 2)


def _learnt(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Of all its weights, which peft would look through by itself."""
    return {name: weight.detach() for name, weight in module.named_parameters() if weight.requires_grad}


def _sort_header(path: Path) -> None:
    """The same weights in the same bytes: safetensors writes two entries of metadata in either order.

    Its format: 8 bytes of length, a JSON header padded with spaces, the tensors.
    """
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + content[end:])
