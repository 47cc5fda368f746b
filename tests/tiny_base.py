"""Tiny bases of every family, with random weights and a vocabulary built here: a step takes milliseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


def save_tiny_base(folder: Path, prediction_type: str = "epsilon", resolution_px: int = 64) -> None:
    """Stable Diffusion's shape."""
    from diffusers import PNDMScheduler, StableDiffusionPipeline
    from transformers import CLIPTextModel

    torch.manual_seed(0)
    tokenizer = _tokenizer(folder / "tokenizer")
    text = _text_config(tokenizer, 32)
    unet = _unet(resolution_px, cross_attention_dim=32)
    vae = _vae(resolution_px)
    scheduler = PNDMScheduler(**SCHEDULE, skip_prk_steps=True, prediction_type=prediction_type)
    StableDiffusionPipeline(
        vae=vae, text_encoder=CLIPTextModel(text), tokenizer=tokenizer, unet=unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip


def save_tiny_xl(folder: Path) -> None:
    """SDXL's shape: two text encoders of different widths, pooled text and framing beside the timestep."""
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    tokenizers = [_tokenizer(folder / name) for name in ("tokenizer", "tokenizer_2")]
    first, second = (_text_config(t, width) for t, width in zip(tokenizers, (32, 16), strict=True))
    unet = _unet(
        64, cross_attention_dim=48, addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=16 + 6 * 8, transformer_layers_per_block=(1, 2),
        use_linear_projection=True,
    )  # fmt: skip
    StableDiffusionXLPipeline(
        vae=_vae(64, force_upcast=True), text_encoder=CLIPTextModel(first),
        text_encoder_2=CLIPTextModelWithProjection(second), tokenizer=tokenizers[0], tokenizer_2=tokenizers[1],
        unet=unet, scheduler=EulerDiscreteScheduler(**SCHEDULE, timestep_spacing="leading"), add_watermarker=False,
    ).save_pretrained(folder)  # fmt: skip


def save_tiny_sd3(folder: Path, with_t5: bool = True) -> None:
    """Stable Diffusion 3.5's shape: a transformer with joint attention under two CLIPs and, or not, T5."""
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline
    from transformers import CLIPTextModelWithProjection, T5Config, T5EncoderModel, T5Tokenizer

    torch.manual_seed(0)
    tokenizers = [_tokenizer(folder / name) for name in ("tokenizer", "tokenizer_2")]
    first, second = (_text_config(t, width) for t, width in zip(tokenizers, (32, 16), strict=True))
    letters = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((f"▁{c}", -2.0) for c in LETTERS)]
    letters += [(c, -3.0) for c in LETTERS]
    t5_tokenizer = T5Tokenizer(vocab=letters, extra_ids=0)
    t5 = T5Config(vocab_size=len(t5_tokenizer), d_model=64, d_kv=16, d_ff=64, num_layers=2, num_heads=4,
                  feed_forward_proj="gated-gelu", pad_token_id=0, eos_token_id=1)  # fmt: skip
    transformer = SD3Transformer2DModel(
        sample_size=16, patch_size=2, in_channels=4, out_channels=4, num_layers=2, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=64, caption_projection_dim=32, pooled_projection_dim=48,
        pos_embed_max_size=16, dual_attention_layers=(0,), qk_norm="rms_norm",
    )  # fmt: skip
    StableDiffusion3Pipeline(
        vae=_vae(64, shift_factor=0.0609, scaling_factor=1.5305, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=CLIPTextModelWithProjection(first), text_encoder_2=CLIPTextModelWithProjection(second),
        text_encoder_3=T5EncoderModel(t5) if with_t5 else None, tokenizer=tokenizers[0], tokenizer_2=tokenizers[1],
        tokenizer_3=t5_tokenizer if with_t5 else None, transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    ).save_pretrained(folder)  # fmt: skip


LETTERS = "abcdefghijklmnopqrstuvwxyz_"
SCHEDULE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
SAVE = {"stable_diffusion": save_tiny_base, "stable_diffusion_xl": save_tiny_xl, "stable_diffusion_3": save_tiny_sd3}
MODELS = {"stable_diffusion": "microworld", "stable_diffusion_xl": "sdxl", "stable_diffusion_3": "sd35_medium"}


def on(family: str, folder: Path) -> list[str]:
    """Overrides for a cell on the tiny base of a family that `SAVE` saved there."""
    return [f"model={MODELS[family]}", f"model.path={folder}", "model.resolution_px=64", "model.dtype=float32"]


def _tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    from sdbench.microworld import tokenizer as vocabulary

    vocabulary.build(folder)
    return CLIPTokenizer.from_pretrained(folder)


def _text_config(tokenizer: Any, width: int) -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=32, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id, projection_dim=width,
    )  # fmt: skip


def _unet(resolution_px: int, **more: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=resolution_px // 4, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(16, 32),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=2, norm_num_groups=8, **more,
    )  # fmt: skip


def _vae(resolution_px: int, **more: Any) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3, latent_channels=4,
        block_out_channels=(8, 8, 16), norm_num_groups=4, sample_size=resolution_px, **more,
    )  # fmt: skip
