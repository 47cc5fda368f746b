"""What the microworld is drawn with: shapes in pixels of the final picture, and its palette."""

from __future__ import annotations

from PIL import Image, ImageDraw

SIZE_PX = 64
SCALE = 4  # supersampling
RGB = {
    "red": (208, 24, 32), "orange": (244, 132, 24), "yellow": (248, 212, 40), "green": (32, 144, 64),
    "blue": (36, 84, 200), "purple": (124, 52, 164), "pink": (248, 148, 188), "brown": (124, 76, 40),
    "black": (36, 36, 40), "white": (244, 244, 244), "none": (0, 0, 0),
}  # fmt: skip
INK = (20, 20, 24)
SKIN = ((250, 218, 190), (228, 184, 144), (172, 120, 80), (108, 72, 48))
HAIR = ((44, 32, 28), (112, 72, 36), (220, 184, 96), (160, 160, 160))


class Canvas:
    """Drawing in pixels of the final picture, at `SCALE` times the resolution."""

    def __init__(self, background: tuple[int, int, int]) -> None:
        self.image = Image.new("RGB", (SIZE_PX * SCALE,) * 2, background)
        self.draw = ImageDraw.Draw(self.image)

    def _at(self, points: tuple[float, ...]) -> list[float]:
        return [p * SCALE for p in points]

    def rect(self, *box: float, fill: tuple[int, ...], line: float = 0.75, radius: float = 2.0) -> None:
        self.draw.rounded_rectangle(self._at(box), radius * SCALE, fill, INK if line else None, round(line * SCALE))

    def oval(self, *box: float, fill: tuple[int, ...] | None, line: float = 0.75) -> None:
        self.draw.ellipse(self._at(box), fill, INK if line else None, round(line * SCALE))

    def poly(self, *points: float, fill: tuple[int, ...], line: float = 0.75) -> None:
        at = self._at(points)
        self.draw.polygon(at, fill)
        if line:
            self.draw.line([*at, *at[:2]], INK, round(line * SCALE), joint="curve")

    def line(self, *points: float, fill: tuple[int, ...] = INK, width: float = 1.0) -> None:
        self.draw.line(self._at(points), fill, round(width * SCALE), joint="curve")
