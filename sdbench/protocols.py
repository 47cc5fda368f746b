"""The peers' numbers, exactly as they define them: which backbone, preprocessing, pairs and aggregation, and the sums.

Functions take embeddings of any length and norm, (n, d) arrays, and give one value for each image or pair; a preset's
number is the mean of those. What two presets call by the same name differs between them: their columns say whose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Architecture = tuple[tuple[str, str | int], ...]
VIT_S = (("model_type", "vit"), ("hidden_size", 384), ("num_hidden_layers", 12))
DINOV2 = (("model_type", "dinov2"), ("patch_size", 14), ("num_hidden_layers", 12))


@dataclass(frozen=True)
class Backbone:
    """weights: a hub id for transformers, or `name/tag` of open_clip. architecture: what a local copy's config says."""

    key: str
    title: str
    weights: str
    architecture: Architecture = ()


DINO_S16 = Backbone("dino", "DINO ViT-S/16", "facebook/dino-vits16", (*VIT_S, ("patch_size", 16)))
DINO_S8 = Backbone("dino", "DINO ViT-S/8", "facebook/dino-vits8", (*VIT_S, ("patch_size", 8)))
DINOV2_S = Backbone("dinov2", "DINOv2 ViT-S/14", "facebook/dinov2-small", (*DINOV2, ("hidden_size", 384)))
DINOV2_B = Backbone("dinov2", "DINOv2 ViT-B/14", "facebook/dinov2-base", (*DINOV2, ("hidden_size", 768)))
# OpenAI's weights were trained with QuickGELU: open_clip's plain ViT-B-32 runs them with another activation.
CLIP_B32 = Backbone("clip", "CLIP ViT-B/32 (openai)", "ViT-B-32-quickgelu/openai")
LPIPS = Backbone("lpips", "LPIPS 0.1 (AlexNet)", "")
CLIP_PREPROCESSING = "shorter side to 224 px (bicubic), middle 224 px, CLIP's mean and deviation"


@dataclass(frozen=True)
class Measure:
    """One column, `<preset>_<name>`. pairs: what an image is compared with, a key of PAIRS. scale: `cosine`,
    `clipscore` (2.5 * max(0, cosine)), `percent` (100 * cosine), `drift` ((1 - cosine) / 2) or `distance`. source:
    where it is defined. asks: whether it is of images that leave the subject out, which a study does not draw: it is
    then a kind of metric of its own, called as its column.
    """

    name: str
    title: str
    backbone: Backbone
    pairs: str
    scale: str
    source: str
    direction: str = "higher"
    asks: bool = False


PAIRS = {
    "train": "mean over all pairs of a generated image and a picture trained on",
    "base": "mean over images, each with what the untuned base draws for the same prompt and seed",
    "source": "mean over images, each with the one picture trained on",
    "own": "mean over images, each with the held-out picture whose caption is its prompt",
    "prompt": "mean over images, each with its prompt without the identifier",
    "others": "mean over pairs of images of one prompt, then over prompts",
}
DREAMBOOTH = "Ruiz et al. 2023, arXiv 2208.12242, section"
CUSTOM = "Kumari et al. 2023, arXiv 2212.04488; customconcept101/evaluate.py of adobe-research/custom-diffusion"
PLUS = "Peng et al. 2024, arXiv 2406.16855; dreambench_plus/metrics of yuangpeng/dreambench_plus"
PEFT = "method_comparison/image-gen/run.py of huggingface/peft, as of August 2026"

PRESETS: dict[str, tuple[Measure, ...]] = {
    "dreambench": (
        Measure("dino", "DINO", DINO_S16, "train", "cosine", f"{DREAMBOOTH} 4.2"),
        Measure("clip_i", "CLIP-I", CLIP_B32, "train", "cosine", f"{DREAMBOOTH} 4.2"),
        Measure("clip_t", "CLIP-T", CLIP_B32, "prompt", "cosine", f"{DREAMBOOTH} 4.2"),
        Measure("pres", "PRES", DINO_S16, "train", "cosine", f"{DREAMBOOTH} 4.3 (images of the class, without the "
                "identifier; the paper names no prompts)", "lower", asks=True),
        Measure("div", "DIV", LPIPS, "others", "distance", f"{DREAMBOOTH} 4.3 ('LPIPS cosine similarity', higher is "
                "more diverse: taken as LPIPS distance; the paper names neither network nor size)"),
    ),
    "customconcept101": (
        Measure("text", "Text alignment", CLIP_B32, "prompt", "clipscore", CUSTOM),
        Measure("clip", "Image alignment (CLIP)", CLIP_B32, "train", "cosine", CUSTOM),
        Measure("dino", "Image alignment (DINO)", DINO_S16, "train", "cosine", CUSTOM),
    ),
    "dreambench_plus": (
        Measure("dino", "DINO", DINO_S8, "source", "percent", PLUS),
        Measure("dinov2", "DINOv2", DINOV2_S, "source", "percent", PLUS),
        Measure("clip_i", "CLIP-I", CLIP_B32, "source", "percent", PLUS),
        Measure("clip_t", "CLIP-T", CLIP_B32, "prompt", "percent", PLUS),
    ),
    "peft_comparison": (
        Measure("dino", "Test DINO", DINOV2_B, "own", "cosine", PEFT),
        Measure("drift", "Drift", DINOV2_B, "base", "drift", PEFT, "lower", asks=True),
    ),
}  # fmt: skip
RANGES = {"cosine": (-1.0, 1.0), "clipscore": (0.0, 2.5), "percent": (-100.0, 100.0), "drift": (0.0, 1.0),
          "distance": (0.0, 1e9)}  # fmt: skip
UNITS = {"cosine": "cosine", "clipscore": "2.5 max(0, cosine)", "percent": "100 cosine", "drift": "(1 - cosine) / 2",
         "distance": "LPIPS"}  # fmt: skip


def scaled(cosines: np.ndarray, scale: str) -> np.ndarray:
    """Cosines as a measure reports them."""
    if scale == "clipscore":
        return 2.5 * cosines.clip(0, None)
    if scale == "drift":
        return (1 - cosines) / 2
    return 100 * cosines if scale == "percent" else cosines


def all_pairs(generated: np.ndarray, real: np.ndarray) -> np.ndarray:
    """(n,) each generated image's mean cosine to every one of (m, d) real pictures.

    Its mean is the mean over all pairs: DreamBench's DINO and CLIP-I; PRES, where `generated` shows the class.
    """
    return np.asarray((_unit(generated) @ _unit(real).T).mean(1).clip(-1, 1))


def own_pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(n,) cosine of row i of one and row i of the other."""
    return np.asarray((_unit(first) * _unit(second)).sum(1).clip(-1, 1))


def diversity(distances: np.ndarray) -> float:
    """DIV of one prompt: mean of (n, n) symmetric distances over the pairs of different images, n >= 2."""
    return float(distances[np.triu_indices(len(distances), 1)].mean())


def _unit(vectors: np.ndarray) -> np.ndarray:
    wide = np.asarray(vectors, dtype=np.float64)
    return np.asarray(wide / np.linalg.norm(wide, axis=1, keepdims=True))
