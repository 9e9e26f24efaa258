"""How places lie to each other: one inside the other, facing each other across the line, near, or far apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from monitor.analysis.gazetteer import GazetteerPlace

_EARTH_KM = 6371.0
# Straight-line distances, in kilometres, that count as the same spot, as near, and as somewhere else.
_SAME_SPOT_KM, _NEAR_KM, _ELSEWHERE_KM = 12.0, 35.0, 80.0
# Kinds of places that say nothing of where along the line something happened.
_EVERYWHERE = frozenset({"country", "line"})
# A place known no better than its province (3 on ACLED's scale of geo_precision) is an area.
_DISTRICT = 2
# Places that are less related than this are two places; others lie inside or face each other, or are one.
_BESIDE = 0.3


class Ground:
    """The places of a gazetteer, and how any two of them relate; answers are kept.

    A relation is a number from -1 (elsewhere) to 1 (the same spot); 0 says nothing either way.
    """

    def __init__(self, places: Mapping[str, GazetteerPlace]) -> None:
        self.places = places
        self.related = lru_cache(maxsize=65536)(self._related)

    def is_line(self, place: str) -> bool:
        """Whether ``place`` is the line itself."""
        return place in self.places and self.places[place].kind == "line"

    def telling(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of ``ids`` that are a spot or an area on the ground: no whole country, and not the whole line."""
        return tuple(i for i in ids if i in self.places and self.places[i].kind not in _EVERYWHERE)

    def spots(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of ``ids`` no larger than a district."""
        return tuple(i for i in self.telling(ids) if not _is_area(self.places[i]))

    def at_the_line(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of ``ids`` that lie at the line."""
        return tuple(i for i in ids if i in self.places and self.places[i].border)

    def spread(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Places among ``ids`` that all lie elsewhere from one another, as many as are found going through them."""
        found: list[str] = []
        for place in ids:
            if all(self.related(place, other) < 0 for other in found):
                found.append(place)
        return tuple(found)

    def nearest(self, first: Sequence[str], second: Sequence[str]) -> tuple[float, str, str]:
        """The closest relation between a place of ``first`` and one of ``second`` (neither empty), and the two."""
        return max((self.related(a, b), a, b) for a in first for b in second)

    def agreeing(self, first: Sequence[str], second: Sequence[str], but: Sequence[str]) -> dict[str, float]:
        """Places that both name besides ``but``, none inside or facing another, and how well each is known (0 to 1)."""
        found: dict[str, float] = {}
        for place in dict.fromkeys(first):
            others = (*but, *found)
            if place in second and all(place != other and self.related(place, other) < _BESIDE for other in others):
                found[place] = self.related(place, place)
        return found

    def _related(self, first: str, second: str) -> float:
        a, b = self.places[first], self.places[second]
        area = _is_area(a) or _is_area(b)
        if first == second:
            return 0.45 if area else 1.0
        if _is_inside(a, b) or _is_inside(b, a):
            return 0.3 if area else 0.9
        if b.id == a.faces or a.id == b.faces:
            return 0.35 if area else 0.8
        if not area and set(a.countries) & set(b.countries) and set(a.admin2) & set(b.admin2):
            return 0.7
        distance = kilometres(a, b)
        if distance is None:
            return 0.0
        if distance <= _SAME_SPOT_KM:
            return 0.3 if area else 0.8
        if distance <= _NEAR_KM:
            return 0.2 if area else 0.5
        if set(a.admin1) & set(b.admin1) and (area or distance <= _ELSEWHERE_KM):
            return 0.0
        return -1.0 if distance > _ELSEWHERE_KM * (2 if area else 1) else -0.3


def _is_area(place: GazetteerPlace) -> bool:
    return place.geo_precision is None or place.geo_precision > _DISTRICT


def _is_inside(inner: GazetteerPlace, outer: GazetteerPlace) -> bool:
    """Whether ``inner`` lies in ``outer`` by the names of its province and district."""
    if not set(inner.countries) & set(outer.countries):
        return False
    if outer.kind in ("province", "state"):
        return bool(set(outer.admin1) & set(inner.admin1))
    return outer.kind in ("district", "agency") and outer.name in inner.admin2


def kilometres(a: GazetteerPlace, b: GazetteerPlace) -> float | None:
    """Great-circle distance by the haversine formula, in kilometres; None where a place has no point."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
