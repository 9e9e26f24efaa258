"""Stories and incidents as GeoJSON (RFC 7946): a point only where something is known to have happened there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# How far a place's coordinates say where something happened, by geo_precision (ACLED's scale).
EXTENTS = {1: "point", 2: "district", 3: "province"}
_LISTS = ("text", "places", "key_points", "claims", "keywords", "lat", "lon", "geo_precision")


def feature(record: Mapping[str, Any]) -> dict[str, Any]:
    """A story's or an incident's record as a feature: a Point at its most exact place, by rank.

    A province or a country is an area: then the geometry is null, so that no map shows a false point, and ``extent``
    and ``place`` say which area it is. All places, with the coordinates of their middles, are in ``places``.
    """
    place = located(record["places"])
    precision = place.get("geo_precision") if place else None
    point = place if place and precision in (1, 2) else None
    properties = {key: value for key, value in record.items() if key not in _LISTS}
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]} if point else None,
        "properties": {
            **properties,
            "place": place["name"] if place else None,
            "geo_precision": precision,
            "extent": EXTENTS.get(precision or 0, "unknown"),
            "places": [dict(one) for one in record["places"]],
        },
    }


def located(places: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The place to show: the first of the most exact ones that have coordinates, else the first of all."""
    known = [place for place in places if place["lat"] is not None and place["lon"] is not None]
    exact = sorted(known, key=lambda place: place["geo_precision"] or 9)
    return exact[0] if exact else places[0] if places else None
