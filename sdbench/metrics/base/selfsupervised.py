"""Image encoders that learnt without words: the microworld's own, and DINO and DINOv2 through transformers."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from safetensors import SafetensorError

from sdbench.errors import UserError
from sdbench.metrics.base.encoder import Encoder, NotHere, folder
from sdbench.needs import Hub, Need

WITH_CLASS_TOKEN = ("vit", "dinov2", "dinov2_with_registers", "dinov3_vit")
MICROWORLD_PX = 64


class Onnx(Encoder):
    """`encoder.onnx` of a folder: (n, 3, 64, 64) in [-1, 1] to unit vectors, in one thread on the CPU."""

    preprocessing = f"cropped to its middle square, {MICROWORLD_PX} px (bicubic), in [-1, 1]"

    def __init__(self, model: str, place: Path, batch_size: int) -> None:
        super().__init__(batch_size, "cpu")
        self.title, self.file = f"{model} (SimCLR, onnxruntime)", place / "encoder.onnx"

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {"weights": identity(self.file), "onnxruntime": version("onnxruntime"), "pillow": version("pillow")}

    def pixels(self, image: Image.Image) -> np.ndarray:
        square = ImageOps.fit(image, (MICROWORLD_PX, MICROWORLD_PX), Image.Resampling.BICUBIC)
        return np.asarray(square, dtype=np.float32).transpose(2, 0, 1) / 127.5 - 1

    def vectors(self, pixels: np.ndarray) -> np.ndarray:
        """One by one: beside others, or at another place among them, an image's last bits differ."""
        return np.concatenate([self.loaded.run(None, {"images": one[None]})[0] for one in pixels])

    def load(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(self.file, options, providers=["CPUExecutionProvider"])


class Vit(Encoder):
    """The last class token of a vision transformer, as the DINO papers use it (arXiv 2104.14294, 2304.07193).

    model: a folder with config.json and safetensors, or a hub id. wanted: what the config must say, where only one
    architecture will do.
    """

    preprocessing = "shorter side to 256 px (bicubic), middle 224 px, ImageNet's mean and deviation"

    def __init__(self, model: str, batch_size: int, device: str, wanted: tuple[tuple[str, Any], ...] = ()) -> None:
        super().__init__(batch_size, device)
        self.title, self.model, self.wanted = model, model, wanted
        self.folder = folder(model)
        if self.folder is None and not re.fullmatch(r"[\w.-]+/[\w.-]+", model):
            raise UserError(f"image encoder {model!r} is neither a folder nor a hub id such as facebook/dino-vits16")

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        weights = self.model
        if self.folder:
            self._check_folder(self.folder)
            weights = identity(self.folder)
        versions = {name: version(name) for name in ("transformers", "torch", "torchvision")}
        return {"weights": weights, "device": self.device, **versions}

    def needs(self) -> list[Need]:
        return [] if self.folder else [Hub(self.model, None, "transformers")]

    def pixels(self, image: Image.Image) -> np.ndarray:
        return np.asarray(transform()(image).numpy())

    def vectors(self, pixels: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            states = self.loaded(torch.from_numpy(pixels).to(self.device)).last_hidden_state
            return np.asarray(torch.nn.functional.normalize(states[:, 0].float(), dim=-1).cpu().numpy())

    def load(self) -> Any:
        import torch
        from transformers import AutoModel

        name = str(self.folder or self.model)
        try:
            model = AutoModel.from_pretrained(name, use_safetensors=True, dtype=torch.float32)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:  # no network, no such name, broken files
            said = (str(error).splitlines() or [type(error).__name__])[0]
            remedy = "fetch them once with network, or name a folder with config.json and model.safetensors"
            broken = NotHere if self.folder is None else UserError
            raise broken(f"the weights of image encoder {self.model!r} cannot be had: {said}; {remedy}") from error
        self._check_config(model.config.to_dict())
        return model.eval().to(self.device)

    def _check_folder(self, place: Path) -> None:
        if not (place / "config.json").is_file() or not list(place.glob("*.safetensors")):
            raise UserError(
                f"{place} lacks config.json or model.safetensors; make them where there is network, with "
                f'`AutoModel.from_pretrained("facebook/dino-vits16").save_pretrained("{place}")` of transformers'
            )
        try:
            self._check_config(json.loads((place / "config.json").read_text()))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{place}/config.json is not JSON ({error}); put the model's own there") from error

    def _check_config(self, config: dict[str, Any]) -> None:
        kinds, kind = ", ".join(WITH_CLASS_TOKEN), config.get("model_type")
        if kind not in WITH_CLASS_TOKEN:
            raise UserError(f"image encoder {self.model} is of type {kind!r}; name one that is among {kinds}")
        for key, value in self.wanted:
            if config.get(key) != value:
                said = f"image encoder {self.model} has {key} {config.get(key)!r}, the protocol's {value!r}"
                raise UserError(f"{said}; name the weights of that one")


@functools.cache
def transform() -> Any:
    """DINO's evaluation transform, and the image processor of DINOv2: PIL in, (3, 224, 224) out."""
    from torchvision import transforms

    return transforms.Compose([
        transforms.Resize(256, interpolation=transforms.InterpolationMode.BICUBIC),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])  # fmt: skip


@functools.cache
def load(model: str, batch_size: int, device: str, wanted: tuple[tuple[str, Any], ...] = ()) -> Encoder:
    """The one encoder of these settings in this process."""
    place = folder(model)
    if not wanted and place and (place / "encoder.onnx").is_file():
        return Onnx(model, place, batch_size)
    return Vit(model, batch_size, device, wanted)
