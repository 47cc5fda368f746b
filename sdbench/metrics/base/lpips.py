"""LPIPS on AlexNet, with weights that the user names (Zhang et al. 2018, arXiv 1801.03924, equation 1, version 0.1).

An image becomes one long vector in which LPIPS is squared Euclidean distance: features of each layer, of unit length
at each place, times the square root of the learnt channel weight, over the square root of the number of places.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors import SafetensorError

from sdbench.errors import UserError
from sdbench.metrics.base.encoder import Encoder

FILES = ("alexnet.safetensors", "lpips_alex.safetensors")
HOW = (
    "a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and "
    "lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`"
)
LAYERS = (2, 5, 8, 10, 12)  # of torchvision's AlexNet: what each ReLU gives
SIDE_PX = 256


class Lpips(Encoder):
    """`encode` gives the long vectors; for five layers at 256 px they are 2.5 MB each, so none is kept."""

    title = "LPIPS 0.1 (AlexNet)"
    preprocessing = f"resized to {SIDE_PX} x {SIDE_PX} px (bicubic), RGB in [-1, 1]"

    def __init__(self, place: str, batch_size: int, device: str) -> None:
        super().__init__(batch_size, device)
        self.files = [Path(place).expanduser() / name for name in FILES]
        if missing := [str(file) for file in self.files if not file.is_file()]:
            raise UserError(f"LPIPS lacks {' and '.join(missing)}; name {HOW}")

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        versions = {name: version(name) for name in ("torch", "torchvision", "pillow")}
        return {"weights": [identity(file) for file in self.files], "device": self.device, **versions}

    def pixels(self, image: Image.Image) -> np.ndarray:
        small = image.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
        return np.asarray(small, dtype=np.float32).transpose(2, 0, 1) / 127.5 - 1

    def vectors(self, pixels: np.ndarray) -> np.ndarray:
        import torch

        network, weights = self.loaded
        shift, scale = (torch.tensor(v)[:, None, None] for v in ((-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)))
        found, states, start = [], (torch.from_numpy(pixels) - shift) / scale, 0
        with torch.inference_mode():
            states = states.to(self.device)
            for stop, weight in zip(LAYERS, weights, strict=True):
                states, start = network[start:stop](states), stop
                found.append(layer(states.float().cpu().numpy(), weight))
        return np.concatenate(found, axis=1)

    def load(self) -> tuple[Any, list[np.ndarray]]:
        import torch
        from safetensors.torch import load_file
        from torchvision.models import alexnet

        with torch.device("meta"):
            network = alexnet(weights=None).features.eval()
        try:
            kept = {
                k.removeprefix("features."): v.float() for k, v in load_file(self.files[0]).items() if "features" in k
            }
            network.load_state_dict(kept, assign=True)
            heads = load_file(self.files[1])
            weights = [heads[f"lin{i}.model.1.weight"].float().numpy().reshape(-1) for i in range(len(LAYERS))]
        except (KeyError, RuntimeError, SafetensorError) as error:
            said = str(error).splitlines()[0]
            raise UserError(f"{self.files[0].parent}: not the weights of LPIPS ({said}); name {HOW}") from error
        return network.to(self.device), weights


def layer(features: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(n, c * h * w) for (n, c, h, w) features and (c,) weights: equation 1's sum for one layer, as said above."""
    n, _, height, width = features.shape
    unit = features / (np.sqrt((features**2).sum(1, keepdims=True)) + 1e-10)
    root = np.sqrt(weight.clip(0) / (height * width)).astype(np.float32)
    return np.asarray((unit * root[:, None, None]).reshape(n, -1))
