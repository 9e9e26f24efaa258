"""Places of the topic, as ``seeds/gazetteer.csv`` declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.lexicon import split_forms
from monitor.declarations import Table, read_rows
from monitor.items import Place

NAME_LANGUAGES = ("en", "ur", "ps", "fa", "hi")
COLUMNS = [
    "id",
    "name",
    "kind",
    "country",
    "admin1",
    "admin2",
    "lat",
    "lon",
    "geo_precision",
    "faces",
    "border",
    "names_en",
    "names_ur",
    "names_ps",
    "names_fa",
    "names_hi",
    "ambiguous",
    "context",
    "source",
    "note",
]
KINDS = frozenset(
    [
        "country",
        "capital",
        "line",
        "state",
        "province",
        "region",
        "agency",
        "district",
        "tehsil",
        "city",
        "town",
        "village",
        "camp",
        "post_area",
        "crossing",
        "river",
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class GazetteerPlace:
    """A place: where it is, what it lies in, what it faces across the line, and its names by language.

    ``ambiguous`` holds the languages in which its names also mean something else; there it counts only with
    one of ``context`` (folded), or a place that goes with it, in the same story.
    """

    id: str
    name: str
    kind: str
    countries: tuple[str, ...]
    admin1: tuple[str, ...]
    admin2: tuple[str, ...]
    lat: float | None
    lon: float | None
    geo_precision: int | None
    faces: str
    border: bool
    names: Mapping[str, tuple[str, ...]]
    ambiguous: frozenset[str]
    context: tuple[str, ...]

    def item(self) -> Place:
        """The place as it is stored with a story."""
        return Place(
            name=self.name,
            admin1="; ".join(self.admin1) or None,
            country=",".join(self.countries) or None,
            lat=self.lat,
            lon=self.lon,
            geo_precision=self.geo_precision,
            id=self.id,
        )


def load_gazetteer(path: Path) -> list[GazetteerPlace]:
    """All places of the gazetteer; raises SeedsError naming file, line and field."""
    seen: dict[str, Table] = {}
    places = []
    for row in read_rows(path, COLUMNS):
        place = _place(row)
        if place.id in seen:
            raise row.error("id", f"{place.id!r} stands already on line {seen[place.id].line}")
        seen[place.id] = row
        places.append(place)
    for place in places:
        if place.faces and place.faces not in seen:
            raise seen[place.id].error("faces", f"{place.faces!r} is the id of no place")
    return places


def _place(row: Table) -> GazetteerPlace:
    data: dict[str, str] = row.data
    if not data["id"] or not data["name"]:
        raise row.error("id" if not data["id"] else "name", "is missing")
    if data["kind"] not in KINDS:
        raise row.error("kind", f"{data['kind']!r} is not one of {', '.join(sorted(KINDS))}")
    if data["border"] not in ("", "yes"):
        raise row.error("border", f"must be yes or empty, not {data['border']!r}")
    return GazetteerPlace(
        id=data["id"],
        name=data["name"],
        kind=data["kind"],
        countries=tuple(code.strip() for code in data["country"].split(",") if code.strip()),
        admin1=_several(data["admin1"]),
        admin2=_several(data["admin2"]),
        lat=_degrees(row, "lat", 90),
        lon=_degrees(row, "lon", 180),
        geo_precision=_precision(row),
        faces=data["faces"],
        border=data["border"] == "yes",
        names={code: names for code in NAME_LANGUAGES if (names := split_forms(data[f"names_{code}"]))},
        ambiguous=_ambiguous(row),
        context=split_forms(data["context"]),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _degrees(row: Table, name: str, limit: int) -> float | None:
    text = row.data[name]
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise row.error(name, f"must be a number of degrees, not {text!r}") from None
    if not -limit <= value <= limit:
        raise row.error(name, f"must lie between -{limit} and {limit}, not {text}")
    return value


def _precision(row: Table) -> int | None:
    text = row.data["geo_precision"]
    if text not in ("", "1", "2", "3"):
        raise row.error("geo_precision", f"must be 1 (exact), 2 (district), 3 (province) or empty, not {text!r}")
    return int(text) if text else None


def _ambiguous(row: Table) -> frozenset[str]:
    text = row.data["ambiguous"]
    codes: Iterable[str] = NAME_LANGUAGES if text == "all" else text.split()
    for code in codes:
        if code not in NAME_LANGUAGES:
            raise row.error("ambiguous", f"{code!r} is not all, empty, or some of {' '.join(NAME_LANGUAGES)}")
    return frozenset(codes)
