"""What flows through the crawler: a Page as fetched, a Story as understood, and the values on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

Precision = Literal["minute", "day", "unknown"]

EVENT_TYPES = frozenset(
    "armed_clash shelling air_strike drone_strike infiltration attack ied crossing_closed talks ceasefire"
    " statement other".split()
)


def isoformat(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a ``Z``, seconds resolution; None stays None. Naive times are a programming error."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None) -> datetime | None:
    """The time that ``isoformat`` wrote."""
    return None if text is None else datetime.fromisoformat(text)


@dataclass(slots=True)
class Page:
    """A page as fetched by a spider, with what the feed said about it. ``body`` is the undecoded response."""

    url: str
    source: str
    body: bytes = field(repr=False)
    fetched_at: datetime
    encoding: str | None = None
    listing_url: str = ""  # key of the page in the ledger: the canonical form of the link that was listed
    recheck: str | None = None  # id of the stored story whose page this is again
    feed_title: str | None = None
    feed_summary: str | None = field(default=None, repr=False)
    feed_published_at: datetime | None = None
    feed_published_precision: Precision = "unknown"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A tag in its canonical English form, its category, and how often the story has it in any spelling."""

    keyword: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer place found in a story. ``geo_precision``: 1 exact, 2 district, 3 province (ACLED); None no point."""

    name: str
    admin1: str | None
    country: str | None
    lat: float | None
    lon: float | None
    geo_precision: int | None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one story says about losses: whose, how many, who says so, in which sentence.

    ``start`` and ``end`` are character offsets of ``quote`` in the story's ``text`` (title claims: -1, -1).
    """

    claimant: str
    speaker: str | None
    party: str
    outcome: str
    what: str | None
    count_low: int | None
    count_high: int | None
    qualifier: str
    stance: str
    quote: str
    start: int
    end: int


@dataclass(slots=True)
class Story:
    """A story as understood; exports as the record of the documentation (see ``record``)."""

    url: str
    canonical_url: str
    source: str
    title: str
    text: str = field(repr=False)
    fetched_at: datetime
    byline: str | None = None
    language: str = "und"
    variant: str | None = None
    summary: str | None = field(default=None, repr=False)
    published_at: datetime | None = None
    published_precision: Precision = "unknown"
    page_sha256: str | None = field(default=None, repr=False)
    relevance: float = 0.0
    relevant: bool = False
    event_type: str = "other"
    is_clash: bool = False
    event_date: date | None = None
    event_date_end: date | None = None
    time_precision: str = "unknown"
    partial_date: str | None = None
    key_points: list[str] = field(default_factory=list, repr=False)
    keywords: list[Keyword] = field(default_factory=list, repr=False)
    places: list[Place] = field(default_factory=list, repr=False)
    actors: list[str] = field(default_factory=list, repr=False)
    claims: list[Claim] = field(default_factory=list, repr=False)
    duplicate_of: str | None = None
    origin: str | None = None
    incident_id: str | None = None
    revision: int = 1
    id: str = ""
    evidence: list[dict[str, Any]] = field(default_factory=list, repr=False)
    # Working values of the pipelines; not part of the record.
    html_language: str | None = field(default=None, repr=False, compare=False)
    highlights: tuple[str, ...] = field(default=(), repr=False, compare=False)
    listing_url: str = field(default="", repr=False, compare=False)
    recheck: str | None = field(default=None, repr=False, compare=False)
    bands: list[int] = field(default_factory=list, repr=False, compare=False)
    packed: bytes | None = field(default=None, repr=False, compare=False)  # its page, ready for the archive
    reading: Any = field(default=None, repr=False, compare=False)
    analysed: bool = field(default=False, repr=False, compare=False)  # by the process that read its page

    def record(self) -> dict[str, Any]:
        """The story as one JSON-ready object with the documented fields in the documented order."""
        return {
            "id": self.id,
            "url": self.url,
            "canonical_url": self.canonical_url,
            "source": self.source,
            "title": self.title,
            "key_points": list(self.key_points),
            "text": self.text,
            "byline": self.byline,
            "language": self.language,
            "variant": self.variant,
            "published_at": _published(self.published_at, self.published_precision),
            "published_precision": self.published_precision,
            "fetched_at": isoformat(self.fetched_at),
            "relevance": round(self.relevance, 3),
            "relevant": self.relevant,
            "event_type": self.event_type,
            "is_clash": self.is_clash,
            "event_date": self.event_date.isoformat() if self.event_date else None,
            "event_date_end": self.event_date_end.isoformat() if self.event_date_end else None,
            "time_precision": self.time_precision,
            "keywords": [asdict(keyword) for keyword in self.keywords],
            "places": [_place_record(place) for place in self.places],
            "actors": list(self.actors),
            "claims": [asdict(claim) for claim in self.claims],
            "duplicate_of": self.duplicate_of,
            "origin": self.origin,
            "incident_id": self.incident_id,
            "revision": self.revision,
            "page_sha256": self.page_sha256,
        }


def _published(moment: datetime | None, precision: Precision) -> str | None:
    return None if precision == "unknown" else isoformat(moment)


def _place_record(place: Place) -> dict[str, Any]:
    record = asdict(place)
    del record["id"]
    return record
