"""Copy finished weights into the package, base and CLIP in half precision: all of it is to stay within about 40 MB.

python -m sdbench.microworld.pretrain.ship --out runs/pretrain
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import load_file, save_file

from sdbench.microworld import WEIGHTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    for name in ("base", "clip", "encoder", "detector"):
        shutil.rmtree(WEIGHTS / name, ignore_errors=True)
    pipeline = StableDiffusionPipeline.from_pretrained(args.out / "pipeline", dtype=torch.float16, safety_checker=None)
    pipeline.save_pretrained(WEIGHTS / "base")
    for name in ("clip", "encoder", "detector"):
        shutil.copytree(args.out / name, WEIGHTS / name)
    clip = WEIGHTS / "clip" / "open_clip_model.safetensors"
    save_file({key: tensor.half() for key, tensor in load_file(clip).items()}, clip)
    total = sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file())
    print(f"{WEIGHTS}: {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
