"""Read a GeoJSON file of official municipal boundaries, and say in one line what is wrong with one that will not do.

Nothing here touches the database: bytes in, one area for each municipality out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.validation import explain_validity

MAX_BYTES = 60_000_000
"""Some 2 million points. The country at 1:10,000 is larger; nobody sees the difference on a map of it all."""

CODE_NAMES = (
    *(
        "kommunekode",
        "komkode",
        "kommunenr",
        "kommune_kode",
        "kom_kode",
        "municipality_code",
        "municipalitycode",
    ),
    *(
        "lau_1",
        "lau1",
        "lau_id",
        "lau_code",
        "lau",
        "gisco_id",
        "nationalcode",
        "national_code",
        "code",
        "kode",
        "id",
    ),
)
"""What files in the wild call the code, in lower case; the first that a feature has counts."""

CHRISTIANSOE = "0411"
DENMARK = (7.5, 54.3, 15.7, 58.1)  # west, south, east, north, with some sea
SAME_SHARE = 0.01  # areas that share more than this much of the smaller one are not neighbours
SQUEEZE = math.cos(math.radians(56))
SEAT_OFF = 0.03  # degrees of latitude, some 3 km: a coarse file may put a harbour town in the water

Rings = list[list[tuple[float, float]]]


class BoundaryFileError(ValueError):
    """The file will not do; the message is one line of Danish that says where and why."""


@dataclass
class Boundaries:
    """What a file holds: one MultiPolygon for each municipality's code, and notes to the operator."""

    areas: dict[str, shapely.MultiPolygon] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(content: bytes, seats: Mapping[str, tuple[str, float, float]]) -> Boundaries:
    """Return the boundaries of all municipalities in `seats` (code → name of the seat, latitude, longitude).

    Raises BoundaryFileError at the first thing that is wrong.
    """
    found = Boundaries()
    parts: dict[str, list[tuple[str, shapely.Polygon]]] = {}
    for number, feature in enumerate(_features(content), start=1):
        name = _("Område nr. %(number)d") % {"number": number}
        code = _code(feature, name)
        name = _("Område nr. %(number)d (kommune %(code)s)") % {"number": number, "code": code}
        if code == CHRISTIANSOE:
            found.notes.append(
                _("%(feature)s er Christiansø, som ligger uden for kommunerne: sprunget over.")
                % {"feature": name}
            )
            continue
        if code not in seats:
            raise BoundaryFileError(
                _("%(feature)s: Koden er ikke en af de %(count)d kommuners.")
                % {"feature": name, "count": len(seats)}
            )
        parts.setdefault(code, []).extend((name, polygon) for polygon in _polygons(feature, name))
    _all_there(parts, seats)
    for code, pieces in parts.items():
        found.areas[code] = _merged(pieces)
        _seat_inside(pieces[0][0], found.areas[code], seats[code])
    _apart(found.areas)
    return found


# --- the file ---------------------------------------------------------------------------------------------


def _features(content: bytes) -> list[Any]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BoundaryFileError(_("Filen er ikke tekst i UTF-8, så den er ikke GeoJSON.")) from error
    except (ValueError, RecursionError) as error:
        raise BoundaryFileError(
            _("Filen er ikke gyldig JSON: %(why)s.") % {"why": _json_fault(error)}
        ) from error
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "Topology":
        raise BoundaryFileError(_("Filen er TopoJSON. Lav den om til GeoJSON, og prøv igen."))
    if kind != "FeatureCollection" or not isinstance(data.get("features"), list):
        raise BoundaryFileError(_("Filen er ikke GeoJSON med områder (en FeatureCollection)."))
    if not data["features"]:
        raise BoundaryFileError(_("Filen har ingen områder."))
    _coordinate_system(data.get("crs"))
    features: list[Any] = data["features"]
    return features


def _json_fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("fejl i linje %(line)d, tegn %(column)d") % {"line": error.lineno, "column": error.colno}
    return (
        _("der er for mange lag inden i hinanden")
        if isinstance(error, RecursionError)
        else _("et tal kan ikke læses")
    )


def _coordinate_system(crs: Any) -> None:
    """Refuse a file that says it is not in longitude and latitude. GeoJSON of today says nothing (RFC 7946)."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not any(
        known in name.upper() for known in ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4258", "EPSG:4258")
    ):
        raise BoundaryFileError(
            _("Filen er i koordinatsystemet »%(name)s«. Hent den i WGS 84 (EPSG:4326), eller lav den om.")
            % {"name": name[:60]}
        )


def _code(feature: Any, name: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise BoundaryFileError(_("%(feature)s har ingen egenskaber (properties).") % {"feature": name})
    known = {str(key).lower(): value for key, value in properties.items()}
    for key in CODE_NAMES:
        if known.get(key) not in (None, ""):
            return _four_digits(known[key], name)
    raise BoundaryFileError(
        _("%(feature)s har ingen kommunekode (f.eks. egenskaben »kommunekode«).") % {"feature": name}
    )


def _four_digits(value: Any, name: str) -> str:
    """Return 101, "101", "0101", 101.0 and "DK_101" as "0101"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = (
        "" if isinstance(value, bool) else str(value).strip().upper().removeprefix("DK_").removeprefix("DK")
    )
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise BoundaryFileError(
            _("%(feature)s: »%(value)s« er ikke en kommunekode på fire cifre.")
            % {"feature": name, "value": " ".join(str(value).split())[:40]}
        )
    return text.zfill(4)


# --- one feature ------------------------------------------------------------------------------------------


def _polygons(feature: dict[str, Any], name: str) -> Iterator[shapely.Polygon]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        what = kind if isinstance(kind, str) else _("ingen form")
        raise BoundaryFileError(
            _("%(feature)s er ikke en flade (Polygon eller MultiPolygon), men %(kind)s.")
            % {"feature": name, "kind": what[:40]}
        )
    coordinates = geometry.get("coordinates")
    groups = coordinates if kind == "MultiPolygon" else [coordinates]
    if not isinstance(groups, list) or not groups or not all(isinstance(g, list) and g for g in groups):
        raise BoundaryFileError(_("%(feature)s har ingen koordinater.") % {"feature": name})
    for group in groups:
        shell, *holes = [_ring(ring, name) for ring in group]
        polygon = shapely.Polygon(shell, holes)
        if not polygon.is_valid:
            raise BoundaryFileError(f"{name}: {_fault(polygon)}")
        yield polygon


def _ring(points: Any, name: str) -> list[tuple[float, float]]:
    if not isinstance(points, list):
        raise BoundaryFileError(_("%(feature)s: En ring er ikke en liste af punkter.") % {"feature": name})
    ring = [_point(point, name) for point in points]
    if len(ring) < 4:
        raise BoundaryFileError(_("%(feature)s: En ring har færre end fire punkter.") % {"feature": name})
    if ring[0] != ring[-1]:
        raise BoundaryFileError(
            _("%(feature)s: En ring er ikke lukket; den begynder i %(first)s og ender i %(last)s.")
            % {"feature": name, "first": _spot(*ring[0]), "last": _spot(*ring[-1])}
        )
    return ring


def _point(point: Any, name: str) -> tuple[float, float]:
    try:
        x, y = point[:2]
        if type(x) not in (int, float) or type(y) not in (int, float):
            raise TypeError
        lng, lat = float(x), float(y)
    except (TypeError, ValueError, OverflowError, KeyError) as error:
        raise BoundaryFileError(_("%(feature)s: Et punkt er ikke to tal.") % {"feature": name}) from error
    west, south, east, north = DENMARK
    if west <= lng <= east and south <= lat <= north:
        return lng, lat
    if not (math.isfinite(lng) and math.isfinite(lat)):
        raise BoundaryFileError(
            _("%(feature)s: Et punkt er ikke et tal (NaN eller uendelig).") % {"feature": name}
        )
    if abs(lng) > 180 or abs(lat) > 90:
        raise BoundaryFileError(
            _(
                "%(feature)s: Punktet %(x)s, %(y)s er i meter (UTM) og ikke i grader. Hent filen i WGS 84 (EPSG:4326)."
            )
            % {"feature": name, "x": f"{lng:.10g}", "y": f"{lat:.10g}"}
        )
    if west <= lat <= east and south <= lng <= north:
        raise BoundaryFileError(
            _("%(feature)s: Længde og bredde er byttet om i %(spot)s; GeoJSON har længden først.")
            % {"feature": name, "spot": _spot(lng, lat)}
        )
    raise BoundaryFileError(
        _("%(feature)s: Punktet %(spot)s ligger uden for Danmark.")
        % {"feature": name, "spot": _spot(lng, lat)}
    )


def _spot(lng: float, lat: float) -> str:
    return f"{lng:.6g}, {lat:.6g}"


def _fault(area: shapely.Geometry) -> str:
    """What GEOS says is wrong, in Danish, with the spot."""
    why, _bracket, spot = explain_validity(area).partition("[")
    said = {
        "Self-intersection": _("Grænsen krydser sig selv"),
        "Ring Self-intersection": _("Grænsen rører sig selv"),
        "Hole lies outside shell": _("Et hul ligger uden for fladen"),
        "Holes are nested": _("Et hul ligger inde i et andet"),
        "Interior is disconnected": _("Huller deler fladen i to"),
        "Duplicate Rings": _("Den samme ring står to gange"),
        "Too few points in geometry component": _("En ring har for få forskellige punkter"),
    }.get(why.strip(), _("Fladen er ikke gyldig"))
    spot = ", ".join(spot.rstrip("]").split())
    return _("%(fault)s ved %(spot)s.") % {"fault": said, "spot": spot} if spot else f"{said}."


# --- all of them ------------------------------------------------------------------------------------------


def _all_there(parts: Mapping[str, Any], seats: Mapping[str, Any]) -> None:
    missing = sorted(set(seats) - set(parts))
    if missing:
        first = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise BoundaryFileError(
            _("Filen mangler %(count)d af de %(all)d kommuner: %(codes)s.")
            % {"count": len(missing), "all": len(seats), "codes": first}
        )


def _shared(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """How much of the smaller area lies in the larger, 0–1."""
    if not one.intersects(other):
        return 0.0
    return float(one.intersection(other).area / min(one.area, other.area))


def _merged(pieces: list[tuple[str, shapely.Polygon]]) -> shapely.MultiPolygon:
    """One area of all pieces of a municipality. The same piece twice is a mistake, pieces that touch are not."""
    tree = shapely.STRtree([polygon for _name, polygon in pieces])
    for index, (name, polygon) in enumerate(pieces):
        for other in tree.query(polygon, predicate="intersects"):
            if other > index and _shared(polygon, pieces[other][1]) > SAME_SHARE:
                raise BoundaryFileError(
                    _("%(feature)s: Kommunens område står to gange (også i %(other)s).")
                    % {"feature": pieces[other][0], "other": name}
                )
    if len(pieces) == 1:
        return shapely.MultiPolygon([pieces[0][1]])
    whole = shapely.union_all([polygon for _name, polygon in pieces])
    return shapely.MultiPolygon(list(_flat(whole)))


def _flat(area: shapely.Geometry) -> Iterable[shapely.Polygon]:
    return [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]


def _seat_inside(name: str, area: shapely.MultiPolygon, seat: tuple[str, float, float]) -> None:
    """The town hall's town lies in its municipality, or else codes and areas have been mixed up."""
    town, lat, lng = seat
    scaled = shapely.transform(area, lambda points: points * [SQUEEZE, 1.0])
    if scaled.distance(shapely.Point(lng * SQUEEZE, lat)) > SEAT_OFF:
        raise BoundaryFileError(
            _("%(feature)s: Kommunens hovedsæde, %(town)s, ligger ikke i området. Passer koderne?")
            % {"feature": name, "town": town}
        )


def _apart(areas: Mapping[str, shapely.MultiPolygon]) -> None:
    """Two municipalities have no land in common, but a coarse file may let them overlap a little."""
    codes = list(areas)
    tree = shapely.STRtree([areas[code] for code in codes])
    for here, code in enumerate(codes):
        for there in tree.query(areas[code], predicate="intersects"):
            if there > here and _shared(areas[code], areas[codes[there]]) > SAME_SHARE:
                raise BoundaryFileError(
                    _("Kommunerne %(one)s og %(other)s ligger oven i hinanden.")
                    % {"one": code, "other": codes[there]}
                )
