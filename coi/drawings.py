"""Denmark drawn on the server: regions shaded by a number, from places/data/region_paths.json."""

from __future__ import annotations

from dataclasses import dataclass

from places import coarse
from places.areas import Geography

SHADES = ("#dcebec", "#b9d6da", "#8fbac1", "#5f98a2", "#2f7280", "#0c4a56")
"""From none to most; light enough for its border and dark enough for 3:1 against the paper from the third on."""


@dataclass(frozen=True)
class RegionShape:
    """A region as the page draws it, with its number and its bar's share of the largest (0–100)."""

    code: str
    name: str
    path: str
    x: float
    y: float
    count: int
    fill: str
    share: float


@dataclass(frozen=True)
class Map:
    """The drawing: its viewBox, regions from most to fewest, and what it shows in words."""

    view_box: str
    shapes: list[RegionShape]

    @property
    def described(self) -> str:
        """The numbers in words, for those who do not see the drawing."""
        return ", ".join(f"{s.name} {s.count}" for s in self.shapes) + "."


def denmark(counts: dict[str, int], geography: Geography) -> Map:
    """Today's regions shaded by `counts` (region code → number); a region without a drawing is left out."""
    paths = coarse.data("region_paths.json")
    drawn = paths["regions"]
    largest = max([counts.get(r.code, 0) for r in geography.regions_today()] or [0])
    shapes = []
    for region in geography.regions_today():
        if region.code not in drawn:
            continue
        count, shape = counts.get(region.code, 0), drawn[region.code]
        level = 0 if not count else 1 + round((len(SHADES) - 2) * count / largest)
        share = round(100 * count / largest, 1) if largest else 0.0
        shapes.append(
            RegionShape(region.code, region.short_name, shape["d"], shape["label"]["x"], shape["label"]["y"], count,
                        SHADES[level], share)
        )  # fmt: skip
    return Map(paths["view_box"], sorted(shapes, key=lambda s: -s.count))
