"""Any image encoder by its name: a CLIP, or one that learnt without words."""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base import clip, selfsupervised
from sdbench.metrics.base.encoder import Encoder, folder


@dataclass(frozen=True)
class Settings:
    """Of a metric that asks for image vectors of whatever kind.

    model: `bundled:encoder`, `bundled:clip`, a folder, a hub id of a DINO, or a name that open_clip knows.
    pretrained: for open_clip's names: whose weights. batch_size: images encoded at once. device: as everywhere.
    """

    model: str
    pretrained: str | None
    batch_size: int
    device: str

    def encoder(self) -> Encoder:
        """The one of these settings in this process. Raises UserError for what is neither there nor a name."""
        place = folder(self.model)
        named = place is None and (self.pretrained or "/" not in self.model or self.model.startswith("hf-hub:"))
        if named or (place and (place / "open_clip_config.json").is_file()):
            return clip.load(self.model, self.pretrained, self.batch_size, self.device)
        return selfsupervised.load(self.model, self.batch_size, self.device)
