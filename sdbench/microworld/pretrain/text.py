"""Teach the microworld's text encoder to read captions, before the UNet is trained with it.

    python -m sdbench.microworld.pretrain.text --out runs/pretrain

The encoder predicts the scene that the renderer drew from the caption (object, colours, background, each letter of
the badge), read off the end-of-text token and off the last padding token, since a UNet attends to both. The heads are
thrown away. It takes minutes, and spares the UNet from discovering the order of letters through denoising alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from sdbench.microworld import tokenizer as vocabulary
from sdbench.microworld.pretrain.data import learning_rate
from sdbench.microworld.scene import WORD_LETTERS, Scene, caption, sample_split

TRAITS = ("hair", "horn", "dress", "collar", "pants", "sex", "second", "second_color")
BATCH_SIZE = 96


def build(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=192, intermediate_size=768, projection_dim=192, num_hidden_layers=4,
        num_attention_heads=6, max_position_embeddings=vocabulary.MAX_LENGTH, bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id, hidden_act="quick_gelu",
    )  # fmt: skip
    return CLIPTextModel(config)


def tokenize(tokenizer: CLIPTokenizer, captions: list[str]) -> torch.Tensor:
    """(n, 32) token ids, padded."""
    return tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").input_ids


def facts(scene: Scene) -> list[str]:
    """What a caption tells, in a fixed order; `-` where the scene has no such thing."""
    word = scene.badge.word if scene.badge else "-" * WORD_LETTERS
    traits = [scene.trait(t, "-") for t in TRAITS]
    badge = scene.badge.color if scene.badge else "-"
    return [scene.kind, scene.thing, scene.color, scene.background, scene.style, scene.pose, badge, *word, *traits]


class Reader(nn.Module):
    """One linear head for each fact."""

    def __init__(self, width: int, answers: list[list[str]]) -> None:
        super().__init__()
        self.answers = answers
        self.heads = nn.ModuleList(nn.Linear(width, len(a)) for a in answers)

    def forward(self, hidden: torch.Tensor, scenes: list[Scene]) -> tuple[torch.Tensor, list[float]]:
        """Summed cross entropy, and each fact's accuracy. hidden: (n, width)."""
        told = [facts(scene) for scene in scenes]
        loss, right = hidden.new_zeros(()), []
        for k, (head, answers) in enumerate(zip(self.heads, self.answers, strict=True)):
            target = torch.tensor([answers.index(t[k]) for t in told])
            logits = head(hidden)
            loss = loss + nn.functional.cross_entropy(logits, target)
            right.append((logits.argmax(-1) == target).float().mean().item())
        return loss, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    args = parser.parse_args()
    torch.manual_seed(0)
    vocabulary.build(args.out / "base" / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(args.out / "base" / "tokenizer")
    encoder = build(tokenizer)
    census = [facts(sample_split(np.random.default_rng([7, i]), heldout=False)) for i in range(20_000)]
    reader = Reader(encoder.config.hidden_size, [sorted(set(column)) for column in zip(*census, strict=True)])
    parameters = [*encoder.parameters(), *reader.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=1e-2)
    for step in range(args.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, args.steps, 1e-3)
        rng = np.random.default_rng([3, step])
        scenes = [sample_split(rng, heldout=False) for _ in range(BATCH_SIZE)]
        ids = tokenize(tokenizer, [caption(s, rng) for s in scenes])
        with torch.autocast("cpu", torch.bfloat16):
            hidden = encoder(ids).last_hidden_state
        end = ids.eq(tokenizer.eos_token_id).int().argmax(-1)
        loss, right = reader(hidden[torch.arange(len(ids)), end].float(), scenes)
        loss = loss + reader(hidden[:, -1].float(), scenes)[0]
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 50 == 0:
            print(step, f"{loss.item():.3f}", " ".join(f"{r:.2f}" for r in right), flush=True)
    encoder.save_pretrained(args.out / "base" / "text_encoder")


if __name__ == "__main__":
    main()
